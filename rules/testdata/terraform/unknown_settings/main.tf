variable "paths" {}
variable "rank" {}
variable "days" {}
resource "aws_lb_listener_rule" "x" {
  listener_arn = "arn:x"
  priority = var.rank
  condition {
    path_pattern {
      values = var.paths
    }
  }
}
resource "aws_cloudwatch_log_group" "x" {
  retention_in_days = var.days
}
