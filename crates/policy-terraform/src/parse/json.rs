//! Terraform's JSON syntax, read into the same tree as the native one.

use std::sync::Arc;

use policy_text::Problem;
use policy_text::json::{self, Member, Node, Value};
use policy_text::source::{FileId, Span};

use super::file::Role;
use super::number::Number;
use super::read;
use super::syntax::{Attribute, Block, Body, Contents, Expr, ExprKind};

/// Reads a whole file. `base` is added to all places.
pub(super) fn body(file: FileId, text: &str, base: usize, role: Role) -> (Body, Vec<Problem>) {
    let values = role == Role::Values;
    let document = Document { file, base, values };
    match json::parse(text) {
        Ok(root) if values => (document.attributes(members(&root)), Vec::new()),
        Ok(root) => {
            let mut body = Body::default();
            for member in members(&root) {
                document.top_level(member, &mut body);
            }
            (body, Vec::new())
        }
        Err(error) => {
            let at = Span::new(file, base + error.range.start..base + error.range.end);
            (Body::default(), vec![Problem::unreadable(at, format!("this is not valid JSON: {error}"))])
        }
    }
}

fn members(node: &Node) -> &[Member] {
    match &node.value {
        Value::Object(members) => members,
        _ => &[],
    }
}

/// The objects at a place where Terraform takes one block or a list of them.
fn objects(node: &Node) -> impl Iterator<Item = &Node> {
    let nodes = match &node.value {
        Value::Array(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes.iter().filter(|node| matches!(node.value, Value::Object(_)))
}

#[derive(Clone, Copy)]
struct Document {
    file: FileId,
    base: usize,
    values: bool,
}

impl Document {
    fn span(self, range: &std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start..self.base + range.end)
    }

    fn top_level(self, member: &Member, body: &mut Body) {
        let labels = match member.name.as_str() {
            "resource" | "data" | "ephemeral" => 2,
            // Bake files share the syntax, and have targets and groups.
            "module" | "variable" | "output" | "provider" | "target" | "group" => 1,
            "locals" | "terraform" | "moved" | "import" | "removed" => 0,
            // A comment (`//`), or nothing that Terraform knows.
            _ => return,
        };
        self.labelled(member, member, labels, &[], body);
    }

    /// Reads the levels of names that stand for labels, then the blocks themselves.
    fn labelled<'j>(
        self,
        kind: &'j Member,
        named: &'j Member,
        missing: usize,
        labels: &[&'j str],
        body: &mut Body,
    ) {
        for node in objects(&named.value) {
            if missing == 0 {
                body.blocks.push(Block {
                    kind: Arc::from(kind.name.as_str()),
                    labels: labels.iter().copied().map(Arc::from).collect(),
                    at: self.span(&named.name_range),
                    contents: Contents::Read(self.attributes(members(node))),
                });
                continue;
            }
            for inner in members(node) {
                self.labelled(kind, inner, missing - 1, &[labels, &[&inner.name]].concat(), body);
            }
        }
    }

    /// The members as attributes. JSON does not tell a nested block from an argument that is an object, so that each
    /// object is both, as is each list of objects: who asks for the one does not see the other.
    fn attributes(self, members: &[Member]) -> Body {
        let mut body = Body::default();
        for member in members {
            body.attributes.push(Attribute {
                name: Arc::from(member.name.as_str()),
                name_at: self.span(&member.name_range),
                value: self.expression(&member.value),
            });
            if self.values {
                continue;
            }
            if member.name == "dynamic" {
                self.labelled(member, member, 1, &[], &mut body);
            } else {
                self.labelled(member, member, 0, &[], &mut body);
            }
        }
        body
    }

    fn expression(self, node: &Node) -> Expr {
        let at = self.span(&node.range);
        let kind = match &node.value {
            Value::Null => ExprKind::Null,
            Value::Bool(value) => ExprKind::Bool(*value),
            Value::Number(written) => Number::parse(written)
                .map_or(ExprKind::Unreadable("a number that is too large"), ExprKind::Number),
            Value::String(text) => return self.string(text, at),
            Value::Array(items) => ExprKind::List(items.iter().map(|item| self.expression(item)).collect()),
            Value::Object(members) => ExprKind::Object(
                members.iter().map(|member| (self.key(member), self.expression(&member.value))).collect(),
            ),
        };
        Expr { at, kind }
    }

    fn key(self, member: &Member) -> Expr {
        self.string(&member.name, self.span(&member.name_range))
    }

    /// A string of the configuration is a template; a variable's value is only characters.
    fn string(self, text: &str, at: Span) -> Expr {
        let plain = || Expr { at, kind: ExprKind::String(Arc::from(text)) };
        if self.values || !(text.contains("${") || text.contains("%{")) {
            return plain();
        }
        match read::template(self.file, text, at.start as usize + 1) {
            Ok(parts) => Expr { at, kind: ExprKind::Template(parts.into()) },
            Err(_) => Expr { at, kind: ExprKind::Unreadable("a string that is not a valid template") },
        }
    }
}
