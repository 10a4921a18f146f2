//! Requests: what code asks for over HTTP, and the addresses that it can have.

use std::borrow::Cow;

use policy_http::path::{Part, PathPattern};
use policy_http::served::Methods;
use policy_text::source::Span;
use policy_text::value::{Address, Hole, Origin, PagePart, Piece, Text};

use super::endpoint::{ClientCode, Host};

/// A place in code that asks for a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The call. Where a function of the repository takes the path, the call of that function which gives it.
    pub at: Span,
    /// The call that sends it: the same, or that in the innermost function.
    pub sent_at: Span,
    /// What sends it, for messages: "`fetch`", "`get`".
    pub opener: Cow<'static, str>,
    /// The methods that it can have.
    pub methods: Methods,
    /// The addresses that it can have in production.
    pub addresses: Addresses,
    /// The code around the call that sends it.
    pub code: ClientCode,
}

/// The addresses that a request can have in production, what a client has before all of its own included.
#[derive(Clone, Debug, PartialEq)]
pub struct Addresses {
    urls: Vec<Text>,
    /// What they ask for.
    targets: Vec<Target>,
}

/// What one address asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The address, taken apart.
    pub address: Address,
    /// Whom it asks. The page's own host where it names none.
    pub host: Host,
    /// The paths that it can be: one, where all of it is known.
    pub path: PathPattern,
}

impl Request {
    /// What production asks for, for each address that names no developer's machine.
    pub fn targets(&self) -> &[Target] {
        &self.addresses.targets
    }

    /// The one thing that production asks for. `None` where its addresses differ, or the host of one is not known.
    pub fn target(&self) -> Option<&Target> {
        let (first, others) = self.targets().split_first()?;
        let is_known = matches!(first.host, Host::Page | Host::Named(_) | Host::Private(_));
        let is_same = |other: &Target| (&other.host, &other.path) == (&first.host, &first.path);
        (is_known && others.iter().all(is_same)).then_some(first)
    }
}

impl Addresses {
    /// Those that are written so.
    pub fn of(urls: Vec<Text>) -> Self {
        let targets = urls.iter().filter_map(Target::of);
        let is_production = |target: &Target| !matches!(target.host, Host::Local | Host::Developers(_));
        Self { targets: targets.filter(is_production).collect(), urls }
    }

    /// The addresses themselves.
    pub fn urls(&self) -> &[Text] {
        &self.urls
    }

    /// Keeps the addresses that are better, where some are.
    pub fn keep_better(&mut self, is_better: impl Fn(&Text) -> bool) {
        if !self.urls.iter().all(&is_better) && self.urls.iter().any(&is_better) {
            let urls = std::mem::take(&mut self.urls);
            *self = Self::of(urls.into_iter().filter(is_better).collect());
        }
    }
}

impl Target {
    /// What an address asks for. `None` where it is longer than any path that somebody asks for, or asks no server.
    pub fn of(url: &Text) -> Option<Self> {
        let address = Address::parse(url);
        if address.absolute {
            let is_http =
                matches!(address.scheme_name().as_deref(), None | Some("" | "http" | "https" | "ws" | "wss"));
            let host = Host::of(&address);
            let path = path_of(&address.rest, &[])?;
            return is_http.then_some(Self { address, host, path });
        }
        let of_page = || Some((Host::Page, path_of(&address.rest, &[])?));
        let (host, path) = match address.rest.pieces().first() {
            Some(Piece::Literal(text, _)) if text.starts_with('/') => of_page()?,
            Some(Piece::Literal(text, _)) if has_scheme(text) => return None,
            // Relative to the path of the page.
            Some(Piece::Literal(..)) | None => (Host::Page, path_of(&address.rest, &[Part::Rest])?),
            Some(Piece::Hole(Hole { origin: Origin::Page(_), .. })) => of_page()?,
            Some(Piece::Hole(hole)) => {
                let host = if matches!(hole.origin, Origin::Environment(_)) {
                    Host::Configured
                } else {
                    Host::Unknown
                };
                (host, path_of(&address.rest, &[])?)
            }
        };
        Some(Self { address, host, path })
    }
}

/// `data:`, `blob:`, `mailto:`.
fn has_scheme(text: &str) -> bool {
    text.find([':', '/', '?']).is_some_and(|end| text.get(end..).is_some_and(|rest| rest.starts_with(':')))
}

/// The paths that stand before the query and the fragment. A hole between two slashes is one segment. Any other may hold
/// slashes, a query, or nothing: what follows it is not known to be part of the path, unless it begins the address.
fn path_of(rest: &Text, before: &[Part]) -> Option<PathPattern> {
    let mut parts = before.to_vec();
    let pieces = rest.pieces();
    let mut begun = !before.is_empty();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text, _) => {
                let end = text.find(['?', '#']);
                parts.push(Part::Literal(text.get(..end.unwrap_or(text.len()))?.to_owned()));
                if end.is_some() {
                    break;
                }
                begun = true;
            }
            Piece::Hole(_) if !begun => parts.push(Part::Rest),
            Piece::Hole(hole) => {
                let before = pieces.get(..index).unwrap_or_default();
                let after = pieces.get(index + 1..).unwrap_or_default();
                let ends = match after.first().and_then(Piece::as_literal) {
                    Some(text) if text.starts_with('/') => true,
                    Some(text) => is_segment(hole) && text.starts_with(['?', '#']),
                    None => is_segment(hole) && after.is_empty(),
                };
                if ends_with_slash(before) && ends {
                    parts.push(Part::Segment);
                } else {
                    parts.push(Part::Rest);
                    break;
                }
            }
        }
    }
    // An address without a path asks for the root.
    if parts.iter().all(|part| matches!(part, Part::Literal(text) if text.is_empty())) {
        return PathPattern::literal("/");
    }
    PathPattern::new(parts)
}

fn ends_with_slash(pieces: &[Piece]) -> bool {
    pieces.last().and_then(Piece::as_literal).is_some_and(|text| text.ends_with('/'))
}

/// Whether a hole holds no slash.
fn is_segment(hole: &Hole) -> bool {
    matches!(&hole.origin, Origin::Call(name) if &**name == "encodeURIComponent")
}

/// Whether those who call the function around may decide what an address asks for: its host, or the path itself and not
/// one of its parameters.
pub(super) fn is_open(url: &Text) -> bool {
    let address = Address::parse(url);
    let is_foreign = |hole: &Hole| !matches!(hole.origin, Origin::Page(_));
    if address.absolute {
        let mut ports = address.port.iter().flat_map(Text::holes);
        if address.host.holes().any(is_foreign) || ports.any(is_foreign) {
            return true;
        }
    }
    let pieces = address.rest.pieces();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text, _) if text.contains(['?', '#']) => return false,
            Piece::Literal(..) | Piece::Hole(Hole { origin: Origin::Page(PagePart::Path), .. }) => {}
            Piece::Hole(_) => {
                let before = pieces.get(..index).unwrap_or_default();
                // `${base}/${path}` and not `${base}/users/${id}`.
                let alone = matches!(before.last().and_then(Piece::as_literal), Some("/") | None);
                return alone || !ends_with_slash(before);
            }
        }
    }
    false
}
