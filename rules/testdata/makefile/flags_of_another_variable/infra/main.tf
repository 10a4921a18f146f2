variable "image_tag" {
  default = "latest"
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([{
    name  = "web"
    image = "registry.example.org/web:${var.image_tag}"
  }])
}
