//! Makefiles: the images that their recipes build and push.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::Deployment;
use super::commands::{self, with_placeholders};
use super::delivery::Delivery;
use crate::parse::Parsed;
use crate::parse::embedded::Embedded;
use crate::parse::makefile::Makefile;
use crate::resolve::alternatives::{Alternatives, joined};
use crate::resolve::ci_variables;
use crate::resolve::shell::State;
use crate::resolve::{Origin, Piece, Provenance, Text};
use crate::source::{RepoPath, Sources};

/// How deep variables may stand in variables.
const MAX_DEPTH: usize = 8;

/// Adds what all Makefiles do.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let read: Vec<Delivery> = parsed
        .makefiles
        .par_iter()
        .map(|(file, makefile)| read(makefile, &sources.path(*file).parent().unwrap_or_else(RepoPath::root)))
        .collect();
    for delivery in read {
        delivery.join(deployment);
    }
}

fn read(makefile: &Makefile, folder: &RepoPath) -> Delivery {
    let mut delivery = Delivery::default();
    let variables: BTreeMap<&str, &Embedded> =
        makefile.variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
    for (target, line) in &makefile.recipes {
        let mut state = State::starting_in(Some(folder.clone()), None);
        let parts = references(line.as_str()).into_iter().map(|range| {
            let values = reference(line, range.clone(), &variables, 0);
            (range, values)
        });
        let script = with_placeholders(line, parts, &mut state);
        commands::collect_from_text(
            script,
            state,
            &commands::Caller::of_a_developer(&format!("target `{target}`")),
            &mut delivery,
        );
    }
    delivery
}

/// The references of make in a text: `$(NAME)`, `${NAME}`, and `$$`, which stands for one dollar.
fn references(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('$')).map(|start| at + start) {
        let rest = text.get(start + 1..).unwrap_or_default();
        let length = match rest.chars().next() {
            Some('$') => 1,
            Some(open @ ('(' | '{')) => closing(rest, open).map_or(0, |close| close + 1),
            _ => 0,
        };
        // A doubled dollar is left to the shell, which reads the second one.
        if length == 1 {
            found.push(start..start + 1);
        } else if length > 1 {
            found.push(start..start + 1 + length);
        }
        at = start + 1 + length;
    }
    found
}

fn closing(text: &str, open: char) -> Option<usize> {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (offset, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(offset);
            }
        }
    }
    None
}

/// What the reference at `range` stands for.
fn reference(
    text: &Embedded,
    range: Range<usize>,
    variables: &BTreeMap<&str, &Embedded>,
    depth: usize,
) -> Alternatives {
    let at = text.span(range.clone());
    let Some(inner) = text.as_str().get(range.start + 2..range.end.saturating_sub(1)) else {
        return vec![Text::empty()];
    };
    if let Some(command) = inner.strip_prefix("shell ") {
        let differs = ["git", "date"].iter().any(|program| command.trim_start().starts_with(program))
            && !command.contains("abbrev-ref")
            && !command.contains("toplevel");
        let origin =
            if differs { Origin::Unique(command.trim().into()) } else { Origin::Call("shell".into()) };
        return vec![Text::hole(origin, at)];
    }
    let Some(value) = variables.get(inner).filter(|_| depth < MAX_DEPTH) else {
        return vec![Text::hole(ci_variables::origin_of(inner), at)];
    };
    let mut values = vec![Text::empty()];
    let mut done = 0;
    let literal = |range: Range<usize>| {
        let mut literal = Text::empty();
        let written = value.as_str().get(range.clone()).unwrap_or_default();
        literal.push(Piece::Literal(written.into(), Provenance::at(value.span(range))));
        vec![literal]
    };
    for range in references(value.as_str()) {
        values = joined(&values, &literal(done..range.start), at);
        values = joined(&values, &reference(value, range.clone(), variables, depth + 1), at);
        done = range.end;
    }
    values = joined(&values, &literal(done..value.as_str().len()), at);
    values.iter().map(|value| value.through(at, format!("`{inner}` is used here"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::image::ImageRole;
    use crate::parse::makefile;
    use crate::source::FileId;

    fn pushed(text: &str) -> Vec<String> {
        let (makefile, _) = makefile::parse(FileId(0), text).unwrap();
        let images = read(&makefile, &RepoPath::root()).images.into_iter();
        images
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect()
    }

    #[test]
    fn variables_are_put_in_before_the_shell_reads() {
        let text = "REG = r.io\nIMAGE := $(REG)/web\nTAG ?= latest\nGIT := $(shell git rev-parse HEAD)\npush:\n\t@docker push $(IMAGE):$(TAG)\n\tdocker push ${IMAGE}:$(GIT)\n\tdocker push $(IMAGE):$(VERSION)\n\tfor t in a b; do docker push x:$$t; done\n";
        assert_eq!(
            pushed(text),
            ["r.io/web:latest", "r.io/web:${git rev-parse HEAD}", "r.io/web:${VERSION}", "x:a", "x:b"]
        );
    }

    #[test]
    fn variables_that_name_each_other_end() {
        assert_eq!(pushed("A = $(B)\nB = $(A)\npush:\n\tdocker push x:$(A)\n").len(), 1);
    }
}
