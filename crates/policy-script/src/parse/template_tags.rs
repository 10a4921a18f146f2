//! The tags of server-side templates inside scripts: `{{ room }}`, `{% if user %}`, `<%= port %>`, `<?php … ?>`.

use std::ops::Range;

use memchr::memmem;

/// A way to write tags.
struct Tag {
    open: &'static str,
    close: &'static str,
    /// Whether a value takes its place in the page, and not just nothing.
    stands_for_value: bool,
}

/// Of two that begin alike, the longer one comes first.
const TAGS: [Tag; 12] = [
    tag("{{{", "}}}", true),
    tag("{{!--", "--}}", false),
    tag("{{--", "--}}", false),
    tag("{{#", "}}", false),
    tag("{{/", "}}", false),
    tag("{{", "}}", true),
    tag("{!!", "!!}", true),
    tag("{%", "%}", false),
    tag("{#", "#}", false),
    tag("<?=", "?>", true),
    tag("<?", "?>", false),
    tag("<%", "%>", false),
];

/// What begins a `<% … %>` that stands for a value.
const PRINTING: [&str; 3] = ["<%=", "<%-", "<%:"];

/// What begins a `{{ … }}` of Go's templates that stands for nothing.
const GO_WORDS: [&str; 8] = ["if ", "else", "end", "range ", "with ", "template ", "block ", "define "];

const fn tag(open: &'static str, close: &'static str, stands_for_value: bool) -> Tag {
    Tag { open, close, stands_for_value }
}

/// The code with every tag replaced by as many bytes: by a name that nothing declares where a value will stand, by
/// white space elsewhere. Inside strings a tag stays, but for what would end the string. `None` where there is no tag.
pub(super) fn without(code: &str) -> Option<String> {
    let mut bytes = code.as_bytes().to_vec();
    let mut at = 0;
    let mut string: Option<u8> = None;
    let mut found = false;
    let mut absent = Absent::default();
    while let Some(&byte) = code.as_bytes().get(at) {
        if let Some((range, stands_for_value)) = tag_at(code, at, &mut absent) {
            found = true;
            at = range.end;
            for (offset, byte) in bytes.get_mut(range).into_iter().flatten().enumerate() {
                *byte = match (string, stands_for_value) {
                    (Some(quote), _) if *byte == quote || matches!(*byte, b'\n' | b'\r' | b'\\') => b'_',
                    (Some(_), _) => *byte,
                    (None, true) => {
                        if offset == 0 {
                            b'_'
                        } else {
                            b'$'
                        }
                    }
                    (None, false) if matches!(*byte, b'\n' | b'\r') => *byte,
                    (None, false) => b' ',
                };
            }
            continue;
        }
        match (string, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(quote), _) if byte == quote || (byte == b'\n' && quote != b'`') => string = None,
            (None, b'"' | b'\'' | b'`') => string = Some(byte),
            (None, b'/') => match code.as_bytes().get(at + 1) {
                Some(b'/') => at = end_of(code, at, "\n") - 1,
                Some(b'*') => at = end_of(code, at + 2, "*/") - 1,
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    // Only whole characters were replaced outside strings, and only ASCII inside them.
    if found { String::from_utf8(bytes).ok() } else { None }
}

/// What closes a tag and does not occur in the rest of the code: looking for it again each time would never end.
#[derive(Default)]
struct Absent(Vec<&'static str>);

/// The tag that begins at `at`, and whether a value takes its place.
fn tag_at(code: &str, at: usize, absent: &mut Absent) -> Option<(Range<usize>, bool)> {
    let rest = code.get(at..)?;
    let tag = TAGS.iter().find(|tag| rest.starts_with(tag.open))?;
    let inside = rest.get(tag.open.len()..)?;
    if absent.0.contains(&tag.close) {
        return None;
    }
    let Some(inner) = memmem::find(inside.as_bytes(), tag.close.as_bytes()) else {
        absent.0.push(tag.close);
        return None;
    };
    let length = tag.open.len() + inner + tag.close.len();
    let stands_for_value = match tag.open {
        "<%" => PRINTING.iter().any(|open| rest.starts_with(open)),
        "{{" => {
            let words = inside.trim_start_matches(['-', ' ']);
            !GO_WORDS.iter().any(|word| words.starts_with(word))
        }
        _ => tag.stands_for_value,
    };
    Some((at..at + length, stands_for_value))
}

/// The offset after the next `end`, or that of the end of the code.
fn end_of(code: &str, from: usize, end: &str) -> usize {
    let rest = code.as_bytes().get(from..).unwrap_or_default();
    memmem::find(rest, end.as_bytes()).map_or(code.len(), |found| from + found + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_without(code: &str, expected: &str) {
        let found = without(code).expect("there is a tag");
        assert_eq!(found, expected);
        assert_eq!(found.len(), code.len());
    }

    #[test]
    fn a_value_becomes_a_name_and_a_statement_nothing() {
        assert_without("var a = {{ user }};", "var a = _$$$$$$$$$;");
        assert_without("{% if a %}b(){% endif %}", "          b()           ");
        assert_without("a = <%= b %>; <% c %>", "a = _$$$$$$$;        ");
        assert_without("{{ if .A }}b({{ .B }}){{ end }}", "           b(_$$$$$$$)         ");
        assert_without("a = <?= $b ?>;\n<?php\nc() ?>", "a = _$$$$$$$$;\n     \n      ");
    }

    #[test]
    fn a_tag_inside_a_string_does_not_end_it() {
        assert_without("a = \"{{ url(\"b\") }}/c\"", "a = \"{{ url(_b_) }}/c\"");
        assert_without("a = 'x{% url 'b' %}'", "a = 'x{% url _b_ %}'");
        assert_without("// it's\na = {{ b }}", "// it's\na = _$$$$$$");
    }

    #[test]
    fn tags_that_are_never_closed_end() {
        assert_eq!(without(&"{{ {% <% <? \n".repeat(200_000)), None);
    }

    #[test]
    fn code_without_tags_is_left_alone() {
        assert_eq!(without("const a = `${b}`; if (a <b) {{ c() }"), None);
        assert_eq!(without("é = '{{ never closed'"), None);
    }
}
