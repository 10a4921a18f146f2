//! YAML: a tree of nodes with byte places, in which aliases and merges are followed only when asked.

mod flavour;
mod scalar;
mod tree;

pub use flavour::Flavour;
pub use tree::{Node, Yaml};

use granit_parser::{Event, Parser};

use super::Problem;
use super::embedded::Embedded;
use crate::source::{FileId, RepoPath};
use tree::{Content, NodeId, Scalar};

/// One YAML file that says something about images or builds.
#[derive(Debug)]
pub struct File {
    /// What it is for.
    pub flavour: Flavour,
    /// Its documents.
    pub yaml: Yaml,
}

/// Reads one file. `None` where nothing in it can matter, which is decided without parsing; `has_commands` says whether a
/// text names a command that matters.
pub fn parse(
    file: FileId,
    path: &RepoPath,
    text: &str,
    has_commands: fn(&str) -> bool,
) -> Option<(File, Vec<Problem>)> {
    let flavour = flavour::flavour(path, text, has_commands)?;
    let (yaml, problems) = parse_tree(&Embedded::whole(file, text));
    if !problems.is_empty() && flavour::may_be_template(flavour, text) {
        return None;
    }
    Some((File { flavour, yaml }, problems))
}

/// Reads YAML documents. What stands before an error is kept.
pub(crate) fn parse_tree(source: &Embedded) -> (Yaml, Vec<Problem>) {
    let mut yaml = Yaml::new(source.clone());
    let text = source.as_str();
    let mut problems = Vec::new();
    let options = granit_parser::options! { emit_comments: false, emit_unresolved_aliases: true };
    let mut open: Vec<Open> = Vec::new();
    let mut anchors = std::collections::HashMap::new();
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                let offset = error.marker().byte_offset().unwrap_or_default().min(text.len());
                let message = format!("not valid YAML from here on: {}", error.info());
                problems.push(Problem { at: source.span(offset..offset), message });
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
                Some(&target) => (Content::Alias(target), 0),
                None => (Content::Missing, 0),
            },
            Event::UnresolvedAlias(_) => (Content::Missing, 0),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(done) = open.pop() {
                    yaml.close(done.node, range.end);
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
        if anchor != 0 {
            anchors.insert(anchor, node);
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
            open.push(Open { node, mapping: yaml.is_mapping(node), key: None });
        }
    }
    (yaml, problems)
}

/// A container whose end has not been seen yet.
struct Open {
    node: NodeId,
    mapping: bool,
    /// The key whose value comes next.
    key: Option<NodeId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Yaml {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        yaml
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

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), "a: 1\nb: 'open\n"));
        assert_eq!(yaml.root().unwrap().get("a").unwrap().as_str(), Some("1"));
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_template_is_no_yaml_and_a_template_inside_a_text_is_none() {
        let manifest = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: x}]}\n";
        let read = |rest: &str| {
            let path = RepoPath::new("k8s/web.yaml").unwrap();
            parse(FileId(0), &path, &format!("{manifest}{rest}"), |_| false)
                .map(|(_, problems)| problems.len())
        };
        assert_eq!(read("rules: |\n  {{ $labels.x }}\n"), Some(0));
        assert_eq!(read("{{- if .Values.x }}\nmetadata: {a: b}\n{{- end }}\n"), None);
        assert_eq!(read("metadata: {a: b\n"), Some(1));
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
