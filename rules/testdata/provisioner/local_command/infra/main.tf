variable "tag" {
  default = "latest"
}
resource "null_resource" "push" {
  provisioner "local-exec" {
    environment = { NAME = "web" }
    command = <<-EOT
      docker build -t ${aws_ecr_repository.web.repository_url}:${var.tag} ${path.module}/../app
      docker push ${aws_ecr_repository.web.repository_url}:${var.tag}
      docker push r.io/$NAME:$(git rev-parse HEAD)
    EOT
  }
}
resource "aws_ecr_repository" "web" {
  name = "web"
}
