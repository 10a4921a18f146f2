variable "TAG" {
  default = "latest"
}
target "a" {
  tags = ["acme/a:${TAG}"]
}
