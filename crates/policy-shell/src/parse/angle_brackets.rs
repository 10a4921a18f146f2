//! Placeholders such as `<account>` in a script that somebody is to fill in: to a shell they would be redirections.

use std::ops::Range;

use policy_text::embedded::Embedded;
use policy_text::source::FileId;

/// The text with other brackets around its placeholders. Only what runs on behind the bracket is a placeholder:
/// `<account>.example.com`, and not `sort <names >sorted`.
pub(super) fn taken_off(file: FileId, text: &str) -> Embedded {
    let mut result = Embedded::new(file);
    let mut at = 0;
    for range in placeholders(text) {
        result.push(text.get(at..range.start).unwrap_or_default(), at);
        let name = text.get(range.start + 1..range.end - 1).unwrap_or_default();
        result.push_replacement(&format!("\u{2039}{name}\u{203a}"), range.clone());
        at = range.end;
    }
    result.push(text.get(at..).unwrap_or_default(), at);
    result
}

fn placeholders(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('<') {
        let rest = text.get(start + 1..).unwrap_or_default();
        let length =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
        let closes = rest
            .get(length..)
            .is_some_and(|rest| [">.", ">/", ">:", ">@", ">-"].iter().any(|end| rest.starts_with(end)));
        let begins = !text.get(..start).is_some_and(|before| before.ends_with('<'));
        if length > 0 && closes && begins {
            found.push(start..start + length + 2);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_redirections() {
        let taken = |text: &str| taken_off(FileId(0), text).as_str().to_owned();
        assert_eq!(
            taken("docker pull <account>.ecr/x:latest\n"),
            "docker pull \u{2039}account\u{203a}.ecr/x:latest\n"
        );
        for text in ["sort <names >sorted\n", "cat <<EOF>/tmp/x\nEOF\n", "a < b > c\n", "x <(y)\n"] {
            assert_eq!(taken(text), text);
        }
    }

    #[test]
    fn places_behind_a_placeholder_are_right() {
        let text = "pull <account>.io/x:latest\n";
        let taken = taken_off(FileId(0), text);
        let at = taken.as_str().find("latest").unwrap();
        assert_eq!(&text[taken.span(at..at + 6).range()], "latest");
    }
}
