target "a" {
  tags = ["acme/a:latest"]
}
