//! Failures that a script expects: a command has an alternative (`||`), or a check runs before it.

use brush_parser::ast::{AndOr, AndOrList, Command, CompoundCommand, CompoundList, Pipeline};
use policy_text::value::{Origin, Text};

/// How a test asks whether a file is there.
pub const FILE_TESTS: [&str; 4] = ["-f", "-e", "-d", "-s"];

/// How many pipelines of a list, from the first on, it goes on after where they fail: an alternative follows that does not give
/// up.
pub(super) fn goes_on_after(list: &AndOrList) -> usize {
    let alternative = list.additional.iter().rposition(|next| {
        let AndOr::Or(alternative) = next else { return false };
        let text = alternative.to_string();
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        !words.any(|word| matches!(word, "exit" | "return" | "false" | "die" | "fail" | "abort"))
    });
    alternative.map_or(0, |index| index + 1)
}

/// Whether a list may leave what runs it without a failure: `… || return 0`, `if …; then exit 0; fi`.
pub(super) fn may_leave(list: &AndOrList) -> bool {
    let mut alternatives = list.additional.iter().filter_map(|next| match next {
        AndOr::Or(alternative) => Some(alternative),
        AndOr::And(_) => None,
    });
    let of_if = || match list.first.seq.as_slice() {
        [Command::Compound(CompoundCommand::IfClause(clause), _)] => {
            let others = clause.elses.iter().flatten().map(|branch| &branch.body);
            std::iter::once(&clause.then).chain(others).any(leaves)
        }
        _ => false,
    };
    alternatives.any(pipeline_leaves) || of_if()
}

/// Whether a list ends with a word that leaves.
fn leaves(list: &CompoundList) -> bool {
    list.0.last().is_some_and(|item| item.0.additional.is_empty() && pipeline_leaves(&item.0.first))
}

fn pipeline_leaves(pipeline: &Pipeline) -> bool {
    match pipeline.seq.as_slice() {
        [Command::Compound(CompoundCommand::BraceGroup(group), _)] => leaves(&group.list),
        [command @ Command::Simple(_)] => {
            let text = command.to_string();
            let words: Vec<&str> = text.split_whitespace().collect();
            matches!(words.as_slice(), ["exit" | "return", "0"] | ["continue" | "break" | "return"])
        }
        _ => false,
    }
}

/// Whether the command called `name` asks what there is, of files or in the cloud, or compares what one that did has said;
/// `words` are all that its words can be.
pub(super) fn asks_what_there_is<'t>(name: &str, words: impl Iterator<Item = &'t Text>) -> bool {
    let compares = |word: &Text| {
        word.holes().any(|hole| matches!(&hole.origin, Origin::Output { command, .. } if command.split(' ').next() == Some("aws")))
    };
    let tests_files = matches!(name, "[" | "test");
    let is_test = |word: &Text| tests_files && word.known().is_some_and(|word| FILE_TESTS.contains(&&*word));
    name == "aws" || words.into_iter().any(|word| compares(word) || is_test(word))
}

/// Whether the condition `[[ … ]]` asks whether a file is there.
pub(super) fn tests_file(condition: &str) -> bool {
    FILE_TESTS.iter().any(|flag| condition.contains(flag))
}
