//! The templates of a Helm chart: which values make the image in an `image:` line, whatever they are called.

use std::ops::Range;

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

/// The reference that an `image:` line makes.
#[derive(Debug)]
pub(super) struct ImageLine {
    parts: Vec<Part>,
    file: FileId,
}

/// A part of the line, with its place in the file.
#[derive(Debug)]
enum Part {
    Literal(Range<usize>, String),
    Value(Range<usize>, Value),
}

/// A value of the chart, and the text that counts where it is empty.
#[derive(Debug)]
struct Value {
    path: Vec<String>,
    default: Option<Default>,
}

#[derive(Debug)]
enum Default {
    Literal(String),
    Unknown,
}

/// The `image:` lines of a template that nothing but values makes. A line with anything else in it is not followed.
pub(super) fn image_lines(file: FileId, text: &str) -> Vec<ImageLine> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start().trim_start_matches("- ").trim_start();
        if let Some(value) = trimmed.strip_prefix("image:") {
            let offset = start + (value.as_ptr() as usize - line.as_ptr() as usize);
            let parts = parts(value.trim_end(), offset);
            let reads_values = |parts: &Vec<Part>| parts.iter().any(|part| matches!(part, Part::Value(..)));
            lines.extend(parts.filter(reads_values).map(|parts| ImageLine { parts, file }));
        }
        start += line.len();
    }
    lines
}

impl ImageLine {
    /// The reference that the line makes of `values`, and the value that decides its end. `None` where a value is missing, or
    /// the end is not the chart's to decide.
    pub(super) fn reference(&self, values: &[Node<'_>]) -> Option<(Text, Span)> {
        let mut reference = Text::empty();
        let mut end = None;
        for part in &self.parts {
            match part {
                Part::Literal(range, literal) => {
                    reference.append(&Text::literal(literal.as_str(), self.at(range)));
                }
                Part::Value(range, value) => {
                    let keys: Vec<&str> = value.path.iter().map(String::as_str).collect();
                    let mut given = values.iter().filter_map(|root| root.path(&keys));
                    let written = given.find_map(|node| node.as_str().map(|text| (text, node.span())));
                    match (written.filter(|(text, _)| !text.is_empty()), &value.default) {
                        (Some((text, at)), _) => {
                            reference.append(&Text::literal(text, at));
                            end = Some(at);
                        }
                        (None, Some(Default::Literal(text))) => {
                            reference.append(&Text::literal(text.as_str(), self.at(range)));
                            end = Some(self.at(range));
                        }
                        (None, Some(Default::Unknown)) => {
                            let origin = Origin::Other("the chart decides it".into());
                            reference.append(&Text::hole(origin, self.at(range)));
                            end = Some(self.at(range));
                        }
                        (None, None) => return None,
                    }
                }
            }
        }
        Some((reference, end?))
    }

    fn at(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.clone())
    }
}

/// The parts of what stands behind `image:`.
fn parts(written: &str, offset: usize) -> Option<Vec<Part>> {
    let lead = written.len() - written.trim_start().len();
    let mut rest = written.trim_start();
    let mut at = offset + lead;
    if let Some(inner) = rest.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        (rest, at) = (inner, at + 1);
    }
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let open = rest.find("{{").unwrap_or(rest.len());
        let (literal, tagged) = rest.split_at(open);
        if literal.contains(char::is_whitespace) {
            return None;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(at..at + open, literal.to_owned()));
        }
        let Some((inner, behind)) = tagged.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) else {
            return tagged.is_empty().then_some(parts);
        };
        let range = at + open..at + open + inner.len() + 4;
        parts.extend(expression(inner.trim_matches('-').trim(), &range)?);
        at = range.end;
        rest = behind;
    }
    Some(parts)
}

/// `.Values.a`, `.Values.a | default "x" | quote`, `default "x" .Values.a`, `printf "%s:%s" .Values.a .Values.b`.
fn expression(written: &str, range: &Range<usize>) -> Option<Vec<Part>> {
    let mut stages = written.split('|').map(words);
    let first = stages.next()??;
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let mut parts = match first.as_slice() {
        [value] => vec![Part::Value(range.clone(), Value { path: path(value)?, default: None })],
        ["default", default, value] => {
            let default = Some(default_of(default));
            vec![Part::Value(range.clone(), Value { path: path(value)?, default })]
        }
        ["printf", format, values @ ..] => printf(format, values, range)?,
        _ => return None,
    };
    for stage in stages {
        let stage = stage?;
        let stage: Vec<&str> = stage.iter().map(String::as_str).collect();
        match (stage.as_slice(), parts.as_mut_slice()) {
            (["quote" | "squote" | "toString" | "trim"], _) => {}
            (["default", default], [Part::Value(_, value)]) => value.default = Some(default_of(default)),
            _ => return None,
        }
    }
    Some(parts)
}

fn printf(format: &str, values: &[&str], range: &Range<usize>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut values = values.iter();
    let format = format.strip_prefix('"')?.strip_suffix('"')?;
    for (index, literal) in format.split("%s").enumerate() {
        if index > 0 {
            let value = Value { path: path(values.next()?)?, default: None };
            parts.push(Part::Value(range.clone(), value));
        }
        if literal.contains('%') {
            return None;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(range.clone(), literal.to_owned()));
        }
    }
    values.next().is_none().then_some(parts)
}

/// The keys of `.Values.web.image`.
fn path(word: &str) -> Option<Vec<String>> {
    let path = word.strip_prefix('$').unwrap_or(word).strip_prefix(".Values.")?;
    let keys = path.split('.').map(|key| {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then(|| key.to_owned())
    });
    keys.collect()
}

fn default_of(word: &str) -> Default {
    let literal = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
    literal.map_or(Default::Unknown, |literal| Default::Literal(literal.to_owned()))
}

/// The words of a stage, of which quoted ones may have blanks. `None` where parentheses make it more than words.
fn words(stage: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    for character in stage.chars() {
        match character {
            '(' | ')' | '`' | '\\' => return None,
            c if c.is_whitespace() && !quoted => open = false,
            c => {
                quoted ^= c == '"';
                if !open {
                    words.push(String::new());
                    open = true;
                }
                words.last_mut()?.push(c);
            }
        }
    }
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::yaml::parse_tree;

    use super::*;

    fn references(line: &str) -> Vec<String> {
        let values = "web: {name: acme/web, version: latest, none: ''}\nwhole: acme/all:1\n";
        let (yaml, _) = parse_tree(&Embedded::whole(FileId(0), values));
        let roots = [yaml.root().unwrap()];
        let lines = image_lines(FileId(1), &format!("      - {line}\n"));
        lines.iter().filter_map(|line| Some(line.reference(&roots)?.0.to_string())).collect()
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
            ("image: {{ default \"acme/x\" .Values.nothing }}", "acme/x"),
            (
                "image: {{ .Values.web.name }}:{{ .Values.web.none | default .Chart.AppVersion }}",
                "acme/web:${…}",
            ),
        ] {
            assert_eq!(references(line), [reference], "{line}");
        }
    }

    #[test]
    fn what_is_more_than_values_is_not_followed() {
        for line in [
            "image: acme/web:latest",
            "image: {{ include \"web.image\" . }}",
            "image: {{ .Values.web.name }}:{{ (index .Values.tags 0) }}",
            "image: {{ .Values.missing }}:latest",
            "image: {{ .Release.Name }}:{{ .Values.web.version }}",
            "imagePullPolicy: {{ .Values.whole }}",
            "image: {{ .Values.whole",
        ] {
            assert_eq!(references(line), [""; 0], "{line}");
        }
    }
}
