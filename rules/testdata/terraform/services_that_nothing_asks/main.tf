variable "target_group" {
  default = null
}

resource "aws_ecs_task_definition" "orders" {
  family = "orders"
  container_definitions = jsonencode([{
    name         = "orders"
    image        = "registry.example.com/orders:1"
    portMappings = [{ containerPort = 8080 }]
  }])
}

resource "aws_ecs_task_definition" "proxy" {
  family = "proxy"
  container_definitions = jsonencode([{
    name         = "proxy"
    image        = "nginx:1.27"
    portMappings = [{ containerPort = 80 }]
  }])
}

resource "aws_ecs_service" "orders" {
  name            = "orders"
  task_definition = aws_ecs_task_definition.orders.arn
}

resource "aws_ecs_service" "proxy" {
  name            = "proxy"
  task_definition = aws_ecs_task_definition.proxy.arn
}

resource "aws_ecs_service" "connected" {
  name            = "connected"
  task_definition = aws_ecs_task_definition.orders.arn

  service_connect_configuration {
    enabled = true
  }
}

resource "aws_ecs_service" "perhaps_balanced" {
  name            = "perhaps-balanced"
  task_definition = aws_ecs_task_definition.orders.arn

  dynamic "load_balancer" {
    for_each = var.target_group == null ? [] : [1]
    content {
      target_group_arn = var.target_group
      container_name   = "orders"
      container_port   = 8080
    }
  }
}
