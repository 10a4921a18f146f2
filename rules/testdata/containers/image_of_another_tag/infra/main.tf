resource "aws_ecr_repository" "app" {
  name = "acme-app"
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "${aws_ecr_repository.app.repository_url}:latest"
    healthCheck = { command = ["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"] }
  }])
}
