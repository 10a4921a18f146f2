//! The names of load balancers and distributions, from Terraform: their own, aliases, and records that lead to them.

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::{Resource, Root};
use policy_text::value::Text;

use super::{distribution, load_balancer, private_names};
use crate::model::routing::EntranceName;

/// The names of the entrances of a root module and all modules that it calls.
pub(super) fn entrance_names(root: &Root) -> Vec<EntranceName> {
    let balancers = root.resources(&load_balancer::KINDS).map(|resource| own(resource, "dns_name"));
    let distributions = root.resources(&distribution::KINDS).flat_map(|resource| {
        let listed = resource.body.get("aliases").and_then(Value::as_list);
        let aliases = listed.into_iter().flat_map(|list| &list.items).filter_map(Value::to_text);
        let aliases = aliases.map(|host| EntranceName { host, of: resource.address.clone() });
        std::iter::once(own(resource, "domain_name")).chain(aliases).collect::<Vec<_>>()
    });
    let records = root.resources(&private_names::RECORDS).flat_map(|record| of_record(root, record));
    balancers.chain(distributions).chain(records).collect()
}

/// The name that AWS gives it.
fn own(resource: &Resource, attribute: &str) -> EntranceName {
    let reference = Reference { address: resource.address.clone(), attribute: attribute.into() };
    EntranceName { host: Text::hole(reference.origin(), resource.at), of: resource.address.clone() }
}

/// The names of a record that leads to an entrance alone.
fn of_record(root: &Root, record: &Resource) -> Vec<EntranceName> {
    let alias = record.body.block("alias").and_then(|alias| alias.get("name"));
    let listed = || match record.body.get("records")?.as_list()?.items.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let Some(target) = alias.or_else(listed).and_then(Value::as_reference) else { return Vec::new() };
    let mut entrances = root.at_address(&target.address).filter(|resource| {
        load_balancer::KINDS.contains(&&*resource.kind) || distribution::KINDS.contains(&&*resource.kind)
    });
    let (Some(entrance), None) = (entrances.next(), entrances.next()) else { return Vec::new() };
    // A record may be named with its zone, which is not always known, or without.
    let written = record.body.get("name").and_then(Value::to_text);
    let written = written.filter(|name| name.known().is_none_or(|name| name.contains('.')));
    let hosts = written.into_iter().chain([private_names::record_name(root, record)]);
    hosts.map(|host| EntranceName { host, of: entrance.address.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources, Span};
    use policy_text::value::Text;

    use crate::read::aws::read_plainly;

    const TERRAFORM: &str = r#"
        resource "aws_lb" "web" {}
        resource "aws_lb_listener" "plain" {
          load_balancer_arn = aws_lb.web.arn
          port              = 80
        }
        resource "aws_lb_listener" "secure" {
          load_balancer_arn = aws_lb.web.arn
          port              = 443
          protocol          = "HTTPS"
        }
        resource "aws_cloudfront_distribution" "page" {
          aliases = ["shop.example.org"]
        }
        data "aws_route53_zone" "main" {
          name = "example.org"
        }
        resource "aws_route53_record" "api" {
          name = "api.example.org"
          alias {
            name = aws_lb.web.dns_name
          }
        }
        resource "aws_route53_record" "other" {
          name    = "other.example.org"
          records = ["192.0.2.1"]
        }
    "#;

    /// The tables that a request for `url` comes to.
    fn asked(url: &str) -> Vec<String> {
        let tree = MemoryTree::of(&[("main.tf", TERRAFORM)]);
        let sources = Sources::open(&tree);
        let roots = read_plainly(&sources);
        let at = Span::start_of(sources.files().next().unwrap().0);
        let asked = roots[0].tables_asked(&Text::literal(url, at));
        asked
            .map(|(tables, _)| tables)
            .unwrap_or_default()
            .iter()
            .map(|table| table.name.to_string())
            .collect()
    }

    #[test]
    fn an_address_names_an_entrance_by_its_host_and_a_listener_by_its_port() {
        assert_eq!(asked("http://api.example.org/orders"), ["aws_lb_listener.plain"]);
        assert_eq!(asked("https://API.example.org"), ["aws_lb_listener.secure"]);
        assert_eq!(asked("http://api.example.org:443/orders"), ["aws_lb_listener.secure"]);
        assert_eq!(asked("api.example.org/orders"), ["aws_lb_listener.plain"]);
        assert_eq!(asked("https://shop.example.org/orders"), ["aws_cloudfront_distribution.page"]);
        for url in [
            "http://other.example.org/",
            "http://example.org/",
            "https://api.example.org:8443/",
            "/orders",
            "",
        ] {
            assert!(asked(url).is_empty(), "{url}");
        }
    }
}
