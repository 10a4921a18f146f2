resource "aws_ecr_repository" "report" {
  name = "acme-report"
}

resource "aws_ecs_task_definition" "report" {
  family                = "report"
  container_definitions = jsonencode([{ name = "report", image = "${aws_ecr_repository.report.repository_url}:latest" }])
}

resource "aws_cloudwatch_event_target" "report" {
  rule     = "nightly"
  arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/acme"
  role_arn = "arn:aws:iam::123456789012:role/events"
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.report.arn
  }
}

resource "aws_ecs_service" "report" {
  name            = "report"
  task_definition = aws_ecs_task_definition.report.arn
}
