resource "aws_ecs_task_definition" "x" {
  family = "x"
  container_definitions = jsonencode([
    { name = "x", image = "x:1" }
  ])
}
resource "aws_ecs_service" "x" {
  task_definition = aws_ecs_task_definition.x.arn
  load_balancer {
    container_name = "x"
    container_port = 80
  }
}
