resource "aws_s3_bucket" "page" {}

resource "aws_lb" "api" {
  load_balancer_type = "application"
}

resource "aws_cloudfront_distribution" "page" {
  enabled             = true
  default_root_object = "index.html"

  origin {
    domain_name = aws_s3_bucket.page.bucket_regional_domain_name
    origin_id   = "page"
  }
  origin {
    domain_name = aws_lb.api.dns_name
    origin_id   = "api"
  }

  default_cache_behavior {
    target_origin_id       = "page"
    viewer_protocol_policy = "redirect-to-https"
  }
}
