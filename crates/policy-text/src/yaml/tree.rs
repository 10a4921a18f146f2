//! The nodes of a YAML file in one flat list: nothing here recurses, whatever the file's depth.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::ScalarStyle;

use super::scalar;
use crate::embedded::Embedded;
use crate::source::{FileId, Span};

/// How deep all nodes are looked for.
const MAX_DEPTH: usize = 16;

/// How many aliases in a row, and how many merges inside merges, are followed.
const MAX_HOPS: usize = 8;

/// Mappings of more entries have their keys sorted: whoever looks up each key of one would otherwise walk it as often.
const WIDE: usize = 64;

/// The documents of one file.
#[derive(Debug)]
pub struct Yaml {
    source: Embedded,
    nodes: Vec<(Content, Range<u32>)>,
    /// The tags of a program's own, in the order of nodes.
    tags: Vec<(NodeId, Box<str>)>,
    documents: Vec<NodeId>,
    /// The entries of wide mappings, sorted by their keys, then by place.
    wide: BTreeMap<NodeId, Vec<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(u32);

#[derive(Debug)]
pub(super) enum Content {
    Scalar(Scalar),
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    Alias(NodeId),
    /// An alias to nothing.
    Missing,
}

#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) value: Box<str>,
    pub(super) style: ScalarStyle,
}

/// One node, with aliases followed.
#[derive(Clone, Copy, Debug)]
pub struct Node<'y> {
    yaml: &'y Yaml,
    id: NodeId,
}

impl Yaml {
    pub(super) fn new(source: Embedded) -> Self {
        Self { source, nodes: Vec::new(), tags: Vec::new(), documents: Vec::new(), wide: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, content: Content, range: Range<usize>) -> NodeId {
        self.nodes.push((content, range.start as u32..range.end as u32));
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// Gives the newest node a tag.
    pub(super) fn tag(&mut self, node: NodeId, tag: &str) {
        self.tags.push((node, tag.into()));
    }

    pub(super) fn close(&mut self, node: NodeId, end: usize) {
        if let Some((_, range)) = self.nodes.get_mut(node.0 as usize) {
            range.end = (end as u32).max(range.start);
        }
    }

    pub(super) fn add_document(&mut self, root: NodeId) {
        self.documents.push(root);
    }

    pub(super) fn add_item(&mut self, sequence: NodeId, item: NodeId) {
        if let Some((Content::Sequence(items), _)) = self.nodes.get_mut(sequence.0 as usize) {
            items.push(item);
        }
    }

    pub(super) fn add_entry(&mut self, mapping: NodeId, key: NodeId, value: NodeId) {
        if let Some((Content::Mapping(entries), _)) = self.nodes.get_mut(mapping.0 as usize) {
            entries.push((key, value));
        }
    }

    /// Sorts the keys of wide mappings, once all is read.
    pub(super) fn sort_wide(&mut self) {
        let wide = (0..).map(NodeId).zip(&self.nodes).filter_map(|(id, (content, _))| match content {
            Content::Mapping(entries) if entries.len() > WIDE => Some((id, entries)),
            _ => None,
        });
        let sorted = wide.map(|(id, entries)| {
            let key = |entry: &u32| {
                let (key, _) = entries.get(*entry as usize)?;
                Node { yaml: self, id: *key }.followed().as_str()
            };
            let mut order: Vec<u32> = (0..entries.len() as u32).collect();
            order.sort_by_cached_key(key);
            (id, order)
        });
        self.wide = sorted.collect();
    }

    pub(super) fn is_mapping(&self, node: NodeId) -> bool {
        matches!(self.nodes.get(node.0 as usize), Some((Content::Mapping(_), _)))
    }

    /// The file the documents stand in.
    pub fn file(&self) -> FileId {
        self.source.file()
    }

    /// How many bytes they are.
    pub fn size(&self) -> usize {
        self.source.as_str().len()
    }

    /// The top nodes of all documents.
    pub fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.documents.iter().map(|&id| Node { yaml: self, id }.followed())
    }

    /// All nodes of all documents, in no order to rely on. An alias is what it stands for, at each place; what lies
    /// deeper than 16 levels is left out.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let mut open: Vec<(Node<'_>, usize)> = self.documents().map(|document| (document, 0)).collect();
        std::iter::from_fn(move || {
            let (node, depth) = open.pop()?;
            if depth < MAX_DEPTH {
                open.extend(node.entries().into_iter().map(|(_, value)| (value, depth + 1)));
                open.extend(node.items().map(|item| (item, depth + 1)));
            }
            Some(node)
        })
    }

    /// The top node of the first document.
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }
}

impl<'y> Node<'y> {
    fn raw(self) -> (&'y Content, Range<u32>) {
        match self.yaml.nodes.get(self.id.0 as usize) {
            Some((content, range)) => (content, range.clone()),
            None => (&Content::Missing, 0..0),
        }
    }

    fn at(self, id: NodeId) -> Self {
        Node { id, ..self }.followed()
    }

    fn followed(mut self) -> Self {
        for _ in 0..MAX_HOPS {
            match self.raw().0 {
                Content::Alias(target) => self.id = *target,
                _ => break,
            }
        }
        self
    }

    /// Where the node is written: for an alias, where its target is.
    pub fn span(self) -> Span {
        let (content, range) = self.raw();
        let (start, mut end) = (range.start as usize, range.end as usize);
        // A block ends where the next token begins: take the blank lines and the indent away.
        if !matches!(
            content,
            Content::Scalar(Scalar { style: ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, .. })
        ) {
            let text = self.yaml.source.as_str().get(start..end).unwrap_or_default();
            end = start + text.trim_end().len();
        }
        self.yaml.source.span(start..end)
    }

    /// What stands behind the node in its last line, such as a comment.
    pub fn rest_of_line(self) -> &'y str {
        let end = self.raw().1.end as usize;
        self.yaml.source.as_str().get(end..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// The tag of a program's own, without its mark: `Ref` for `!Ref`.
    pub fn tag(self) -> Option<&'y str> {
        let index = self.yaml.tags.binary_search_by_key(&self.id, |(id, _)| *id).ok()?;
        self.yaml.tags.get(index).map(|(_, tag)| &**tag)
    }

    /// The text of a scalar. An absent value is the empty string.
    pub fn as_str(self) -> Option<&'y str> {
        match self.raw() {
            (Content::Scalar(scalar), range) if range.is_empty() && &*scalar.value == "~" => Some(""),
            (Content::Scalar(scalar), _) => Some(&scalar.value),
            _ => None,
        }
    }

    /// The text of a scalar with the place of each of its parts.
    pub fn embedded(self) -> Option<Embedded> {
        let value = self.as_str()?;
        let (Content::Scalar(scalar), range) = self.raw() else { return None };
        let start = range.start as usize;
        let raw = self.yaml.source.as_str().get(start..range.end as usize).unwrap_or_default();
        Some(scalar::embed(value, scalar.style, raw, start).inside(&self.yaml.source))
    }

    /// Whether the node is a scalar without quotes, which may be a number or a truth value.
    pub fn is_plain(self) -> bool {
        matches!(self.raw().0, Content::Scalar(Scalar { style: ScalarStyle::Plain, .. }))
    }

    /// Whether the node says that there is nothing: `null`, `~`, or no value at all.
    pub fn is_null(self) -> bool {
        self.is_plain() && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether the node is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.raw().0, Content::Mapping(_))
    }

    /// Whether the node is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.raw().0, Content::Sequence(_))
    }

    /// The items of a sequence; of anything else, none.
    pub fn items(self) -> impl Iterator<Item = Node<'y>> {
        let items: &[NodeId] = match self.raw().0 {
            Content::Sequence(items) => items,
            _ => &[],
        };
        items.iter().map(move |&id| self.at(id))
    }

    /// The value of `key` in a mapping, its own or merged into it by `<<`.
    pub fn get(self, key: &str) -> Option<Node<'y>> {
        self.own(key).or_else(|| self.merged(0).into_iter().find_map(|source| source.own(key)))
    }

    /// The value below a path of keys.
    pub fn path(self, keys: &[&str]) -> Option<Node<'y>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    fn own(self, key: &str) -> Option<Node<'y>> {
        // Of a key that is written twice the last counts, as in most readers.
        if let (Some(order), Content::Mapping(entries)) = (self.yaml.wide.get(&self.id), self.raw().0) {
            let entry = |at: &u32| entries.get(*at as usize);
            let is_not_behind = |at: &u32| entry(at).and_then(|(own, _)| self.at(*own).as_str()) <= Some(key);
            let last = order.get(order.partition_point(is_not_behind).checked_sub(1)?)?;
            let (own, value) = entry(last)?;
            return (self.at(*own).as_str() == Some(key)).then(|| self.at(*value));
        }
        self.own_entries().filter(|(name, _)| name.as_str() == Some(key)).last().map(|(_, value)| value)
    }

    fn own_entries(self) -> impl Iterator<Item = (Node<'y>, Node<'y>)> {
        let entries: &[(NodeId, NodeId)] = match self.raw().0 {
            Content::Mapping(entries) => entries,
            _ => &[],
        };
        entries.iter().map(move |&(key, value)| (self.at(key), self.at(value)))
    }

    /// The mappings that `<<` brings in, the strongest first.
    fn merged(self, depth: usize) -> Vec<Node<'y>> {
        let Some(sources) = self.own("<<").filter(|_| depth < MAX_HOPS) else { return Vec::new() };
        let listed: Vec<Node<'y>> =
            if sources.is_sequence() { sources.items().take(MAX_HOPS).collect() } else { vec![sources] };
        let mut all = Vec::new();
        for source in listed.into_iter().filter(|source| source.is_mapping() && source.id != self.id) {
            all.push(source);
            if all.len() < 64 {
                all.extend(source.merged(depth + 1));
            }
        }
        all
    }

    /// The entries of a mapping in their order, its own before those merged into it by `<<`.
    pub fn entries(self) -> Vec<(Node<'y>, Node<'y>)> {
        let mut entries: Vec<_> = self.own_entries().filter(|(key, _)| key.as_str() != Some("<<")).collect();
        let merged = self.merged(0);
        if merged.is_empty() {
            return entries;
        }
        let mut seen: std::collections::HashSet<&str> =
            entries.iter().filter_map(|(key, _)| key.as_str()).collect();
        for (key, value) in merged.into_iter().flat_map(Node::own_entries) {
            if key.as_str().is_some_and(|name| name != "<<" && seen.insert(name)) {
                entries.push((key, value));
            }
        }
        entries
    }
}
