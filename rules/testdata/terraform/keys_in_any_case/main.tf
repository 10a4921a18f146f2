resource "aws_ecs_task_definition" "x" {
  family = "x"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{
    Name = "x"
    Image = "r.io/x:latest"
    PortMappings = [{ ContainerPort = 8080, HostPort = 80 }]
  }])
}
