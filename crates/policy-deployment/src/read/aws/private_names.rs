//! Names that resolve inside a network, from Terraform: service discovery and hosted zones.

use std::sync::Arc;

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Resource, Root};
use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use crate::model::private_names::{PrivateName, PrivateNames, Zone};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 6] = [
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_public_dns_namespace",
    "aws_service_discovery_http_namespace",
    "aws_route53_zone",
    "aws_service_discovery_service",
    "aws_route53_record",
];

/// The type of what names something in a zone.
pub(super) const RECORDS: [&str; 1] = ["aws_route53_record"];

/// The types of data sources that stand for a zone that something else makes.
pub(super) const DATA: [&str; 2] = ["aws_service_discovery_dns_namespace", "aws_service_discovery_service"];

/// The types of resources that register tasks with a name.
pub(super) const REGISTRARS: [&str; 2] = ["aws_ecs_service", "aws_service_discovery_instance"];

/// Parts of the names of modules that may make names.
const MODULES: [&str; 6] = ["service-discovery", "cloudmap", "cloud-map", "route53", "ecs", "dns"];

/// The names of a root module and all modules that it calls.
pub(super) fn private_names(root: &Root) -> PrivateNames {
    let zones = root.resources(&KINDS[..4]).map(zone).collect();
    let services = root.resources(&KINDS[4..5]).map(|resource| service(root, resource));
    let records = root.resources(&RECORDS).map(|resource| record(root, resource));
    let mut connected = root.resources(&["aws_ecs_service"]);
    let has_aliases = connected.any(|service| {
        let kind = "service_connect_configuration";
        service.body.block(kind).is_some() || service.body.may_have_more(kind)
    });
    let of_others = |source: &str| MODULES.iter().any(|name| source.contains(name));
    let more =
        root.data_sources.iter().any(|data| DATA.contains(&&*data.kind) || &*data.kind == "aws_route53_zone")
            || root.remote_calls.iter().any(|call| call.source.is_empty() || of_others(&call.source));
    let has_stray_registration =
        registrations(root).any(|named| named.is_none_or(|value| !is_of_root(root, value)));
    PrivateNames {
        zones,
        names: services.chain(records).collect(),
        has_aliases,
        has_stray_registration,
        more,
    }
}

/// What each resource that registers tasks says with which name. `None` where one may register them in a way that is not
/// known.
fn registrations(root: &Root) -> impl Iterator<Item = Option<&Value>> {
    root.resources(&REGISTRARS).flat_map(|resource| {
        let body = &resource.body;
        let open = body.may_have_more("service_registries").then_some(None);
        let blocks = body.blocks("service_registries").map(|block| block.get("registry_arn"));
        let alone = (&*resource.kind == REGISTRARS[1]).then(|| body.get("service_id"));
        open.into_iter().chain(blocks).chain(alone)
    })
}

/// Whether a value names a resource of the root.
fn is_of_root(root: &Root, value: &Value) -> bool {
    value.as_reference().is_some_and(|reference| root.at_address(&reference.address).next().is_some())
}

/// Whether anything registers tasks with a name, or may: it may be created for others to use.
fn is_registered(root: &Root, resource: &Resource) -> bool {
    let has_services = root.resources(&REGISTRARS[..1]).next().is_some();
    let names_it =
        |value: &Value| value.as_reference().is_none_or(|reference| reference.may_mean(&resource.address));
    !has_services
        || !resource.certain
        || root.is_library && root.outputs.values().any(|output| output.refers_to(&resource.address))
        || root.is_passed_to_external_module(&resource.address)
        || registrations(root).any(|named| named.is_none_or(names_it))
}

fn zone(resource: &Resource) -> Zone {
    Zone {
        name: text(resource.body.get("name"), resource.at),
        at: resource.at,
        is_dns: !resource.kind.contains("http_namespace"),
        is_namespace: resource.kind.contains("service_discovery"),
    }
}

fn service(root: &Root, resource: &Resource) -> PrivateName {
    let in_block = resource.body.block("dns_config").and_then(|block| block.get("namespace_id"));
    let namespace = in_block.or_else(|| resource.body.get("namespace_id"));
    let mut name = text(resource.body.get("name"), resource.at);
    name.append(&Text::literal(".", resource.at));
    name.append(&zone_of(root, namespace, resource.at));
    PrivateName {
        resource: shown(resource),
        name,
        at: resource.at,
        is_of_tasks: true,
        is_registered: is_registered(root, resource),
    }
}

fn shown(resource: &Resource) -> Arc<str> {
    format!("{}.{}", resource.kind, resource.name).into()
}

fn record(root: &Root, resource: &Resource) -> PrivateName {
    let name = record_name(root, resource);
    PrivateName { resource: shown(resource), name, at: resource.at, is_of_tasks: false, is_registered: true }
}

/// The whole name of a record, as far as it is known.
pub(super) fn record_name(root: &Root, resource: &Resource) -> Text {
    let own = text(resource.body.get("name"), resource.at);
    let zone = zone_of(root, resource.body.get("zone_id"), resource.at);
    let is_whole = own.known().zip(zone.known()).is_some_and(|(own, zone)| {
        let (own, zone) = (own.trim_end_matches('.'), zone.trim_end_matches('.'));
        own == zone || own.strip_suffix(zone).is_some_and(|before| before.ends_with('.'))
    });
    match own.known() {
        _ if is_whole => own,
        Some(own_name) if own_name.is_empty() => zone,
        // A record may be named with its zone or without.
        None => Text::hole(Origin::Other("the name of a record".into()), resource.at),
        Some(_) => {
            let mut name = own.clone();
            name.append(&Text::literal(".", resource.at));
            name.append(&zone);
            name
        }
    }
}

/// The name of the zone that a value refers to.
fn zone_of(root: &Root, reference: Option<&Value>, at: Span) -> Text {
    let unknown = || Text::hole(Origin::Other("the zone is created outside this repository".into()), at);
    let Some(reference) = reference.and_then(Value::as_reference) else { return unknown() };
    let mut resources = root.at_address(&reference.address);
    let zone = resources.next().filter(|zone| KINDS[..4].contains(&&*zone.kind));
    zone.and_then(|zone| zone.body.get("name")).and_then(Value::to_text).unwrap_or_else(unknown)
}

fn text(value: Option<&Value>, at: Span) -> Text {
    let unknown = || Text::hole(Origin::Other("the name is not known".into()), at);
    value.map_or_else(unknown, |value| value.to_text().unwrap_or_else(unknown))
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use crate::read::aws::read_plainly;

    fn names(terraform: &str) -> Vec<String> {
        let tree = MemoryTree::of(&[("main.tf", terraform)]);
        let roots = read_plainly(&Sources::open(&tree));
        roots[0].private_names.names.iter().map(|name| name.name.render('?')).collect()
    }

    #[test]
    fn a_service_stands_below_its_namespace() {
        let terraform = "resource \"aws_service_discovery_private_dns_namespace\" \"n\" {\n  name = \"shop.internal\"\n}\n\
            resource \"aws_service_discovery_service\" \"s\" {\n  for_each = toset([\"api\", \"web\"])\n  name = each.key\n  \
            dns_config {\n    namespace_id = aws_service_discovery_private_dns_namespace.n.id\n  }\n}\n\
            resource \"aws_service_discovery_service\" \"t\" {\n  name = \"db\"\n  dns_config {\n    namespace_id = var.n\n  }\n}\n";
        assert_eq!(names(terraform), ["api.shop.internal", "web.shop.internal", "db.?"]);
    }

    #[test]
    fn a_record_is_named_with_its_zone_or_without() {
        let zone = "resource \"aws_route53_zone\" \"z\" {\n  name = \"shop.internal\"\n}\n";
        let record = |name: &str| {
            format!(
                "{zone}resource \"aws_route53_record\" \"r\" {{\n  name = \"{name}\"\n  zone_id = aws_route53_zone.z.zone_id\n}}\n"
            )
        };
        assert_eq!(names(&record("db")), ["db.shop.internal"]);
        assert_eq!(names(&record("db.shop.internal")), ["db.shop.internal"]);
        assert_eq!(names(&record("")), ["shop.internal"]);
    }
}
