resource "aws_instance" "web" {
  user_data = <<-EOF
    #!/bin/bash
    docker run -d -p 80:80 r.io/web:latest
    cat > /srv/compose.yml <<'YAML'
    services:
      db:
        image: db:latest
    YAML
  EOF
  provisioner "remote-exec" {
    inline = ["sudo docker pull r.io/api:latest"]
  }
}
