data "aws_service_discovery_dns_namespace" "shared" {
  name = "shop.internal"
  type = "DNS_PRIVATE"
}

resource "aws_service_discovery_service" "users" {
  name = "users"

  dns_config {
    namespace_id = data.aws_service_discovery_dns_namespace.shared.id
  }
}

resource "aws_ecs_task_definition" "web" {
  family       = "web"
  network_mode = "awsvpc"

  container_definitions = jsonencode([{
    name  = "web"
    image = "example/web:1.4.2"
    environment = [
      { name = "ORDERS_URL", value = "http://orders.shop.internal:8080" },
      { name = "PAYMENTS_URL", value = "https://payments.example.com" },
    ]
  }])
}
