variable "VERSION" {
  default = "1.4.2"
}

variable "IS_LATEST" {
  default = false
}

variable "PUSH" {
  default = "false"
}

target "web" {
  tags = [
    VERSION != "" ? "acme/web:${VERSION}" : "",
    IS_LATEST ? "acme/web:latest" : "",
  ]
  output = [PUSH == "true" ? "type=registry" : "type=docker"]
}
