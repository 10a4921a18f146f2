resource "aws_ecr_repository" "this" {
  name = "web"
  image_tag_mutability = "IMMUTABLE"
}
output "url" {
  value = aws_ecr_repository.this.repository_url
}
