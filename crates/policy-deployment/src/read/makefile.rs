//! Makefiles: the images that their recipes build and push.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use policy_docker::asker::Asker;
use policy_shell::makefile::Makefile;
use policy_shell::resolve::State;
use policy_text::Problem;
use policy_text::budget::Budget;
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::alternatives::{Alternatives, append};
use policy_text::value::{Origin, Text, ci_variables};

use super::in_turn;
use crate::commands::{self, with_placeholders};
use crate::files::Parsed;
use crate::found::Found;

/// How deep variables may stand in variables.
const MAX_DEPTH: usize = 8;

/// What all Makefiles do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let commands = |(file, makefile): &(FileId, Makefile)| recipes(makefile, &sources.folder_of(*file));
    in_turn::found_in(&parsed.makefiles, |(file, _)| *file, commands)
}

/// What is said where variables stand in one another many times.
const TOO_COSTLY: &str = "the variables of this file stand in one another more often than is followed; from here on they are \
                          not put in";

fn recipes(makefile: &Makefile, folder: &RepoPath) -> Found {
    let mut found = Found::default();
    let variables: BTreeMap<&str, Variable<'_>> =
        makefile.variables.iter().map(|(name, value)| (name.as_str(), Variable::of(value))).collect();
    let written = makefile.variables.iter().chain(&makefile.recipes);
    let budget = Budget::for_bytes(written.map(|(_, text)| text.as_str().len()).sum());
    for (target, line) in &makefile.recipes {
        let mut state = State::starting_in(Some(folder.clone()), None);
        let was_spent = budget.is_spent();
        let expansion = Expansion { variables: &variables, budget: &budget };
        let parts = references(line.as_str())
            .into_iter()
            .map(|range| (range.clone(), expansion.reference(line, range, 0)));
        let script = with_placeholders(line, parts, &mut state);
        let at = line.span(0..line.as_str().len());
        // What the references of this line cost is known once they are followed.
        if budget.is_spent() && !was_spent {
            found.problems.push(Problem::too_costly(at, TOO_COSTLY));
        }
        commands::collect_from_text(
            script,
            state,
            &commands::Caller::of_a_developer(&Asker::Target(target.clone())),
            &mut found,
        );
    }
    found
}

/// The references of make in a text: `$(NAME)`, `${NAME}`, and `$$`, which stands for one dollar.
fn references(text: &str) -> Vec<Range<usize>> {
    let closings = closings(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('$')).map(|start| at + start) {
        // A doubled dollar is left to the shell, which reads the second one.
        if text.get(start + 1..).is_some_and(|rest| rest.starts_with('$')) {
            found.push(start..start + 1);
            at = start + 2;
        } else if let Some(close) = closings.get(&(start + 1)) {
            found.push(start..close + 1);
            at = close + 1;
        } else {
            at = start + 1;
        }
    }
    found
}

/// Where each bracket that opens after a dollar is closed. Round ones and braces do not know of each other.
fn closings(text: &str) -> HashMap<usize, usize> {
    let (mut round, mut braces) = (Vec::new(), Vec::new());
    let mut closings = HashMap::new();
    for (at, byte) in text.bytes().enumerate() {
        let closed = match byte {
            b'(' => {
                round.push(at);
                None
            }
            b'{' => {
                braces.push(at);
                None
            }
            b')' => round.pop(),
            b'}' => braces.pop(),
            _ => None,
        };
        closings.extend(closed.map(|open| (open, at)));
    }
    closings
}

/// What a variable is set to.
struct Variable<'m> {
    value: &'m Embedded,
    references: Vec<Range<usize>>,
}

impl<'m> Variable<'m> {
    fn of(value: &'m Embedded) -> Self {
        Self { value, references: references(value.as_str()) }
    }
}

/// The variables of a Makefile, put into one line.
struct Expansion<'m> {
    variables: &'m BTreeMap<&'m str, Variable<'m>>,
    /// What following references may cost in this file.
    budget: &'m Budget,
}

impl Expansion<'_> {
    /// What the reference at `range` stands for.
    fn reference(&self, text: &Embedded, range: Range<usize>, depth: usize) -> Alternatives {
        let at = text.span(range.clone());
        let Some(inner) = text.as_str().get(range.start + 2..range.end.saturating_sub(1)) else {
            return vec![Text::empty()];
        };
        if let Some(command) = inner.strip_prefix("shell ") {
            return vec![Text::hole(output_of(command), at)];
        }
        let followed = depth < MAX_DEPTH && self.budget.spend(1).is_ok();
        let unknown = || vec![Text::hole(ci_variables::origin_of(inner), at)];
        let Some(Variable { value, references }) = self.variables.get(inner).filter(|_| followed) else {
            return unknown();
        };
        let mut values = vec![Text::empty()];
        let mut done = 0;
        for range in references {
            append(&mut values, &[literal(value, done..range.start)], at);
            append(&mut values, &self.reference(value, range.clone(), depth + 1), at);
            done = range.end;
        }
        append(&mut values, &[literal(value, done..value.as_str().len())], at);
        // Each reference on the way copies all that it brings.
        if self.budget.spend(values.iter().map(|value| value.pieces().len()).sum()).is_err() {
            return unknown();
        }
        values.iter().map(|value| value.through(at, format!("`{inner}` is used here"))).collect()
    }
}

fn literal(value: &Embedded, range: Range<usize>) -> Text {
    let written = value.as_str().get(range.clone()).unwrap_or_default();
    Text::literal(written, value.span(range))
}

/// What decides the output of a command of `$(shell …)`.
fn output_of(command: &str) -> Origin {
    let differs = ["git", "date"].iter().any(|program| command.trim_start().starts_with(program))
        && !command.contains("abbrev-ref")
        && !command.contains("toplevel");
    if differs { Origin::Unique(command.trim().into()) } else { Origin::Call("shell".into()) }
}

#[cfg(test)]
mod tests {
    use policy_shell::makefile;
    use policy_text::source::FileId;

    use super::*;
    use crate::model::image::ImageRole;

    fn pushed(text: &str) -> Vec<String> {
        let makefile = makefile::parse(FileId(0), text);
        let images = recipes(&makefile, &RepoPath::root()).images.into_iter();
        images
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect()
    }

    #[test]
    fn variables_that_name_each_other_end() {
        assert_eq!(pushed("A = $(B)\nB = $(A)\npush:\n\tdocker push x:$(A)\n").len(), 1);
    }
}
