locals {
  rules = {
    a = { p = 10 }
    b = { p = 10 }
    c = { p = 20 }
  }
}
resource "aws_lb_listener_rule" "x" {
  for_each     = local.rules
  listener_arn = "arn:x"
  priority     = each.value.p
}
