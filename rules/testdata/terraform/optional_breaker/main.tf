variable "breaker" {
  default = null
}
resource "aws_ecs_service" "x" {
  name = "x"
  dynamic "deployment_circuit_breaker" {
    for_each = var.breaker[*]
    content {
      enable   = true
      rollback = true
    }
  }
}
