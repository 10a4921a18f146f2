//! An address as a message may show it: without anything that can be secret.

use policy_core::value::Text;

/// The address without credentials, query and fragment, and with `…` for what looks like a key in its path.
pub(super) fn redacted(url: &Text) -> String {
    let written = url.render('\u{1}');
    let end = written.find(['?', '#']).unwrap_or(written.len());
    let address = without_credentials(&url.split_at(end).0).to_string();
    let segments = address.split('/').map(|segment| if looks_like_a_key(segment) { "…" } else { segment });
    let more = if end < written.len() { "?…" } else { "" };
    segments.collect::<Vec<_>>().join("/") + more
}

fn without_credentials(url: &Text) -> Text {
    let written = url.render('\u{1}');
    let Some(start) = written.find("//").map(|slashes| slashes + 2) else { return url.clone() };
    let authority = written.get(start..).unwrap_or_default().split('/').next().unwrap_or_default();
    let Some(credentials) = authority.rfind('@') else { return url.clone() };
    let (mut without, after) = url.split_at(start);
    without.append(&after.split_at(credentials + 1).1);
    without
}

fn looks_like_a_key(segment: &str) -> bool {
    let of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '=');
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    segment.len() >= 20 && digits >= 4 && segment.chars().all(of_key)
}
