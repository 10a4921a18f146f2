variable "breaker" {
  default = {
    enable   = false
    rollback = false
  }
}
resource "aws_ecs_service" "x" {
  name = "x"
  deployment_circuit_breaker {
    enable   = var.breaker.enable
    rollback = var.breaker.rollback
  }
}
