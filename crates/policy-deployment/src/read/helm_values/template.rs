//! The templates of a Helm chart: which values make the image in an `image:` line, whatever they are called.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_text::source::{FileId, Span};
use policy_text::value::{Piece, Text};
use policy_text::yaml::Node;

use super::evaluation;
use super::expression::{Action, action};
use crate::documents::manifest::KEPT;

/// The templates of a chart, and the helpers that they define.
#[derive(Debug, Default)]
pub(super) struct Templates {
    lines: Vec<Line>,
    pub(super) helpers: BTreeMap<String, (FileId, Vec<Part>)>,
}

/// An `image:` line of a container.
#[derive(Debug)]
struct Line {
    file: FileId,
    reference: Vec<Part>,
    /// What its `imagePullPolicy:` says, where it has one.
    policy: Vec<Part>,
}

/// An image that a line makes of values.
pub(super) struct TemplatedImage {
    pub(super) reference: Text,
    /// The value that stands last in it.
    pub(super) at: Span,
    /// What says that a node keeps what it once pulled.
    pub(super) kept_by: Option<Span>,
}

/// A part of a template, with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Text(String),
    Action(Action),
}

impl Templates {
    /// Adds the template in `file`: its helpers, and the `image:` lines that nothing but values makes.
    pub(super) fn add(&mut self, file: FileId, text: &str) {
        let mut start = 0;
        // The column of the keys of the container whose image stood last.
        let mut container = None;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim_start().trim_start_matches("- ").trim_start();
            let (begins, column) = (line.len() - line.trim_start().len(), line.len() - trimmed.len());
            // What begins further left is another container, or what stands around.
            let goes_on = trimmed.is_empty() || trimmed.starts_with("{{");
            container = container.filter(|container| goes_on || begins >= *container);
            if let Some(value) = trimmed.strip_prefix("image:") {
                let reference = parts_of_value(line, value, start);
                self.lines.push(Line { file, reference, policy: Vec::new() });
                container = Some(column);
            } else if container == Some(column)
                && let Some(value) = trimmed.strip_prefix("imagePullPolicy:")
                && let Some(last) = self.lines.last_mut()
            {
                last.policy = parts_of_value(line, value, start);
            }
            start += line.len();
        }
        if text.contains("define") {
            self.add_helpers(file, parts(text, 0));
        }
    }

    fn add_helpers(&mut self, file: FileId, parts: Vec<Part>) {
        let mut open: Option<(String, Vec<Part>, usize)> = None;
        for part in parts {
            match (&part.kind, &mut open) {
                (Kind::Action(Action::Define(name)), None) => open = Some((name.clone(), Vec::new(), 0)),
                (Kind::Action(Action::End), Some((_, _, 0))) => {
                    self.helpers.extend(open.take().map(|(name, body, _)| (name, (file, body))));
                }
                (kind, Some((_, body, depth))) => {
                    match kind {
                        Kind::Action(Action::If(_) | Action::Block | Action::Define(_)) => *depth += 1,
                        Kind::Action(Action::End) => *depth -= 1,
                        _ => {}
                    }
                    body.push(part);
                }
                _ => {}
            }
        }
    }

    /// The images that the lines make of `values`. A line in which something is missing or not followed makes none.
    pub(super) fn images(&self, values: &[Node<'_>]) -> Vec<TemplatedImage> {
        let of_values = |piece: &Piece| match piece {
            Piece::Literal(_, from) => {
                values.iter().any(|root| root.span().file == from.at.file).then_some(from.at)
            }
            Piece::Hole(_) => None,
        };
        let made = self.lines.iter().filter_map(|Line { file, reference, policy }| {
            let reference = evaluation::write(self, values, *file, reference)?;
            let at = reference.pieces().iter().rev().find_map(of_values)?;
            // What the chart's version decides at the end is another one with each release.
            reference.pieces().last()?.as_literal()?;
            let policy = evaluation::write(self, values, *file, policy);
            let kept = policy.filter(|policy| policy.known().as_deref() == Some(KEPT));
            let kept_by = kept.and_then(|policy| Some(policy.last_literal()?.at));
            (!reference.render('x').contains(char::is_whitespace)).then_some(TemplatedImage {
                reference,
                at,
                kept_by,
            })
        });
        made.collect()
    }
}

/// The parts of what stands behind a key, where `line` begins at `start`.
fn parts_of_value(line: &str, value: &str, start: usize) -> Vec<Part> {
    let offset = start + line.len() - value.len();
    let lead = value.len() - value.trim_start().len();
    let written = value.trim();
    let inner = written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let quote = usize::from(inner.is_some());
    parts(inner.unwrap_or(written), offset + lead + quote)
}

/// The texts and the actions of a template. What trims white space takes it from the texts beside it.
fn parts(written: &str, offset: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = written;
    let mut trims = false;
    loop {
        let open = rest.find("{{").unwrap_or(rest.len());
        let (text, tagged) = rest.split_at(open);
        let at = offset + written.len() - rest.len();
        let inner = tagged.strip_prefix("{{").and_then(|inner| inner.split_once("}}"));
        let trims_before = inner.is_some_and(|(inner, _)| inner.starts_with('-'));
        let kept = if trims { text.trim_start() } else { text };
        let kept = if trims_before { kept.trim_end() } else { kept };
        if !kept.is_empty() {
            parts.push(Part { at: at..at + text.len(), kind: Kind::Text(kept.to_owned()) });
        }
        let Some((inner, behind)) = inner else { return parts };
        trims = inner.ends_with('-');
        let place = at + open..at + open + inner.len() + 4;
        let inner = inner.trim_start_matches('-').trim_end_matches('-').trim();
        parts.push(Part { at: place, kind: Kind::Action(action(inner)) });
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::yaml::parse_tree;

    use super::*;

    fn references_with(line: &str, helpers: &str) -> Vec<String> {
        let values =
            "web: {name: acme/web, version: latest, none: '', on: true}\nwhole: acme/all:1\nregistry: r.io\n";
        let (yaml, _) = parse_tree(&Embedded::whole(FileId(0), values));
        let roots = [yaml.root().unwrap()];
        let mut templates = Templates::default();
        templates.add(FileId(1), &format!("      - {line}\n"));
        templates.add(FileId(2), helpers);
        templates.images(&roots).into_iter().map(|image| image.reference.to_string()).collect()
    }

    fn references(line: &str) -> Vec<String> {
        references_with(line, "")
    }

    #[test]
    fn values_of_any_name_make_the_image() {
        for (line, reference) in [
            ("image: {{ .Values.whole }}", "acme/all:1"),
            ("image: \"{{ .Values.web.name }}:{{ .Values.web.version }}\"", "acme/web:latest"),
            ("image: {{ printf \"%s:%s\" .Values.web.name .Values.web.version | quote }}", "acme/web:latest"),
            (
                "image: r.io/{{- $.Values.web.name -}}:{{ .Values.web.none | default \"2\" }}",
                "r.io/acme/web:2",
            ),
            (
                "image: {{ printf \"%s:%s\" .Values.web.name (.Values.web.none | default \"2\") }}",
                "acme/web:2",
            ),
            ("image: {{ coalesce .Values.web.none .Values.web.name }}:1", "acme/web:1"),
            ("image: {{ tpl .Values.whole . }}", "acme/all:1"),
            ("image: {{ required \"an image\" .Values.whole }}", "acme/all:1"),
        ] {
            assert_eq!(references(line), [reference], "{line}");
        }
    }

    #[test]
    fn a_helper_makes_the_image_of_what_it_is_given() {
        let helper = |body: &str| format!("{{{{- define \"web.image\" -}}}}\n{body}\n{{{{- end }}}}\n");
        let line = "image: {{ include \"web.image\" . }}";
        for (body, reference) in [
            (
                "{{ .Values.web.name }}:{{ .Values.web.version | default .Chart.AppVersion }}",
                "acme/web:latest",
            ),
            (
                "{{- $tag := .Values.web.none | default \"3\" -}}\n{{- printf \"%s:%s\" .Values.web.name $tag -}}",
                "acme/web:3",
            ),
            (
                "{{- if .Values.web.none -}}\n{{ .Values.whole }}\n{{- else if not .Values.web.on -}}\nx\n{{- else -}}\n{{ .Values.web.name }}:4\n{{- end -}}",
                "acme/web:4",
            ),
            ("{{/* It is whole. */}}{{ template \"inner\" . }}", "acme/all:1"),
        ] {
            let helpers = helper(body) + "{{ define \"inner\" }}{{ .Values.whole }}{{ end }}";
            assert_eq!(references_with(line, &helpers), [reference], "{body}");
        }
        let given = "image: {{ include \"web.image\" (dict \"image\" .Values.web \"root\" $) }}";
        let body = "{{ .root.Values.registry }}/{{ .image.name }}:{{ .image.version }}";
        assert_eq!(references_with(given, &helper(body)), ["r.io/acme/web:latest"]);
    }

    #[test]
    fn what_is_more_than_values_is_not_followed() {
        for line in [
            "image: acme/web:latest",
            "image: {{ include \"web.image\" . }}",
            "image: {{ .Values.web.name }}:{{ (index .Values.tags 0) }}",
            "image: {{ .Values.missing }}:latest",
            "image: {{ .Release.Name }}:{{ .Values.web.version }}",
            "image: {{ .Values.web.name }}:{{ .Values.web.none | default .Chart.AppVersion }}",
            "imagePullPolicy: {{ .Values.whole }}",
            "image: {{ .Values.whole",
        ] {
            assert_eq!(references(line), [""; 0], "{line}");
        }
        let helpers = "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}{{ define \"b\" }}{{ include \"a\" . }}{{ end }}";
        assert_eq!(references_with("image: {{ include \"a\" . }}", helpers), [""; 0]);
        let many = format!("image: {{{{ .Values.whole {} }}}}", "| quote".repeat(10_000));
        assert_eq!(references(&many), [""; 0]);
    }
}
