resource "aws_lb" "web" {
  load_balancer_type = "application"
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
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
      values = ["/api/*"]
    }
  }
}

resource "aws_lb_listener_rule" "page" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 20
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.page.arn
  }
  condition {
    path_pattern {
      values = ["/"]
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
  port        = 8000
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name         = "api"
    image        = "registry.example.org/shop/api:1.4.2"
    portMappings = [{ containerPort = 8000 }]
  }])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = aws_ecs_task_definition.api.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8000
  }
}
