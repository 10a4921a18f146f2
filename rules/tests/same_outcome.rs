//! The outcome depends on the files and the settings alone: not on the order of a listing, nor on the number of threads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/examples.rs"]
mod examples;

use policy_core::config::Settings;
use policy_core::report::{self, Report};
use policy_core::source::{EntryKind, Listing, MemoryTree, ReadError, RepoPath, SourceTree, Sources};
use rayon::ThreadPoolBuilder;

/// A tree that lists its files in another order.
struct Reordered {
    tree: MemoryTree,
    order: fn(&mut Vec<RepoPath>),
}

impl SourceTree for Reordered {
    fn list(&self) -> Listing {
        let mut listing = self.tree.list();
        (self.order)(&mut listing.files);
        listing
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        self.tree.read(path)
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        self.tree.entry(path)
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.tree.children(folder)
    }
}

/// Every format of the engine.
const FORMATS: [fn(&Report) -> String; 5] =
    [report::json, report::sarif, report::github, report::gitlab, report::junit];

/// Orders in which no file stands where it did.
const ORDERS: [fn(&mut Vec<RepoPath>); 3] = [
    |files| files.reverse(),
    |files| {
        let half = files.len() / 2;
        files.rotate_left(half);
    },
    |files| files.sort_by_cached_key(|path| path.as_str().chars().rev().collect::<String>()),
];

/// The reports of `tree` in every format, by so many threads.
fn reports(tree: &dyn SourceTree, threads: usize) -> Vec<String> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build().unwrap();
    pool.install(|| {
        let report =
            policy_core::check(&Sources::open(tree), &policy_rules::all(), &Settings::default()).unwrap();
        FORMATS.iter().map(|format| format(&report)).collect()
    })
}

#[test]
fn the_same_files_give_the_same_bytes_in_any_order_and_by_any_number_of_threads() {
    // Each rule's examples are a project, so that there is something to find of every kind.
    let mut projects: Vec<(String, MemoryTree)> = Vec::new();
    for (at, (rule, example)) in examples::examples().into_iter().enumerate() {
        if projects.last().is_none_or(|(last, _)| *last != rule) {
            projects.push((rule, MemoryTree::new()));
        }
        let (_, tree) = projects.last_mut().unwrap();
        let folder = RepoPath::new(&format!("project{at}")).unwrap();
        *tree = examples::with_example(std::mem::take(tree), &folder, &example);
    }
    for (rule, tree) in projects {
        let expected = reports(&tree, 1);
        for threads in [2, 64] {
            assert!(reports(&tree, threads) == expected, "{rule}: {threads} threads");
        }
        for (at, order) in ORDERS.into_iter().enumerate() {
            assert!(reports(&Reordered { tree: tree.clone(), order }, 2) == expected, "{rule}: order {at}");
        }
    }
}
