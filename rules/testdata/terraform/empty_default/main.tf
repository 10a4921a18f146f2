variable "repo" {
  default = ""
}
resource "aws_ecs_task_definition" "a" {
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "${var.repo}:latest" }])
}
