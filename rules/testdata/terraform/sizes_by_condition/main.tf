variable "big" {}

resource "aws_ecs_task_definition" "no_units" {
  family                   = "no-units"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.big ? "600" : "300"
  memory                   = "1024"
  container_definitions    = "[]"
}

resource "aws_ecs_task_definition" "both_fit" {
  family                   = "both-fit"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.big ? "512" : "256"
  memory                   = var.big ? "1024" : "512"
  container_definitions    = "[]"
}

resource "aws_ecs_task_definition" "one_fits" {
  family                   = "one-fits"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = var.big ? "4096" : "512"
  container_definitions    = "[]"
}
