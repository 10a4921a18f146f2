target "a" {
  tags   = ["acme/a:latest"]
  output = ["type=registry"]
}
