locals {
  # (see
  # there)
  a = [ # note
    1
  ]
  f = {
    for k, v in { x = 0 } :
    # why
    k => v == 0
    ? 0
    : 2
  }
}
resource "aws_cloudwatch_log_group" "x" {
  retention_in_days = local.f.x
}
