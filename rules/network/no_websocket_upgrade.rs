//! nginx passes a socket on without asking for the upgrade.

use policy_core::finding::{Finding, Label};
use policy_core::model::Asker;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::endpoint::{self, Endpoint, Host};
use policy_core::model::nginx_image::{Content, Outcome, Pass, route, variables};
use policy_core::model::proxy::proxies;
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Piece, Text};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let deployment = context.deployment;
    // A load balancer with rules may send the path elsewhere before nginx sees it.
    if deployment.endpoints.is_empty() || deployment.roots.iter().any(|root| !root.listener_rules.is_empty())
    {
        return Vec::new();
    }
    let mut found: Vec<(Span, Finding)> = Vec::new();
    for endpoint in deployment.endpoints.iter().filter(|endpoint| !falls_back(endpoint)) {
        for path in endpoint.urls.iter().filter_map(page_path) {
            let Some(image) = server_of(context, endpoint) else { continue };
            let Some(nginx) = image.nginx.as_ref().filter(|nginx| nginx.doubt.is_none()) else { continue };
            let configured = nginx.configured(&variables(&image.stage, None));
            if !configured.configuration.gaps.is_empty() {
                continue;
            }
            let mut plain = None;
            let mut is_certain = true;
            for server in &configured.configuration.servers {
                match route(server, &path) {
                    Outcome::Passed { pass, location, .. } if lacks_upgrade(pass, &location.content) => {
                        plain = plain.or(Some((pass.at, location.at)));
                    }
                    Outcome::Passed { .. } | Outcome::Unknown => is_certain = false,
                    Outcome::Answered { .. } | Outcome::File { .. } => {}
                }
            }
            if let Some((pass, location)) = plain.filter(|_| is_certain)
                && !found.iter().any(|(at, _)| *at == location)
            {
                found.push((location, finding(endpoint, &path, pass, location)));
            }
        }
    }
    found.into_iter().map(|(_, finding)| finding).collect()
}

fn finding(endpoint: &Endpoint, path: &str, pass: Span, location: Span) -> Finding {
    let message = format!(
        "nginx proxies the socket to `{path}` without the `Upgrade` and `Connection` headers: the handshake fails"
    );
    let label = "this location matches the socket's path, but does not set the upgrade headers";
    Finding::new(message, Label::new(location, label))
        .related(Label::new(endpoint.at, format!("{} opens the socket here", endpoint.opener)))
        .related(Label::new(pass, "it is proxied here as a plain request"))
        .help(
            "add `proxy_http_version 1.1;`, `proxy_set_header Upgrade $http_upgrade;` and `proxy_set_header Connection \"upgrade\";`",
        )
}

/// The path of a socket to the page's own host, with a character in the place of what is not known.
fn page_path(url: &Text) -> Option<String> {
    let address = endpoint::address(url);
    let is_own = if address.absolute { Host::of(&address) == Host::Page } else { true };
    let Some(Piece::Literal(first, _)) = address.rest.pieces().first() else { return None };
    if !is_own || !first.starts_with('/') || first.len() < 2 {
        return None;
    }
    let path = address.rest.render('x');
    path.split(['?', '#']).next().map(ToOwned::to_owned)
}

/// The one image that serves the page of a socket by nginx and that compose or ECS runs: the one whose context holds the
/// code. `None` where another nginx may stand before it.
fn server_of<'a>(context: &Context<'a>, endpoint: &Endpoint) -> Option<&'a BuiltImage> {
    let deployment = context.deployment;
    let file = context.sources.path(endpoint.at.file);
    let with_nginx = deployment.built_images.iter().filter(|image| {
        image.nginx.as_ref().is_some_and(|nginx| {
            !nginx.configured(&variables(&image.stage, None)).configuration.passes().is_empty()
        })
    });
    let mut images: Vec<&BuiltImage> = with_nginx.collect();
    images.dedup_by_key(|image| image.dockerfile);
    let [image] = images.as_slice() else { return None };
    let by_compose = deployment.built_images.iter().any(|other| {
        other.dockerfile == image.dockerfile && matches!(other.asked_by, Some((_, Asker::Service(_))))
    });
    let by_ecs = || {
        deployment.roots.iter().any(|root| {
            let (proxies, _) = proxies(root, &deployment.built_images, context.sources);
            proxies.iter().any(|proxy| proxy.image.dockerfile == image.dockerfile)
        })
    };
    (file.is_within(&image.context) && (by_compose || by_ecs())).then_some(*image)
}

fn lacks_upgrade(pass: &Pass, content: &Content) -> bool {
    let sets = |wanted: &str| content.headers.iter().any(|(name, _)| name == wanted);
    pass.by == "proxy_pass" && !(sets("upgrade") && sets("connection"))
}

/// What goes on by plain requests where there is no socket.
const WITH_FALLBACK: [&str; 6] = ["io", "io.connect", "Manager", "SockJS", "Echo", "withUrl"];

/// Whether the library goes on without a socket where there is none.
fn falls_back(endpoint: &Endpoint) -> bool {
    let opener = endpoint.opener.trim_matches('`');
    let opener = opener.strip_prefix("new ").unwrap_or(opener);
    WITH_FALLBACK.contains(&opener)
}
