variable "REGISTRIES" {
  default = ["r.io", "ghcr.io/acme"]
}

variable "TAG" {
  default = "latest"
}

variable "SUFFIX" {
  default = null
}

function "versioned" {
  params = [name]
  result = "${name}:1.4.2"
}

target "api" {
  matrix = {
    item = [{ name = "prod", base = "alpine" }, { name = "dev", base = "debian" }]
  }
  target = item.name == "prod" ? "run" : "watch"
  args   = { BASE = upper(item.base) }
  tags   = formatlist("%s/api-${item.name}:%s", REGISTRIES, TAG)
}

target "web" {
  tags = concat(
    [for registry in REGISTRIES : join(":", [registry, lower("WEB")]) if registry != "r.io"],
    TAG == "latest" ? ["stable"] : ["edge"],
    [equal(TAG, "x") ? "one" : "other", SUFFIX, versioned("own"), "at-${timestamp()}"],
  )
}
