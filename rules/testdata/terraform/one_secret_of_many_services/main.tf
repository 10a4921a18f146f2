resource "aws_ecs_task_definition" "service" {
  for_each = toset(["orders", "users"])
  family   = each.key
  container_definitions = jsonencode([{
    name  = each.key
    image = "nginx:1.27"
    environment = [
      { name = "DB_PASSWORD", value = "w9Kx-hunter2" },
      { name = "JWT_SECRET", value = "q7Lm-hunter3" },
    ]
  }])
}
