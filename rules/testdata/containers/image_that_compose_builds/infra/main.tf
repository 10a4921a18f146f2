resource "aws_ecr_repository" "api" {
  name = "acme-api"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name        = "api"
    image       = "${aws_ecr_repository.api.repository_url}:1.2"
    healthCheck = { command = ["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"] }
  }])
}
