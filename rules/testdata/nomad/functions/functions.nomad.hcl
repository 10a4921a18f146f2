variable "images" {
  default = { web = "web", worker = "worker" }
}

locals {
  registry = join("/", ["r.io", "acme"])
  full     = { for name, image in var.images : name => "${local.registry}/${image}:latest" }
}

job "shop" {
  group "shop" {
    task "web" {
      driver = "docker"
      config {
        image = local.full["web"]
      }
    }

    task "worker" {
      driver = "podman"
      config = {
        image = format("%s/%s:%s", local.registry, var.images.worker, var.version)
      }
    }

    task "meta" {
      driver = "docker"
      config {
        image = "${attr.driver.image}:${file("version")}"
      }
    }
  }
}
