resource "null_resource" "x" {
  provisioner "local-exec" { command = "docker run a/tool && docker push a/web:latest" }
  provisioner "remote-exec" { inline = ["docker run -d a/web:latest"] }
}
