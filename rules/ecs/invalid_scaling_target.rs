//! A scaling target that names no service as AWS does.

use policy_core::finding::{Finding, Label};
use policy_core::model::scaling_target::ScalingTarget;
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Origin, Text};

/// What can be scaled of a service.
const DIMENSION: &str = "ecs:service:DesiredCount";

/// How a service is named.
const FORM: &str = "service/<cluster>/<service>";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .each_root(|root| root.scaling_targets.iter().flat_map(|target| invalid(context, target)).collect())
}

fn invalid(context: &Context<'_>, target: &ScalingTarget) -> Vec<Finding> {
    if target.namespace.known().is_none_or(|namespace| namespace != "ecs") {
        return Vec::new();
    }
    of_resource(context, target).into_iter().chain(of_dimension(target)).collect()
}

fn of_resource(context: &Context<'_>, target: &ScalingTarget) -> Option<Finding> {
    let (resource, at) = target.resource.as_ref()?;
    let (label, why) = match arn_in(resource, *at, context) {
        Some(arn) => (format!("`{arn}` is an ARN"), "it contains an ARN instead of a name".to_owned()),
        None if is_wrong(resource) => {
            ("this is not the name of a service".to_owned(), format!("it is not `{FORM}`"))
        }
        None => return None,
    };
    let message = format!("`{}` has a `resource_id` that AWS rejects: {why}", target.name);
    Some(Finding::new(message, Label::new(*at, label)).help(format!(
        "write `{FORM}` with the names of the cluster and the service: `service/${{aws_ecs_cluster.main.name}}/${{aws_ecs_service.web.name}}`"
    )))
}

/// The attribute that it is put together with as it is, and that is an ARN. What a function takes out of one may be a name.
fn arn_in<'r>(resource: &'r Text, at: Span, context: &Context<'_>) -> Option<&'r str> {
    if context.text(at.file)?.slice(at.range()).contains('(') {
        return None;
    }
    resource.holes().find_map(|hole| {
        let Origin::Cloud(attribute) = &hole.origin else { return None };
        let is_ecs = ["aws_ecs_cluster.", "aws_ecs_service."].iter().any(|kind| attribute.starts_with(kind));
        let is_arn = attribute.ends_with(".id") || attribute.ends_with(".arn");
        let is_put_in = hole.at.is_within(at) || is_whole_value(hole.at, context);
        (is_ecs && is_arn && is_put_in).then_some(attribute.as_ref())
    })
}

/// Whether what stands at a place refers to something, and is all that a module or an output is given.
fn is_whole_value(at: Span, context: &Context<'_>) -> bool {
    let Some(text) = context.text(at.file) else { return false };
    let (before, behind) = (text.slice(0..at.start as usize), text.slice(at.end as usize..usize::MAX));
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    text.slice(at.range()).chars().all(is_part)
        && before.trim_end_matches([' ', '\t']).ends_with('=')
        && behind.trim_start_matches([' ', '\t', '\r']).starts_with(['\n', '}', '#'])
}

/// Whether what is known of it does not fit.
fn is_wrong(resource: &Text) -> bool {
    let Some(known) = resource.known() else {
        let prefix = resource.known_prefix();
        return !prefix.is_empty() && !prefix.starts_with("service/") && !"service/".starts_with(&prefix);
    };
    let parts: Vec<&str> = known.split('/').collect();
    !matches!(parts.as_slice(), ["service", cluster, service] if !cluster.is_empty() && !service.is_empty())
}

fn of_dimension(target: &ScalingTarget) -> Option<Finding> {
    let (dimension, from) = target.dimension.found()?;
    if dimension == DIMENSION {
        return None;
    }
    let message =
        format!("`{}` scales `{dimension}`, which an ECS service does not have: AWS rejects it", target.name);
    let finding = Finding::new(message, Label::new(from.at, "this is not a dimension of an ECS service"));
    Some(finding.help(format!("write `{DIMENSION}`")))
}
