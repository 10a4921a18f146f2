//! The names of hosts that resolve inside a network: those of service discovery and of hosted zones.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Hole, Origin, Piece, Text};

/// The ends of names that only private networks have.
pub const PRIVATE_ENDS: [&str; 4] = [".local", ".internal", ".private", ".lan"];

/// The ends of names that a platform gives by itself.
const OF_PLATFORMS: [&str; 6] = [
    ".compute.internal",
    ".ec2.internal",
    ".docker.internal",
    ".cluster.local",
    ".google.internal",
    ".localhost",
];

/// Parts of the names of variables that hold addresses which nothing connects to from here.
const LISTS: [&str; 10] =
    ["CORS", "ORIGIN", "ALLOW", "REDIRECT", "CALLBACK", "PUBLIC", "DOMAIN", "EMAIL", "NAMESPACE", "TRUSTED"];

/// The names that a root module makes.
#[derive(Debug, Default)]
pub struct PrivateNames {
    /// The zones below which names stand: namespaces and hosted zones.
    pub zones: Vec<Zone>,
    /// The names themselves, by address.
    pub names: Vec<PrivateName>,
    /// Whether services give one another names of their own, by Service Connect.
    pub has_aliases: bool,
    /// Whether a service registers its tasks with a name, and it is not known with which.
    pub has_stray_registration: bool,
    /// Whether there may be more: of a zone that is made elsewhere, or of a module that is not in the repository.
    pub more: bool,
}

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name.
    pub name: Text,
    /// The head of the block.
    pub at: Span,
    /// Whether its names are those of DNS.
    pub is_dns: bool,
    /// Whether it is a namespace of service discovery: its names are services. Records of other zones may be written by
    /// anyone.
    pub is_namespace: bool,
}

/// A name.
#[derive(Clone, Debug)]
pub struct PrivateName {
    /// The resource without the modules it is in.
    pub resource: Arc<str>,
    /// All of it: `api.shop.internal`.
    pub name: Text,
    /// The head of the block.
    pub at: Span,
    /// Whether service discovery gives it the addresses of tasks, which change with each of them.
    pub is_of_tasks: bool,
    /// Whether anything registers tasks with it, or may.
    pub is_registered: bool,
}

/// Whether it is a name of one label that people have written for a machine.
pub(super) fn is_of_one_label(host: &str) -> bool {
    host != "localhost"
        && host.starts_with(|c: char| c.is_ascii_lowercase())
        && host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// Whether a host has a name that only private networks have, and that no platform gives.
pub fn is_private(host: &str) -> bool {
    host.is_ascii()
        && PRIVATE_ENDS.iter().any(|end| host.ends_with(end))
        && !OF_PLATFORMS.iter().any(|end| host.ends_with(end))
        && !host.starts_with('.')
}

/// The host of an address that a variable holds as a whole. `None` where nothing connects to what it holds.
pub fn host_of(variable: &str, value: Option<&Text>) -> Option<String> {
    let upper = variable.to_ascii_uppercase();
    if LISTS.iter().any(|word| upper.contains(word)) {
        return None;
    }
    let value = value?.known()?;
    let value = value.trim();
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_host = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        && port.is_none_or(|port| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()));
    is_host.then(|| host.to_ascii_lowercase())
}

/// Stand around what is not known in a text that is written out.
const UNKNOWN: (char, char) = ('\u{e000}', '\u{e001}');

/// The text in one string, in which each part that is not known stands for itself: two that are written alike are the same.
/// `None` where a part says nothing of what decides it.
pub fn written_out(text: &Text) -> Option<String> {
    let mut written = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal, _) => written.push_str(literal),
            Piece::Hole(Hole { origin: Origin::Parameter(name) | Origin::Cloud(name), .. }) => {
                written.push(UNKNOWN.0);
                written.push_str(name);
                written.push(UNKNOWN.1);
            }
            Piece::Hole(_) => return None,
        }
    }
    Some(written)
}

/// What is written out, for people.
pub fn shown(written: &str) -> String {
    written.replace(UNKNOWN.0, "${").replace(UNKNOWN.1, "}")
}

impl PrivateName {
    /// Whether it is `host` for certain; what is not known of both is the same.
    pub fn is(&self, host: &str) -> bool {
        written_out(&self.name).is_some_and(|name| name.trim_end_matches('.').eq_ignore_ascii_case(host))
    }

    /// Whether it may be `host`, as far as it is known.
    pub fn may_be(&self, host: &str) -> bool {
        may_be(&self.name, host)
    }
}

impl Zone {
    /// Whether `host` stands below it, or may.
    pub fn may_hold(&self, host: &str) -> bool {
        let labels = host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..));
        [host].into_iter().chain(labels).any(|zone| may_be(&self.name, zone))
    }
}

/// Whether what is known of `name` stands at both ends of `host`.
fn may_be(name: &Text, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    if let Some(known) = name.known() {
        let known = known.trim_end_matches('.').to_ascii_lowercase();
        return known == host || known.strip_prefix('*').is_some_and(|rest| host.ends_with(rest));
    }
    let (before, after) =
        (name.known_prefix().to_ascii_lowercase(), name.known_suffix().to_ascii_lowercase());
    host.len() >= before.len() + after.len() && host.starts_with(&before) && host.ends_with(&after)
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    #[test]
    fn two_names_with_the_same_unknown_part_are_one() {
        let at = Span::start_of(FileId(0));
        let name = |first: &str, origin: Origin| {
            let mut text = Text::literal(first, at);
            text.append(&Text::hole(origin, at));
            text
        };
        let stage = || Origin::Parameter("stage".into());
        let own = PrivateName {
            resource: "aws_service_discovery_service.api".into(),
            name: name("api.", stage()),
            at,
            is_of_tasks: true,
            is_registered: true,
        };
        let host = written_out(&name("api.", stage())).unwrap();
        assert!(own.is(&host));
        assert_eq!(shown(&host), "api.${stage}");
        assert!(!own.is(&written_out(&name("api.", Origin::Parameter("other".into()))).unwrap()));
        assert!(!own.is(&written_out(&name("web.", stage())).unwrap()));
        assert_eq!(written_out(&name("api.", Origin::Other("a loop".into()))), None);
    }
}
