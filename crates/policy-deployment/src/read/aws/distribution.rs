//! CloudFront distributions, from Terraform.

use std::sync::Arc;

use policy_http::path::PathPattern;
use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::value::{Hole, Origin};

use super::setting;
use crate::model::distribution::{ContentOrigin, Distribution, ErrorPage};
use crate::model::routing::{Destination, Entrance, Open, Order, Route, RoutePath, Table};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_cloudfront_distribution"];

/// The distributions of a root module and all modules that it calls, by address.
pub(super) fn distributions(root: &Root) -> Vec<Distribution> {
    root.resources(&KINDS).map(of_resource).collect()
}

/// Where they send requests, in the same order.
pub(super) fn tables(root: &Root) -> Vec<Table> {
    root.resources(&KINDS).map(table).collect()
}

fn of_resource(resource: &Resource) -> Distribution {
    let body = &resource.body;
    let mut origins: Vec<ContentOrigin> = body.blocks("origin").map(of_block).collect();
    origins.extend(body.may_have_more("origin").then_some(ContentOrigin::Unknown));
    Distribution {
        address: resource.address.clone(),
        origins,
        has_root_page: setting::text(body, "default_root_object")
            .known()
            .is_some_and(|page| page.contains(".htm")),
        error_pages: body.blocks("custom_error_response").filter_map(error_page).collect(),
    }
}

fn of_block(origin: &Block) -> ContentOrigin {
    let domain = origin.get("domain_name");
    let resource = domain.and_then(Value::as_reference).cloned().map(ContentOrigin::Resource);
    let named = || domain.and_then(Value::as_string).map(ContentOrigin::Named);
    resource.or_else(named).unwrap_or(ContentOrigin::Unknown)
}

fn error_page(block: &Block) -> Option<ErrorPage> {
    Some(ErrorPage {
        at: block.at,
        error: *setting::integer(block, "error_code").known()?,
        status: *setting::integer(block, "response_code").known()?,
        page: setting::text(block, "response_page_path").known()?.clone(),
    })
}

fn table(resource: &Resource) -> Table {
    let body = &resource.body;
    let mut open = None;
    let mut routes = Vec::new();
    if !resource.certain || body.may_have_more("ordered_cache_behavior") || body.may_have_more("origin") {
        let why = "an unknown condition decides which behaviors it has".to_owned();
        open = Some(Open { at: resource.at, why });
    }
    for behavior in body.blocks("ordered_cache_behavior") {
        if let Some(route) = route(body, behavior) {
            routes.push(route);
        } else {
            let why = "the path pattern of a behavior is unknown".to_owned();
            open = open.or(Some(Open { at: behavior.at, why }));
        }
    }
    let default = body.block("default_cache_behavior");
    Table {
        entrance: Entrance::Distribution { address: resource.address.clone() },
        name: format!("{}.{}", resource.kind, resource.name).into(),
        at: resource.at,
        port: None,
        routes: routes.into(),
        order: Order::InTurn,
        default: default.map_or(Destination::Unknown, |default| destination(body, default)),
        open,
    }
}

fn route(distribution: &Block, behavior: &Block) -> Option<Route> {
    let pattern = behavior.get("path_pattern")?;
    let written = pattern.as_string()?;
    // A pattern may leave out the slash that every path begins with.
    let rooted = if written.starts_with(['/', '*']) { written.clone() } else { format!("/{written}") };
    let paths = vec![RoutePath { pattern: PathPattern::with_wildcards(&rooted)?, at: pattern.at() }];
    Some(Route {
        name: format!("ordered_cache_behavior {written}").into(),
        at: behavior.at,
        number: None,
        paths: Some(paths),
        narrowed_by: Vec::new(),
        destination: destination(distribution, behavior),
    })
}

/// The origin that a behaviour asks. What runs code on the way may ask for another path, or another origin.
fn destination(distribution: &Block, behavior: &Block) -> Destination {
    let runs_code = ["function_association", "lambda_function_association"]
        .iter()
        .any(|kind| behavior.block(kind).is_some() || behavior.may_have_more(kind));
    let id = behavior.get("target_origin_id");
    let mut origins = distribution
        .blocks("origin")
        .filter(|origin| origin.get("origin_id").zip(id).is_some_and(|(own, id)| are_same(own, id)));
    let (Some(origin), None) = (origins.next(), origins.next()) else { return Destination::Unknown };
    let moves =
        origin.get("origin_path").is_some_and(|path| path.as_string().is_none_or(|path| !path.is_empty()));
    let Some(reference) = origin.get("domain_name").and_then(Value::as_reference) else {
        return Destination::Unknown;
    };
    let kind = kind_of(&reference.address);
    match kind {
        "aws_s3_bucket" | "aws_s3_bucket_website_configuration" => Destination::Bucket,
        "aws_lb" | "aws_alb" if !runs_code && !moves => Destination::Balancer(Arc::clone(&reference.address)),
        _ => Destination::Unknown,
    }
}

/// Whether two names of origins are one: also where both are put together alike, with the same attributes of resources.
fn are_same(one: &Value, other: &Value) -> bool {
    let written = |value: &Value| {
        let text = value.to_text()?;
        let is_of_resource = |hole: &Hole| matches!(hole.origin, Origin::Cloud(_));
        text.holes().all(is_of_resource).then(|| text.to_string())
    };
    one.same(other) == Some(true) || written(one).is_some_and(|one| written(other) == Some(one))
}

/// The type of the resource at an address.
fn kind_of(address: &str) -> &str {
    address.rsplit('.').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use crate::model::routing::{Destination, PathPattern};
    use crate::read::aws::read_plainly;

    /// Where a request for `path` goes, with this in the behavior for `api/*`.
    fn goes(path: &str, in_behavior: &str) -> String {
        goes_with(["page", "page"], path, in_behavior)
    }

    /// The same, where the page's origin has the first name and the default behavior the second.
    fn goes_with([page, default]: [&str; 2], path: &str, in_behavior: &str) -> String {
        let terraform = format!(
            "resource \"aws_s3_bucket\" \"page\" {{}}\nresource \"aws_lb\" \"api\" {{}}\n\
             resource \"aws_cloudfront_distribution\" \"x\" {{\n  \
             origin {{\n    domain_name = aws_s3_bucket.page.bucket_regional_domain_name\n    origin_id = \"{page}\"\n  }}\n  \
             origin {{\n    domain_name = aws_lb.api.dns_name\n    origin_id = \"api\"\n  }}\n  \
             default_cache_behavior {{\n    target_origin_id = \"{default}\"\n  }}\n  \
             ordered_cache_behavior {{\n    path_pattern = \"api/*\"\n    target_origin_id = \"api\"\n{in_behavior}  }}\n}}\n"
        );
        let tree = MemoryTree::of(&[("main.tf", &terraform)]);
        let roots = read_plainly(&Sources::open(&tree));
        let table = &roots[0].tables[0];
        assert_eq!(table.open, None);
        match table.landings(&PathPattern::literal(path).unwrap())[0].destination {
            Destination::Bucket => "bucket".to_owned(),
            Destination::Balancer(address) => address.to_string(),
            Destination::Unknown => "?".to_owned(),
            _ => "other".to_owned(),
        }
    }

    #[test]
    fn the_first_behavior_that_matches_decides() {
        assert_eq!(goes("/api/users", ""), "aws_lb.api");
        assert_eq!(goes("/api", ""), "bucket");
        let function = "    function_association {\n      event_type = \"viewer-request\"\n    }\n";
        assert_eq!(goes("/api/users", function), "?");
    }

    #[test]
    fn names_of_origins_may_have_attributes_in_them() {
        let (page, api) = ("S3-${aws_s3_bucket.page.id}", "S3-${aws_lb.api.id}");
        assert_eq!(goes_with([page, page], "/", ""), "bucket");
        assert_eq!(goes_with([page, api], "/", ""), "?");
        assert_eq!(goes_with(["${var.a}", "${var.a}"], "/", ""), "?");
    }
}
