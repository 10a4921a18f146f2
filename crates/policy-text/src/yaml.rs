//! YAML: a tree of nodes with byte places, in which aliases and merges are followed only when asked.

mod scalar;
mod tree;

pub use tree::{Node, Yaml};

use std::collections::HashMap;

use granit_parser::{Event, Parser};

use super::Problem;
use super::budget::Budget;
use super::embedded::Embedded;
use tree::{Content, NodeId, Scalar};

/// Reads YAML documents. What stands before an error is kept.
///
/// An alias costs as many steps as there are nodes in what it repeats, so that whoever walks the tree, aliases followed, walks
/// no farther than its text may cost. An alias that costs too much, or repeats what it stands in, is one to nothing.
pub fn parse_tree(source: &Embedded) -> (Yaml, Vec<Problem>) {
    let mut yaml = Yaml::new(source.clone());
    let text = source.as_str();
    let mut problems = Vec::new();
    let options = granit_parser::options! { emit_comments: false, emit_unresolved_aliases: true };
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Anchored> = HashMap::new();
    let budget = Budget::for_bytes(text.len());
    // How many nodes there are so far, with those that aliases repeat.
    let mut nodes = 0_usize;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                let offset = error.marker().byte_offset().unwrap_or_default().min(text.len());
                let message = format!("not valid YAML from here on: {}", error.info());
                problems.push(Problem::unreadable(source.span(offset..offset), message));
                break;
            }
        };
        let range = span.byte_range().unwrap_or_default();
        let tag = event.tag().filter(|tag| tag.handle() == "!").map(|tag| tag.suffix().to_owned());
        let (content, anchor) = match event {
            Event::Scalar(value, style, anchor, _) => {
                (Content::Scalar(Scalar { value: value.into(), style }), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (Content::Sequence(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => (Content::Mapping(Vec::new()), anchor),
            Event::Alias(id) => match anchors.get(&id) {
                Some(&Anchored { node, size: Some(size) }) => match budget.spend(size) {
                    Ok(()) => {
                        nodes += size;
                        (Content::Alias(node), 0)
                    }
                    Err(refused) => {
                        if refused.is_first {
                            let message = "the aliases of this file repeat more of it than is followed; they are left \
                                           out from here on";
                            problems.push(Problem::too_costly(source.span(range.clone()), message));
                        }
                        (Content::Missing, 0)
                    }
                },
                _ => (Content::Missing, 0),
            },
            Event::UnresolvedAlias(_) => (Content::Missing, 0),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(done) = open.pop() {
                    yaml.close(done.node, range.end);
                    if let Some(anchored) = anchors.get_mut(&done.anchor) {
                        anchored.size = Some(nodes - done.before);
                    }
                }
                continue;
            }
            _ => continue,
        };
        let container = matches!(content, Content::Sequence(_) | Content::Mapping(_));
        let node = yaml.add(content, range);
        if let Some(tag) = tag {
            yaml.tag(node, &tag);
        }
        let before = nodes;
        nodes += 1;
        if anchor != 0 {
            anchors.insert(anchor, Anchored { node, size: (!container).then_some(1) });
        }
        match open.last_mut() {
            None => yaml.add_document(node),
            Some(parent) => match (parent.mapping, parent.key.take()) {
                (true, None) => parent.key = Some(node),
                (true, Some(key)) => yaml.add_entry(parent.node, key, node),
                (false, _) => yaml.add_item(parent.node, node),
            },
        }
        if container {
            open.push(Open { node, anchor, before, mapping: yaml.is_mapping(node), key: None });
        }
    }
    yaml.sort_wide();
    (yaml, problems)
}

/// What aliases can repeat.
struct Anchored {
    node: NodeId,
    /// Of how many nodes it is, with those that its own aliases repeat. `None` until its end has been seen.
    size: Option<usize>,
}

/// A container whose end has not been seen yet.
struct Open {
    node: NodeId,
    /// The number of its anchor; zero where it has none.
    anchor: usize,
    /// How many nodes there were before it.
    before: usize,
    mapping: bool,
    /// The key whose value comes next.
    key: Option<NodeId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProblemKind;
    use crate::source::FileId;

    fn read(text: &str) -> Yaml {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        yaml
    }

    #[test]
    fn a_key_is_found_in_a_mapping_of_any_width() {
        for width in [3, 500] {
            let keys = (0..width).fold(String::new(), |keys, at| keys + &format!("k{at}: {at}\n"));
            let yaml = read(&format!("{keys}k1: last\n? [list]\n: 1\n"));
            let mapping = yaml.root().unwrap();
            let value = |key: &str| mapping.get(key).and_then(Node::as_str);
            assert_eq!((value("k0"), value("k1"), value("k2")), (Some("0"), Some("last"), Some("2")));
            assert_eq!((value("k"), value("z"), value("")), (None, None, None));
        }
    }

    #[test]
    fn nodes_are_found_by_their_keys_and_know_their_places() {
        let text = "services:\n  web:\n    image: 'nginx:1.29'\n    ports: [80, 443]\n";
        let yaml = read(text);
        let web = yaml.root().unwrap().get("services").unwrap().get("web").unwrap();
        let image = web.get("image").unwrap();
        assert_eq!(image.as_str(), Some("nginx:1.29"));
        assert_eq!(&text[image.span().range()], "'nginx:1.29'");
        assert_eq!(
            web.get("ports").unwrap().items().filter_map(Node::as_str).collect::<Vec<_>>(),
            ["80", "443"]
        );
        assert!(web.get("build").is_none());
    }

    #[test]
    fn tags_of_a_program_are_kept() {
        let yaml = read("a: !Sub 'x-${y}'\nb: !Join ['', [a]]\nc: !!str d\n");
        let root = yaml.root().unwrap();
        assert_eq!(root.get("a").unwrap().tag(), Some("Sub"));
        assert_eq!(root.get("a").unwrap().as_str(), Some("x-${y}"));
        assert_eq!(root.get("b").unwrap().tag(), Some("Join"));
        assert_eq!(root.get("c").unwrap().tag(), None);
    }

    #[test]
    fn aliases_and_merges_are_followed_and_own_keys_win() {
        let yaml = read("x: &base {image: a, restart: always}\nweb:\n  <<: *base\n  image: b\nalso: *base\n");
        let root = yaml.root().unwrap();
        let web = root.get("web").unwrap();
        assert_eq!(web.get("image").unwrap().as_str(), Some("b"));
        assert_eq!(web.get("restart").unwrap().as_str(), Some("always"));
        assert_eq!(
            web.entries().iter().filter_map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            ["image", "restart"]
        );
        assert_eq!(root.get("also").unwrap().get("image").unwrap().as_str(), Some("a"));
    }

    #[test]
    fn a_merge_into_itself_ends() {
        let yaml = read("a: &a\n  <<: *a\n  b: 1\n");
        assert_eq!(yaml.root().unwrap().get("a").unwrap().get("b").unwrap().as_str(), Some("1"));
        assert!(yaml.root().unwrap().get("a").unwrap().get("c").is_none());
    }

    fn nodes(node: Node<'_>) -> usize {
        1 + node.items().map(nodes).sum::<usize>()
            + node.entries().into_iter().map(|(_, value)| nodes(value)).sum::<usize>()
    }

    #[test]
    fn aliases_that_multiply_are_left_out_and_others_followed() {
        let level = |level: usize| {
            let item = if level == 0 { "x".to_owned() } else { format!("*a{}", level - 1) };
            format!("a{level}: &a{level} [{}]\n", vec![item; 9].join(", "))
        };
        let text: String = (0..12).map(level).collect();
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), &text));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].kind, ProblemKind::TooCostly);
        let root = yaml.root().unwrap();
        assert!(nodes(root) < 20_000, "{}", nodes(root));
        assert_eq!(nodes(root.get("a1").unwrap()), 1 + 9 * 10);

        let itself = parse_tree(&Embedded::whole(FileId(0), "a: &a {b: [*a, *a], c: d}\n")).0;
        assert_eq!(itself.root().unwrap().get("a").unwrap().get("c").unwrap().as_str(), Some("d"));
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), "a: 1\nb: 'open\n"));
        assert_eq!(yaml.root().unwrap().get("a").unwrap().as_str(), Some("1"));
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn deep_nesting_is_refused_with_a_problem() {
        let (_, problems) = parse_tree(&Embedded::whole(FileId(0), &"[".repeat(100_000)));
        assert_eq!(problems.len(), 1);
        let lines: Vec<String> = (0..5_000).map(|depth| " ".repeat(depth) + "a:").collect();
        let text = lines.join("\n");
        assert_eq!(parse_tree(&Embedded::whole(FileId(0), &text)).1.len(), 1);
    }

    #[test]
    fn text_in_a_block_knows_where_each_line_stands() {
        let text =
            "run: |\n    cd app\n      docker push x\nfold: >-\n  a b\n  c\nquoted: \"a\\tb ü\n  c\"\n";
        let yaml = read(text);
        let root = yaml.root().unwrap();
        for (key, cooked, word) in [
            ("run", "cd app\n  docker push x\n", "push"),
            ("fold", "a b c", "c"),
            ("quoted", "a\tb ü c", "c"),
        ] {
            let embedded = root.get(key).unwrap().embedded().unwrap();
            assert_eq!(embedded.as_str(), cooked);
            let at = cooked.rfind(word).unwrap();
            assert_eq!(&text[embedded.span(at..at + word.len()).range()], word, "{key}");
        }
    }
}
