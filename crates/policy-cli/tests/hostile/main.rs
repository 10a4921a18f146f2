//! Trees that somebody made to harm: each is checked by the program itself, beside a small faulty project. The check has to
//! end in time and within memory, with the exit code that was expected, with the finding of that project, and with nothing on
//! the terminal that it would obey.
//!
//! `cargo test` checks small trees. All of them at full size take one command, and minutes:
//! `cargo test --release -p portcullis-cli --test hostile -- --ignored`. To add a tree, add a row to one of the kinds.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the program is started as its users start it")]
#![expect(clippy::disallowed_types, reason = "a socket is one of the things that lie in a tree")]
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::needless_for_each,
    reason = "a tree is a row, which is to be read and not to be fast"
)]

mod aliases;
mod copies;
mod depth;
mod empty;
mod encodings;
mod git;
mod links;
mod names;
mod pages;
mod pairs;
mod permissions;
mod programs;
mod run;
mod size;
mod special;
mod syntax;
mod tree;
mod width;
mod work;

use run::assert_holds;
use tree::{Hostile, Scale};

/// All kinds of trees.
const KINDS: [&[Hostile]; 17] = [
    aliases::TREES,
    copies::TREES,
    depth::TREES,
    empty::TREES,
    encodings::TREES,
    git::TREES,
    links::TREES,
    names::TREES,
    pages::TREES,
    pairs::TREES,
    permissions::TREES,
    programs::TREES,
    size::TREES,
    special::TREES,
    syntax::TREES,
    width::TREES,
    work::TREES,
];

#[test]
#[ignore = "takes minutes, and the program as it is released"]
fn every_tree_at_full_size() {
    KINDS.into_iter().for_each(|trees| assert_holds(trees, Scale::Full));
}

/// The bounded part, one test for each kind so that they run beside one another.
macro_rules! bounded {
    ($($kind:ident)*) => {$(
        #[test]
        fn $kind() {
            crate::assert_holds(super::$kind::TREES, crate::Scale::Small);
        }
    )*};
}

mod small {
    bounded! { aliases copies depth empty encodings git links names pages pairs permissions programs size special syntax width work }
}
