//! Joins lines where Terraform ignores their ends and the parser does not: inside brackets, parentheses and `for` braces.

/// The text with spaces in the place of such line ends, and of comments before them. `None` where there is nothing to join.
pub(super) fn lines(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut open: Vec<bool> = Vec::new();
    let (mut at, mut quoted, mut changed) = (0, false, false);
    while let Some(&here) = bytes.get(at) {
        let joined = open.last() == Some(&true);
        let rest = bytes.get(at..).unwrap_or_default();
        let mut length = 1;
        match here {
            b'\\' if quoted => length = 2,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ if comment(rest) > 0 => {
                length = comment(rest);
                if joined {
                    bytes.get_mut(at..at + length)?.fill(b' ');
                    changed = true;
                }
            }
            b'<' if here_document(rest) > 0 => length = here_document(rest),
            b'[' | b'(' => open.push(true),
            b'{' => {
                let inside = rest.get(1..).unwrap_or_default().trim_ascii_start();
                open.push(inside.starts_with(b"for "));
            }
            b']' | b')' | b'}' => {
                open.pop();
            }
            b'\n' | b'\r' if joined => {
                *bytes.get_mut(at)? = b' ';
                changed = true;
            }
            _ => {}
        }
        at += length;
    }
    changed.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// The length of the comment that the text begins with, without the line end.
fn comment(text: &[u8]) -> usize {
    if text.starts_with(b"#") || text.starts_with(b"//") {
        return memchr::memchr(b'\n', text).unwrap_or(text.len());
    }
    let Some(inside) = text.strip_prefix(b"/*") else { return 0 };
    memchr::memmem::find(inside, b"*/").map_or(0, |end| end + 4)
}

/// The length of the here-document that the text begins with, together with the line end that it needs.
fn here_document(text: &[u8]) -> usize {
    let Some(begin) = text.strip_prefix(b"<<") else { return 0 };
    let begin = begin.strip_prefix(b"-").unwrap_or(begin);
    let name = begin.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let Some((delimiter, mut rest)) = begin.split_at_checked(name).filter(|(name, _)| !name.is_empty())
    else {
        return 0;
    };
    while let Some(end) = memchr::memchr(b'\n', rest) {
        rest = rest.get(end + 1..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        if rest.get(..length).unwrap_or_default().trim_ascii() == delimiter {
            return text.len() - rest.len() + length;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_joined_where_terraform_ignores_them() {
        assert_eq!(lines("a = [\n1,\n]\n").as_deref(), Some("a = [ 1, ]\n"));
        assert_eq!(
            lines("a = { for k, v in x :\nk => v\n}\n").as_deref(),
            Some("a = { for k, v in x : k => v }\n")
        );
        assert_eq!(lines("a = {\n  b = 1\n}\n"), None);
    }

    #[test]
    fn comments_are_no_code_and_give_way_inside_brackets() {
        assert_eq!(lines("# (\na = {\n  b = 1 /* [ */\n}\n"), None);
        assert_eq!(lines("a = [ # b\n1]\n").as_deref(), Some("a = [     1]\n"));
        assert_eq!(lines("a = [\"#\",\n1]\n").as_deref(), Some("a = [\"#\", 1]\n"));
    }

    #[test]
    fn a_here_document_keeps_its_lines() {
        let text = "a = [<<-E\n  [ # x\n  E\n, 1\n]\n";
        assert_eq!(lines(text).as_deref(), Some("a = [<<-E\n  [ # x\n  E\n, 1 ]\n"));
    }
}
