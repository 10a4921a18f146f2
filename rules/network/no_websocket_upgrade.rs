//! nginx proxies a WebSocket without the upgrade headers.

use std::collections::HashSet;

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::endpoint::{self, Endpoint, Host};
use policy_core::model::nginx_image::{
    Configured, Content, Matcher, NginxImage, Outcome, Pass, Variables, route, variables,
};
use policy_core::purpose;
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
    let mounted = mounted(context);
    let server = server(context);
    let mut said: HashSet<Span> = HashSet::new();
    let mut found = Vec::new();
    for endpoint in deployment.endpoints.iter().filter(|endpoint| !falls_back(endpoint)) {
        let file = context.sources.path(endpoint.at.file);
        for path in endpoint.urls.iter().filter_map(page_path) {
            let of_image = || {
                let (_, front) = server.as_ref().filter(|(image, _)| file.is_within(&image.context))?;
                front.plain(&path, |_| true)
            };
            let Some(plain) = plain_in_all(&mounted, &path).or_else(of_image) else { continue };
            if said.insert(plain.location) {
                found.push(finding(endpoint, &path, &plain));
            }
        }
    }
    found
}

/// A configuration of nginx that requests go through.
struct Front<'d> {
    nginx: &'d NginxImage,
    configured: Configured,
}

/// A location that passes a socket on as a plain request.
struct Plain {
    location: Span,
    pass: Span,
    /// What brings the file to the container that holds it.
    brought: Option<Span>,
}

impl<'d> Front<'d> {
    /// `None` where something of it is not known.
    fn of(nginx: &'d NginxImage, variables: &Variables) -> Option<Self> {
        let configured = nginx.configured(variables);
        let is_known = nginx.doubt.is_none() && configured.configuration.gaps.is_empty();
        is_known.then_some(Self { nginx, configured })
    }

    /// The first location, of those that `counts`, that passes a request for `path` on plainly. `None` where none does, or
    /// where a server may pass it on well.
    fn plain(&self, path: &str, counts: impl Fn(&Matcher) -> bool) -> Option<Plain> {
        let mut plain = None;
        for server in &self.configured.configuration.servers {
            match route(server, path) {
                Outcome::Passed { pass, location, .. } if lacks_upgrade(pass, &location.content) => {
                    let brought = self.nginx.brought_by(location.at.file);
                    let found = Plain { location: location.at, pass: pass.at, brought };
                    plain = plain.or(Some(found).filter(|_| counts(&location.matcher)));
                }
                Outcome::Passed { .. } | Outcome::Unknown => return None,
                Outcome::Answered { .. } | Outcome::File { .. } => {}
            }
        }
        plain
    }
}

/// What compose runs with files of the repository over the configuration of nginx's own image.
fn mounted<'a>(context: &Context<'a>) -> Vec<Option<Front<'a>>> {
    let services = context.deployment.compose_services.iter();
    let deployed = services.filter(|service| {
        let path = context.sources.path(service.at.file);
        !purpose::is_for_development(path) && !purpose::is_made_up(path)
    });
    let mounted = deployed.filter_map(|service| service.nginx.as_ref());
    mounted.map(|mounted| Front::of(&mounted.image, &mounted.variables)).collect()
}

/// The location for `path` itself that passes it on plainly, in the first of these. `None` where another one may do better:
/// nothing tells which of them the page is behind. A location for all paths does not show that it is meant for the socket.
fn plain_in_all(fronts: &[Option<Front<'_>>], path: &str) -> Option<Plain> {
    let is_own = |matcher: &Matcher| !matches!(matcher, Matcher::Prefix { path, .. } if path == "/");
    let mut all = Vec::new();
    for front in fronts {
        all.push(front.as_ref()?.plain(path, is_own)?);
    }
    all.into_iter().next()
}

fn finding(endpoint: &Endpoint, path: &str, plain: &Plain) -> Finding {
    let message = format!(
        "nginx proxies the socket to `{path}` without the `Upgrade` and `Connection` headers: the handshake fails"
    );
    let label = "this location matches the socket's path, but does not set the upgrade headers";
    let finding = Finding::new(message, Label::new(plain.location, label))
        .related(Label::new(endpoint.at, format!("{} opens the socket here", endpoint.opener)))
        .related(Label::new(plain.pass, "this proxies the socket as a plain request"));
    let brought = plain.brought.filter(|by| by.file != plain.location.file);
    let brought = brought.map(|by| Label::new(by, "this puts the configuration of nginx into the container"));
    brought.into_iter().fold(finding, Finding::related).help(
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

/// The one image that serves pages by nginx and that compose or ECS runs: those of the code that its context holds. `None`
/// where another nginx may stand before it.
fn server<'a>(context: &Context<'a>) -> Option<(&'a BuiltImage, Front<'a>)> {
    let deployment = context.deployment;
    let with_nginx = deployment.built_images.iter().filter(|image| {
        image.nginx.as_ref().is_some_and(|nginx| {
            !nginx.configured(&variables(&image.stage, None)).configuration.passes().is_empty()
        })
    });
    let mut images: Vec<&BuiltImage> = with_nginx.collect();
    images.dedup_by_key(|image| image.dockerfile);
    let [image] = images.as_slice() else { return None };
    let by_compose = deployment.built_images.iter().any(|other| {
        other.dockerfile == image.dockerfile
            && other.asked_by.as_ref().is_some_and(|(_, asker)| asker.is_compose_alone())
    });
    let by_ecs = || {
        deployment.roots.iter().any(|root| {
            let mut proxies = root.proxies(&deployment.built_images);
            proxies.any(|proxy| proxy.image.dockerfile == image.dockerfile)
        })
    };
    if !by_compose && !by_ecs() {
        return None;
    }
    Some((image, Front::of(image.nginx.as_ref()?, &variables(&image.stage, None))?))
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
