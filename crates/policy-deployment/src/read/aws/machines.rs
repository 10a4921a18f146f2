//! Auto Scaling groups and attachments, from Terraform: they register machines with target groups.

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::source::Span;

use crate::model::load_balancer::Machines;

const ATTACHMENTS: [&str; 2] = ["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"];

/// The types of resources that are read.
pub(super) const KINDS: [&str; 5] = [
    "aws_autoscaling_group",
    "aws_autoscaling_attachment",
    "aws_autoscaling_traffic_source_attachment",
    ATTACHMENTS[0],
    ATTACHMENTS[1],
];

/// What registers machines in a root module and all modules that it calls, by address.
pub(super) fn machines(root: &Root) -> Vec<Machines> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> Machines {
    let body = &resource.body;
    let target_groups = if ATTACHMENTS.contains(&&*resource.kind) {
        let registers_machine = body.get("target_id").is_some_and(is_machine);
        named_by(body, "target_group_arn").filter(|_| registers_machine).collect()
    } else {
        let groups = body.get("target_group_arns").and_then(Value::as_list);
        let sources = body.blocks("traffic_source").filter_map(|source| source.get("identifier"));
        let listed = groups.into_iter().flat_map(|groups| &groups.items).chain(sources);
        let alone = ["lb_target_group_arn", "alb_target_group_arn"].into_iter();
        let alone = alone.flat_map(|name| named_by(body, name));
        listed.filter_map(reference).chain(alone).collect()
    };
    Machines {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        target_groups,
        certain: resource.certain,
    }
}

fn named_by<'b>(body: &'b Block, name: &str) -> impl Iterator<Item = (Span, Reference)> + use<'b> {
    body.get(name).and_then(reference).into_iter()
}

fn reference(value: &Value) -> Option<(Span, Reference)> {
    Some((value.used_at(), value.as_reference()?.clone()))
}

/// Whether a target is named by the id of a machine.
fn is_machine(target: &Value) -> bool {
    match target.as_reference() {
        Some(reference) => {
            &*reference.attribute == "id" && reference.address.split('.').any(|part| part == "aws_instance")
        }
        None => target.as_string().is_some_and(|id| id.starts_with("i-")),
    }
}
