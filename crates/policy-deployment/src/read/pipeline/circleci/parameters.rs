//! Parameters of pipelines, jobs and commands: `<< parameters.tag >>`, `<< pipeline.parameters.tag >>`.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_shell::resolve::{State, expand_document, script_of};
use policy_text::embedded::Embedded;
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

use crate::commands::substituted;

/// The values of parameters, by the path that names them.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(BTreeMap<String, Alternatives>);

impl Parameters {
    /// The defaults of the pipeline's own.
    pub(super) fn of_pipeline(root: Node<'_>) -> Self {
        let mut values = Self::default();
        values.declare(root, "pipeline.parameters.");
        values
    }

    /// What holds in a job or a command that is given nothing.
    pub(super) fn with_defaults(mut self, block: Node<'_>) -> Self {
        self.0.retain(|path, _| path.starts_with("pipeline."));
        self.declare(block, "parameters.");
        self
    }

    fn declare(&mut self, block: Node<'_>, prefix: &str) {
        for (name, parameter) in block.get("parameters").map(Node::entries).unwrap_or_default() {
            let default = parameter.get("default").and_then(Node::embedded);
            if let Some((name, default)) = name.as_str().zip(default) {
                let at = default.span(0..default.as_str().len());
                self.0.insert(format!("{prefix}{name}"), vec![Text::literal(default.as_str(), at)]);
            }
        }
    }

    /// What holds in a job or a command that is called where these hold.
    pub(super) fn given_to(&self, block: Node<'_>, given: Option<Node<'_>>) -> Self {
        let mut inner = self.clone().with_defaults(block);
        let matrix = given.and_then(|given| given.path(&["matrix", "parameters"]));
        for (name, list) in matrix.map(Node::entries).unwrap_or_default() {
            let values: Alternatives = list
                .items()
                .filter_map(Node::embedded)
                .take(MAX_ALTERNATIVES)
                .flat_map(|item| self.put_into(&item))
                .collect();
            if let Some(name) = name.as_str().filter(|_| !values.is_empty()) {
                inner.0.insert(format!("parameters.{name}"), values);
            }
        }
        for (name, value) in given.map(Node::entries).unwrap_or_default() {
            let Some(name) = name.as_str().filter(|name| *name != "matrix") else { continue };
            if let Some(value) = value.embedded() {
                inner.0.insert(format!("parameters.{name}"), self.put_into(&value));
            }
        }
        inner
    }

    /// The text with the parameters put in. It is still text for a shell.
    fn put_into(&self, text: &Embedded) -> Alternatives {
        substituted(text, self.parts_of(text))
    }

    /// What a text stands for in a shell: with the parameters and the shell's variables put in.
    pub(super) fn expand(&self, text: &Embedded, state: &State) -> Alternatives {
        in_shell(&self.put_into(text), state)
    }

    /// The references of a text of a shell, each with its brackets, and what they stand for there.
    pub(super) fn parts_in(&self, text: &Embedded, state: &State) -> Vec<(Range<usize>, Alternatives)> {
        let parts = self.parts_of(text).into_iter().map(|(range, values)| {
            let at = text.span(range.clone());
            let note = format!("`{}` is used here", path_in(text, &range));
            let values = in_shell(&values, state);
            (range, values.iter().map(|value| value.through(at, note.clone())).collect())
        });
        parts.collect()
    }

    /// The references of a text, each with its brackets, and what they stand for.
    fn parts_of(&self, text: &Embedded) -> Vec<(Range<usize>, Alternatives)> {
        let parts = references(text.as_str()).into_iter().map(|range| {
            let path = path_in(text, &range);
            let values = self.0.get(path).cloned();
            let values = values.unwrap_or_else(|| vec![Text::hole(origin(path), text.span(range.clone()))]);
            (range, values)
        });
        parts.collect()
    }
}

/// The path between the brackets.
fn path_in<'t>(text: &'t Embedded, range: &Range<usize>) -> &'t str {
    text.as_str().get(range.start + 2..range.end.saturating_sub(2)).unwrap_or_default().trim()
}

/// The values with the variables of the shell put in: parameters are, before the shell reads the text.
fn in_shell(values: &Alternatives, state: &State) -> Alternatives {
    let expanded = values.iter().flat_map(|value| {
        let mut state = state.clone();
        match script_of(value, &mut state).filter(|text| text.as_str().contains('$')) {
            Some(text) => expand_document(&text, &mut state),
            None => vec![value.clone()],
        }
    });
    expanded.take(MAX_ALTERNATIVES).collect()
}

fn origin(path: &str) -> Origin {
    match path {
        "pipeline.id" | "pipeline.number" | "pipeline.git.revision" | "pipeline.git.tag" => {
            Origin::Unique(path.into())
        }
        _ => Origin::Parameter(path.into()),
    }
}

/// The `<< parameters.x >>` and `<< pipeline.x >>` of a text.
fn references(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<<")).map(|start| at + start) {
        at = start + 2;
        let rest = text.get(at..).unwrap_or_default();
        let path = rest.trim_start_matches(' ');
        if !["parameters.", "pipeline.", "matrix."].iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        let length = path.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'));
        let behind = path.get(length.unwrap_or(path.len())..).unwrap_or_default().trim_start_matches(' ');
        if let Some(behind) = behind.strip_prefix(">>") {
            at = text.len() - behind.len();
            found.push(start..at);
        }
    }
    found
}
