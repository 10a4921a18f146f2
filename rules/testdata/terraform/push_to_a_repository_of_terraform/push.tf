resource "null_resource" "push" {
  provisioner "local-exec" {
    command = "docker push ${aws_ecr_repository.web.repository_url}:latest"
  }
}
