variable "environment" {
  type = string
}

variable "tag" {
  type = string
}

locals {
  chosen = var.environment == "production" ? var.tag : "latest"
  stage  = var.environment == "production" ? "prod" : "dev"
}

module "web" {
  source          = "example/service/aws"
  container_image = "example/web:${local.chosen}"
}

module "api" {
  source          = "example/service/aws"
  container_image = "example/${local.stage}-api:latest"
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  package_type  = "Image"
  image_uri     = "example/mail:latest"
}
