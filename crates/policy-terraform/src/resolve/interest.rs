//! Which types of resources are evaluated: those that a rule may look at. The others are evaluated where something
//! refers to them.

/// What the types begin with.
const PREFIXES: [&str; 33] = [
    "aws_alb",
    "aws_appautoscaling_",
    "aws_apprunner_",
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
    "aws_spot_instance_request",
    "aws_subnet",
    "aws_vpc_security_group_",
    "azurerm_container_",
    "azurerm_linux_virtual_machine",
    "cloudinit_config",
    "digitalocean_droplet",
    "docker_",
    "google_cloud_run_",
    "google_compute_instance",
    "hcloud_server",
    "helm_release",
    "kubernetes_",
    "null_resource",
    "template_cloudinit_config",
    "terraform_data",
];

/// Whether resources and data sources of this type are evaluated.
pub(super) fn is_of_interest(kind: &str) -> bool {
    PREFIXES.iter().any(|prefix| kind.starts_with(prefix))
}
