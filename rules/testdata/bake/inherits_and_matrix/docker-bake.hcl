variable "TAG" {
  default = "latest"
}
target "base" {
  context = "app"
  args    = { A = TAG }
}
target "web" {
  inherits = ["base"]
  matrix   = { kind = ["prod", "dev"] }
  name     = "web-${kind}"
  target   = kind
  contexts = { deps = "target:base" }
  tags     = ["r.io/web-${kind}:${TAG}"]
}
