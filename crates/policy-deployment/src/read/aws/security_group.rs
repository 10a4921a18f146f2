//! Security groups and their rules, from Terraform.

use std::collections::HashMap;

use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::source::Span;

use super::setting;
use crate::model::references::References;
use crate::model::security_group::{GroupRule, GroupRules, Peers, Ports, SecurityGroup, SecurityGroups};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_security_group"];

/// The types of resources that add a rule to a group.
pub(super) const RULES: [&str; 3] =
    ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/// The addresses that are all of the Internet.
const EVERYONE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// The way of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

/// The groups of a root module and all modules that it calls.
pub(super) fn security_groups(root: &Root) -> SecurityGroups {
    let mut groups: Vec<SecurityGroup> =
        root.resources(&KINDS).map(|resource| of_resource(root, resource)).collect();
    let by_address: HashMap<_, usize> =
        groups.iter().enumerate().map(|(index, group)| (group.address.clone(), index)).collect();
    let mut has_stray_rules = false;
    for resource in root.resources(&RULES) {
        let owner = resource.body.get("security_group_id").and_then(Value::as_reference);
        let Some(owner) = owner else {
            has_stray_rules = true;
            continue;
        };
        let Some(group) = by_address.get(&owner.address).and_then(|index| groups.get_mut(*index)) else {
            // What is asked of AWS was there before the groups that are made here; any other may be one of them.
            has_stray_rules |= !is_data(&owner.address);
            continue;
        };
        let (direction, rule) = rule_of_resource(resource);
        let both = [(Direction::In, &mut group.ingress), (Direction::Out, &mut group.egress)];
        for (_, rules) in both.into_iter().filter(|(own, _)| direction.is_none_or(|known| known == *own)) {
            rules.more |= direction.is_none() || !resource.certain;
            if resource.certain {
                rules.rules.push(rule.clone());
            }
        }
    }
    SecurityGroups { groups, has_stray_rules }
}

fn is_data(address: &str) -> bool {
    address.starts_with("data.") || address.contains(".data.")
}

fn of_resource(root: &Root, resource: &Resource) -> SecurityGroup {
    // A module that is not in the repository may add rules to a group that it is given.
    let given_away = root.is_passed_to_external_module(&resource.address);
    let rules = |kind: &str| {
        let mut rules = of_blocks(&resource.body, kind);
        rules.more |= given_away || !resource.certain;
        rules
    };
    SecurityGroup {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        ingress: rules("ingress"),
        egress: rules("egress"),
    }
}

/// The rules that stand inside a group, as blocks or as a list of objects.
fn of_blocks(body: &Block, kind: &str) -> GroupRules {
    let mut rules: Vec<GroupRule> =
        body.blocks(kind).map(|block| rule(|name| block.get(name), block.at)).collect();
    let mut more = body.may_have_more(kind);
    if let Some(listed) = body.get(kind) {
        match listed.as_list() {
            Some(list) => {
                more |= list.more.is_some();
                rules.extend(list.items.iter().map(|item| rule(|name| field(item, name), item.at())));
            }
            None => more = true,
        }
    }
    GroupRules { rules, more }
}

fn field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// The rule that a resource is, with its direction where that is known.
fn rule_of_resource(resource: &Resource) -> (Option<Direction>, GroupRule) {
    let direction = match &*resource.kind {
        "aws_vpc_security_group_ingress_rule" => Some(Direction::In),
        "aws_vpc_security_group_egress_rule" => Some(Direction::Out),
        _ => match resource.body.get("type").and_then(Value::as_string).as_deref() {
            Some("ingress") => Some(Direction::In),
            Some("egress") => Some(Direction::Out),
            _ => None,
        },
    };
    (direction, rule(|name| resource.body.get(name), resource.at))
}

/// A rule in any of its forms, of which each has its own names for the same things.
fn rule<'v>(get: impl Fn(&str) -> Option<&'v Value>, at: Span) -> GroupRule {
    let protocol = get("protocol").or_else(|| get("ip_protocol"));
    let ports = match protocol.map(|protocol| protocol.as_string().map(|name| name.to_ascii_lowercase())) {
        Some(Some(name)) if name == "-1" || name == "all" => Ports::All,
        Some(Some(name)) if name == "tcp" || name == "6" => {
            let bound = |name: &str| get(name).and_then(Value::as_integer);
            bound("from_port")
                .zip(bound("to_port"))
                .map_or(Ports::Unknown, |(from, to)| Ports::Range(from, to))
        }
        Some(Some(_)) => Ports::None,
        _ => Ports::Unknown,
    };
    let mut peers = Peers::default();
    for name in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
        if let Some(value) = get(name) {
            let References { named, more } = setting::references(value);
            peers.groups.more |= more || named.iter().any(|(reference, _)| is_data(&reference.address));
            peers.groups.named.extend(named);
        }
    }
    for name in ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"] {
        match get(name).map(|value| (value, &value.data)) {
            None => {}
            Some((_, Data::List(list))) => {
                peers.others |= list.more.is_some();
                list.items.iter().for_each(|item| peers.add_address(item));
            }
            Some((value, _)) => peers.add_address(value),
        }
    }
    peers.others |= ["prefix_list_ids", "prefix_list_id"].into_iter().any(|name| {
        get(name).is_some_and(|value| {
            value.as_list().is_none_or(|list| !list.items.is_empty() || list.more.is_some())
        })
    });
    peers.itself = get("self").is_some_and(|value| value.as_bool() != Some(false));
    GroupRule { at, ports, peers }
}

impl Peers {
    fn add_address(&mut self, address: &Value) {
        if address.as_string().is_some_and(|known| EVERYONE.contains(&known.as_str())) {
            self.everyone.get_or_insert(address.at());
        } else {
            self.others = true;
        }
    }
}
