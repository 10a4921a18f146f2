//! Failures that a script expects: a command has an alternative (`||`), or a check runs before it.

use brush_parser::ast::{AndOr, AndOrList};
use policy_text::value::{Origin, Text};

/// How a test asks whether a file is there.
const FILE_TESTS: [&str; 4] = ["-f", "-e", "-d", "-s"];

/// Whether a list goes on where its pipeline numbered `index` fails: an alternative follows that does not give up.
pub(super) fn goes_on_after(list: &AndOrList, index: usize) -> bool {
    list.additional.iter().skip(index).any(|next| {
        let AndOr::Or(alternative) = next else { return false };
        let text = alternative.to_string();
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        !words.any(|word| matches!(word, "exit" | "return" | "false" | "die" | "fail" | "abort"))
    })
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
