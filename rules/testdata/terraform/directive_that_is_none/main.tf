resource "aws_ecr_repository" "api" {
  name = "shop-api"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([{
    name  = "api"
    image = "${aws_ecr_repository.api.repository_url}:1.4.2"
    healthCheck = {
      command = ["CMD-SHELL", "curl -s -o /dev/null -w '%{http_code}' http://localhost:8080/ | grep -q 200"]
    }
  }])
}

locals {
  escaped = "curl -w '%%{http_code}'"
}
