variable "days" {
  default = 0
}
resource "aws_cloudwatch_log_group" "a" {
  retention_in_days = var.days
}
resource "aws_cloudwatch_log_group" "b" {
  retention_in_days = var.days
}
