variable "tag" {
  default = "latest"
}
resource "aws_launch_template" "web" {
  user_data = base64encode(templatefile("${path.module}/init.sh.tpl", { tag = var.tag }))
}
