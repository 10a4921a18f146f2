# The services of a page and its API, which tests of routes put behind their listeners.
resource "aws_ecs_task_definition" "page" {
  family = "page"
  container_definitions = jsonencode([{
    name         = "page"
    image        = "registry.example.org/shop/page:1"
    portMappings = [{ containerPort = 80 }]
  }])
}
resource "aws_ecs_service" "page" {
  task_definition = aws_ecs_task_definition.page.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.page.arn
    container_name   = "page"
    container_port   = 80
  }
}
resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name         = "api"
    image        = "registry.example.org/shop/api:1"
    portMappings = [{ containerPort = 8000 }]
  }])
}
resource "aws_ecs_service" "api" {
  task_definition = aws_ecs_task_definition.api.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8000
  }
}
