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
    target_group_arn = aws_lb_target_group.site.arn
  }
  condition {
    path_pattern {
      values = ["/admin/*"]
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

resource "aws_lb_target_group" "site" {
  port        = 8000
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_ecs_task_definition" "site" {
  family = "site"
  container_definitions = jsonencode([{
    name         = "site"
    image        = "registry.example.org/shop/site:1.4.2"
    portMappings = [{ containerPort = 8000 }]
  }])
}

resource "aws_ecs_service" "site" {
  name            = "site"
  task_definition = aws_ecs_task_definition.site.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.site.arn
    container_name   = "site"
    container_port   = 8000
  }
}
