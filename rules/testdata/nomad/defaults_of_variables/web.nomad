variable "tag" {
  default = "latest"
}
locals {
  image = "r.io/web:${var.tag}"
}
job "web" {
  group "web" {
    task "web" {
      driver = "docker"
      config {
        image = local.image
        ports = ["http"]
      }
    }
    task "side" {
      driver = "docker"
      config {
        image = "r.io/side:${var.version}"
      }
    }
    task "raw" {
      driver = "raw_exec"
      config {
        image = "x:latest"
      }
    }
  }
}
