resource "aws_instance" "m" {
  user_data = file("init.yml")
}
