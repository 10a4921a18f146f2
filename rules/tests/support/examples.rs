//! The examples of all cards, as trees.

use policy_core::rule::{Card, Example, Examples, Rule};
use policy_core::source::{MemoryTree, RepoPath};

/// All examples of all cards, each with the id of its rule.
pub(crate) fn examples() -> Vec<(String, Example)> {
    let of_rule = |rule: &Rule| {
        let card = Card::parse(rule.id, rule.card).unwrap();
        let examples =
            [Examples::Bad, Examples::Good].into_iter().flat_map(move |which| card.examples(which));
        let id = rule.id.to_string();
        examples.map(move |example| (id.clone(), example))
    };
    policy_rules::all().iter().flat_map(of_rule).collect()
}

/// `tree` with the files of `example` below `folder`.
pub(crate) fn with_example(tree: MemoryTree, folder: &RepoPath, example: &Example) -> MemoryTree {
    example.files.iter().fold(tree, |tree, file| {
        let path = folder.join(file.path.as_str()).unwrap();
        if file.readable { tree.with(path, file.text.as_bytes()) } else { tree.with_unreadable(path) }
    })
}
