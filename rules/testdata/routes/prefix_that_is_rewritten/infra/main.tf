resource "aws_lb" "web" {
  load_balancer_type = "application"
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.page.arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
  condition {
    path_pattern {
      values = ["/auth/*"]
    }
  }
}

resource "aws_service_discovery_private_dns_namespace" "shop" {
  name = "shop.internal"
  vpc  = "vpc-1"
}

resource "aws_service_discovery_service" "api" {
  name = "api"
  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.shop.id
    dns_records {
      ttl  = 10
      type = "A"
    }
  }
}

resource "aws_lb_target_group" "page" {
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_ecs_task_definition" "page" {
  family = "page"
  container_definitions = jsonencode([{
    name         = "page"
    image        = "registry.example.org/shop/page:1.4.2"
    portMappings = [{ containerPort = 80 }]
  }])
}

resource "aws_ecs_service" "page" {
  name            = "page"
  task_definition = aws_ecs_task_definition.page.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.page.arn
    container_name   = "page"
    container_port   = 80
  }
}

resource "aws_lb_target_group" "api" {
  port        = 4000
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name         = "api"
    image        = "registry.example.org/shop/api:1.4.2"
    portMappings = [{ containerPort = 4000 }]
  }])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = aws_ecs_task_definition.api.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 4000
  }
  service_registries {
    registry_arn = aws_service_discovery_service.api.arn
  }
}
