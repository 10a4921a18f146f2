variable "repository_url" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = templatefile("${path.module}/task.json", { url = var.repository_url })
}
