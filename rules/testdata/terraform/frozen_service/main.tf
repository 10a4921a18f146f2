resource "aws_ecs_task_definition" "x" {
  family = "x"
  container_definitions = jsonencode([{ name = "x", image = "r.io/x:1" }])
}
resource "aws_ecs_service" "x" {
  task_definition = aws_ecs_task_definition.x.arn
  lifecycle {
    ignore_changes = [task_definition]
  }
}
