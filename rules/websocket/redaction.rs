//! An address as a message may show it: without anything that can be secret.

use policy_core::value::Text;

/// The address without credentials, query and fragment, and with `…` for what looks like a key in its path.
pub(super) fn redacted(url: &Text) -> String {
    let end = url.find(['?', '#']);
    let address = without_credentials(&url.slice(0..end.unwrap_or(usize::MAX))).to_string();
    let segments = address.split('/').map(|segment| if looks_like_a_key(segment) { "…" } else { segment });
    let more = if end.is_some() { "?…" } else { "" };
    segments.collect::<Vec<_>>().join("/") + more
}

fn without_credentials(url: &Text) -> Text {
    let Some(start) = url.find("//").map(|slashes| slashes + 2) else { return url.clone() };
    let (mut without, after) = url.split_at(start);
    let authority = after.slice(0..after.find('/').unwrap_or(usize::MAX));
    let Some(at) = authority.rfind('@') else { return url.clone() };
    without.append(&after.slice(at + 1..usize::MAX));
    without
}

fn looks_like_a_key(segment: &str) -> bool {
    let of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '=');
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    segment.len() >= 20 && digits >= 4 && segment.chars().all(of_key)
}
