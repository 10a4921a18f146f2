//! Which types of resources are evaluated: those that a rule may look at. The others are evaluated where something
//! refers to them.

/// What the types begin with.
const PREFIXES: [&str; 26] = [
    "aws_alb",
    "aws_apprunner_",
    "aws_appautoscaling_",
    "aws_batch_job_definition",
    "aws_cloudwatch_log_group",
    "aws_codebuild_project",
    "aws_codedeploy_",
    "aws_ecr",
    "aws_ecs_",
    "aws_instance",
    "aws_lambda_function",
    "aws_launch_",
    "aws_lb",
    "aws_lightsail_container_",
    "aws_route53_record",
    "aws_security_group",
    "aws_service_discovery_",
    "aws_subnet",
    "aws_vpc_security_group_",
    "azurerm_container_",
    "docker_",
    "google_cloud_run_",
    "helm_release",
    "kubernetes_",
    "null_resource",
    "terraform_data",
];

/// Whether resources and data sources of this type are evaluated.
pub(super) fn is_of_interest(kind: &str) -> bool {
    PREFIXES.iter().any(|prefix| kind.starts_with(prefix))
}
