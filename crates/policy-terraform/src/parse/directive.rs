//! Finds what looks like a directive of a template and is none, such as curl's `%{http_code}`.

use std::ops::Range;

/// The words that a directive begins with.
const KNOWN: [&str; 5] = ["if", "else", "endif", "for", "endfor"];

/// Where a text has what begins like a directive and names none, each up to its brace. Comments have none.
pub(super) fn unknown(text: &str) -> Vec<Range<usize>> {
    let starts = text.match_indices("%{").map(|(start, _)| start);
    let is_escaped = |start: usize| text.get(..start).is_some_and(|before| before.ends_with('%'));
    let is_comment = |start: usize| {
        let line = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        line.trim_start().starts_with(['#', '/'])
    };
    let found = starts.filter(|start| !is_escaped(*start) && !is_comment(*start)).filter_map(|start| {
        let inside = text.get(start + 2..)?.trim_start_matches('~').trim_start();
        let length = inside.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let is_known = inside.get(..length).is_some_and(|word| KNOWN.contains(&word));
        let end = text.get(start..)?.find(['}', '"', '\n'])?;
        let is_closed = text.as_bytes().get(start + end) == Some(&b'}');
        (!is_known).then_some(start..start + end + usize::from(is_closed))
    });
    found.collect()
}

/// A copy in which the ranges begin no directive.
pub(super) fn as_text(text: &str, ranges: &[Range<usize>]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        *bytes.get_mut(range.start)? = b'?';
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_is_known_by_its_word() {
        let found = |text: &str| -> Vec<String> {
            unknown(text).into_iter().map(|range| text[range].to_owned()).collect()
        };
        assert_eq!(
            found("curl -w '%{http_code} %{ size_download }' x"),
            ["%{http_code}", "%{ size_download }"]
        );
        assert_eq!(found("a = \"%{iffy}\"\nb = \"%{\"\n"), ["%{iffy}", "%{"]);
        for known in
            ["%{ if a }b%{ else }c%{ endif }", "%{~ for a in b ~}", "%%{http_code}", "# %{http_code}\n", "%"]
        {
            assert!(unknown(known).is_empty(), "{known}");
        }
        assert_eq!(as_text("a%{b}", &unknown("a%{b}")).as_deref(), Some("a?{b}"));
    }
}
