//! JSON in an argument, of which parts may be unknown: `[{"image": "r.io/web:$TAG"}, $SIDECAR]`.

use policy_text::json::{self, Node};
use policy_text::value::{Piece, Text};

/// Stands for what is unknown in a string. It takes one byte, as a hole of a [`Text`] does, so that places stay true.
const IN_STRING: char = '\u{7f}';
/// Stands for a value that is unknown as a whole.
const VALUE: char = '0';

/// The strings of all members called `name`, at any depth. What is no JSON has none.
pub(super) fn strings_named(name: &str, text: &Text) -> Vec<Text> {
    let Ok(root) = json::parse(&written(text)) else { return Vec::new() };
    let mut found = Vec::new();
    collect(&root, name, text, &mut found);
    found
}

/// The strings called `name` of the members of the list `list`.
pub(super) fn strings_in(list: &str, name: &str, text: &Text) -> Vec<Text> {
    let Ok(root) = json::parse(&written(text)) else { return Vec::new() };
    let members = root.get(list).map(Node::elements).unwrap_or_default();
    let named = members.iter().filter_map(|member| member.get(name));
    named.filter(|node| node.as_str().is_some()).map(|node| text.slice(node.inner_range())).collect()
}

fn collect(node: &Node, name: &str, text: &Text, found: &mut Vec<Text>) {
    for member in node.members() {
        if member.name == name && member.value.as_str().is_some() {
            found.push(text.slice(member.value.inner_range()));
        }
        collect(&member.value, name, text, found);
    }
    node.elements().iter().for_each(|element| collect(element, name, text, found));
}

/// The text with something that JSON may have in the place of every hole.
fn written(text: &Text) -> String {
    let mut written = String::new();
    let (mut in_string, mut escaped) = (false, false);
    for piece in text.pieces() {
        let Piece::Literal(literal, _) = piece else {
            written.push(if in_string { IN_STRING } else { VALUE });
            escaped = false;
            continue;
        };
        for character in literal.chars() {
            in_string ^= character == '"' && !escaped;
            escaped = in_string && character == '\\' && !escaped;
        }
        written.push_str(literal);
    }
    written
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};
    use policy_text::value::Origin;

    use super::*;

    /// Of a text in which `$` is a hole.
    fn images(json: &str) -> Vec<String> {
        let at = Span::start_of(FileId(0));
        let mut text = Text::empty();
        for (index, part) in json.split('$').enumerate() {
            if index > 0 {
                text.append(&Text::hole(Origin::Environment("X".into()), at));
            }
            text.append(&Text::literal(part, at));
        }
        strings_named("image", &text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn holes_are_parts_of_strings_or_whole_values() {
        assert_eq!(
            images(r#"[{"image": "$/web:$"}, $, {"cpu": $, "image" : "b:1"}]"#),
            ["${X}/web:${X}", "b:1"]
        );
        assert_eq!(images(r#"{"containerDefinitions": [{"image": "é/\\$:1"}]}"#), [r"é/\\${X}:1"]);
    }

    #[test]
    fn what_only_looks_like_a_member_is_none() {
        assert_eq!(images(r#"{"command": "{\"image\": \"a:1\"}", "image": {"image": 3}}"#), [""; 0]);
        assert_eq!(images(r#"{"image": "a:1""#), [""; 0]);
        assert_eq!(images("file://task.json"), [""; 0]);
    }
}
