resource "docker_image" "web" {
  name = "r.io/web:latest"
  build {
    context    = "${path.module}/../app"
    dockerfile = "prod.Dockerfile"
    target     = "run"
    build_args = { A = "1" }
  }
}
resource "docker_registry_image" "web" {
  name = docker_image.web.name
}
