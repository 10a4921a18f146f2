variable "tag" { default = "latest" }
resource "aws_launch_template" "m" {
  user_data = base64encode(templatefile("${path.module}/init.sh.tpl", { tag = var.tag, files = templatefile("compose.yml.tpl", { x = "prod" }) }))
}
