variable "agent" {
  type = bool
}
locals {
  app   = jsonencode({ name = "app", image = "r.io/app:latest" })
  agent = jsonencode({ name = "agent", image = "r.io/agent:latest" })
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = var.agent ? "[${local.app}, ${local.agent}]" : "[${local.app}]"
}
