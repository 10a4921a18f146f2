//! Addresses with holes: scheme, host and port of a [`Text`] that is a URL.

use super::{Origin, PagePart, Piece, Provenance, Text};

/// A URL taken apart. What is left of a hole that may hold several parts is in the part where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The scheme with its colon: `ws:`, or the hole of `location.protocol`. Empty for an address without one.
    pub scheme: Text,
    /// Whether an authority follows: `//` after the scheme, or the page's own origin.
    pub absolute: bool,
    /// The host. A hole can hold a port too, where its origin does not say otherwise.
    pub host: Text,
    /// The port without its colon. `None` where no colon follows the host.
    pub port: Option<Text>,
    /// Path, query and fragment.
    pub rest: Text,
}

impl Address {
    /// Takes `url` apart. A text that is no URL has everything in `rest`.
    pub fn parse(url: &Text) -> Self {
        if let [Piece::Hole(hole), ..] = url.pieces()
            && let Origin::Page(part @ (PagePart::Origin | PagePart::Href)) = hole.origin
        {
            let (_, rest) = url.split_at(1);
            let page = |part| Text::hole(Origin::Page(part), hole.at);
            let address = Self { scheme: page(PagePart::Protocol), absolute: true, ..Self::default() };
            let (after_host, rest) = rest.split_at(end_of_authority(&written(&rest)));
            // What follows the origin without a slash belongs to its authority: `location.origin + ":8000"`.
            let (host, port) = if after_host.is_empty() {
                (page(PagePart::Hostname), Some(page(PagePart::Port)))
            } else {
                let mut authority = page(PagePart::Hostname);
                authority.append(&after_host);
                split_port(&authority)
            };
            // The page's own path goes where another is given.
            let rest = if part == PagePart::Href && rest.is_empty() { page(PagePart::Path) } else { rest };
            return Self { host, port, rest, ..address };
        }
        let rendered = written(url);
        let Some(slashes) = rendered.find("//") else {
            return Self { rest: url.clone(), ..Self::default() };
        };
        let scheme = rendered.get(..slashes).unwrap_or_default();
        if !is_scheme(scheme) {
            return Self { rest: url.clone(), ..Self::default() };
        }
        let (scheme, after) = url.split_at(slashes);
        let (_, mut after) = after.split_at(2);
        // Browsers pass over further slashes, as of a path that was put in the place of a host.
        if let Some(more) = after.known_prefix().strip_prefix("//") {
            after = after.split_at(2 + more.len() - more.trim_start_matches('/').len()).1;
        }
        let (authority, rest) = after.split_at(end_of_authority(&written(&after)));
        let (host, port) = split_port(&without_user(&authority));
        Self { scheme, absolute: true, host, port, rest }
    }

    /// The URL put together again.
    pub fn to_text(&self) -> Text {
        let mut url = self.scheme.clone();
        if self.absolute {
            let at = url.pieces().last().map(place_of);
            if let Some(at) = at {
                url.push(Piece::Literal("//".into(), Provenance::at(at)));
            }
            url.append(&self.host);
            if let (Some(port), Some(at)) = (&self.port, at)
                && !port.is_empty()
            {
                url.push(Piece::Literal(":".into(), Provenance::at(at)));
                url.append(port);
            }
        }
        url.append(&self.rest);
        url
    }

    /// The scheme without its colon, where it is known.
    pub fn scheme_name(&self) -> Option<String> {
        Some(self.scheme.known()?.trim_end_matches(':').to_ascii_lowercase())
    }

    /// The port as a number, where it is known.
    pub fn port_number(&self) -> Option<u16> {
        self.port.as_ref()?.known()?.parse().ok()
    }
}

/// The text with one byte for each hole, which is a slash where a path begins.
fn written(text: &Text) -> String {
    let mut written = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal, _) => written.push_str(literal),
            Piece::Hole(hole) if hole.origin == Origin::Page(PagePart::Path) => written.push('/'),
            Piece::Hole(_) => written.push(HOLE),
        }
    }
    written
}

/// Stands for a hole while the text is searched: one byte, and part of no URL's syntax.
const HOLE: char = '\u{1}';

fn place_of(piece: &Piece) -> crate::source::Span {
    match piece {
        Piece::Literal(_, provenance) => provenance.at,
        Piece::Hole(hole) => hole.at,
    }
}

fn is_scheme(text: &str) -> bool {
    match text.strip_suffix(':') {
        Some(name) => {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | HOLE))
        }
        // `//host`, or a hole that holds the colon too, as `location.protocol` does.
        None => {
            text.is_empty()
                || text.chars().all(|c| c == HOLE || c.is_ascii_alphabetic()) && text.ends_with(HOLE)
        }
    }
}

fn end_of_authority(rendered: &str) -> usize {
    rendered.find(['/', '?', '#']).unwrap_or(rendered.len())
}

fn without_user(authority: &Text) -> Text {
    authority.rsplit_once('@').map_or_else(|| authority.clone(), |(_, host)| host)
}

fn split_port(authority: &Text) -> (Text, Option<Text>) {
    if let Some((host, port)) = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        return (host, Some(port));
    }
    if let [Piece::Hole(hole)] = authority.pieces()
        && hole.origin == Origin::Page(PagePart::Host)
    {
        let page = |part| Text::hole(Origin::Page(part), hole.at);
        return (page(PagePart::Hostname), Some(page(PagePart::Port)));
    }
    (authority.clone(), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn text(parts: &[Result<&str, PagePart>]) -> Text {
        let at = Span::start_of(FileId(0));
        let mut text = Text::empty();
        for part in parts {
            match part {
                Ok(literal) => text.append(&Text::literal(*literal, at)),
                Err(part) => text.append(&Text::hole(Origin::Page(*part), at)),
            }
        }
        text
    }

    #[track_caller]
    fn assert_parts(parts: &[Result<&str, PagePart>], scheme: &str, host: &str, port: Option<&str>) {
        let address = Address::parse(&text(parts));
        assert_eq!(address.scheme.to_string(), scheme);
        assert_eq!(address.host.to_string(), host);
        assert_eq!(address.port.map(|port| port.to_string()).as_deref(), port);
    }

    #[test]
    fn a_known_url_comes_apart() {
        assert_parts(&[Ok("ws://example.org:8000/api?x=1:2")], "ws:", "example.org", Some("8000"));
        assert_parts(&[Ok("wss://u:p@example.org")], "wss:", "example.org", None);
        assert_parts(&[Ok("ws://[::1]:80/")], "ws:", "[::1]", Some("80"));
        assert_parts(&[Ok("ws:////example.org:8000/x")], "ws:", "example.org", Some("8000"));
        assert_parts(&[Ok("/api//x")], "", "", None);
    }

    #[test]
    fn holes_keep_their_places() {
        let hostname = Err(PagePart::Hostname);
        assert_parts(
            &[Ok("ws://"), hostname, Ok(":80"), Ok("00/x")],
            "ws:",
            "${location.hostname}",
            Some("8000"),
        );
        assert_parts(
            &[Err(PagePart::Protocol), Ok("//"), Err(PagePart::Host), Ok("/ws")],
            "${location.protocol}",
            "${location.hostname}",
            Some("${location.port}"),
        );
        assert_parts(
            &[Err(PagePart::Origin), Ok(":8000")],
            "${location.protocol}",
            "${location.hostname}",
            Some("8000"),
        );
    }
}
