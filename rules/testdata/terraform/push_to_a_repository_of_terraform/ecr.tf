resource "aws_ecr_repository" "web" {
  name                 = "web"
  image_tag_mutability = "IMMUTABLE"
}
output "url" {
  value = aws_ecr_repository.web.repository_url
}
