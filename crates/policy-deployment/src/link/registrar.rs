//! Whether anything beside the services of Terraform registers tasks with names of service discovery.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use policy_text::source::{FileId, Sources};
use rayon::prelude::*;

use crate::model::AwsRoot;

/// What is written where code, a tool or a permission registers instances, in lower case.
const SIGNS: [&str; 10] = [
    "servicediscovery register",
    "servicediscovery:register",
    "servicediscovery:*",
    "servicediscovery\"",
    "servicediscovery'",
    "client-servicediscovery",
    "registerinstancecommand",
    "registerinstancerequest",
    "serviceregistries",
    "service-registries",
];

/// Files over this size are not written by hand.
const MAX_BYTES: usize = 1 << 20;

/// Whether anything shows that, looked for where it matters: nothing of Terraform registers with a name.
pub(super) fn is_there(roots: &[AwsRoot], sources: &Sources<'_>) -> bool {
    let mut names = roots.iter().flat_map(|root| &root.private_names.names);
    names.any(|name| !name.is_registered) && {
        let files: Vec<FileId> = sources.files().map(|(file, _)| file).collect();
        files.par_iter().any(|&file| has_sign(file, sources))
    }
}

fn has_sign(file: FileId, sources: &Sources<'_>) -> bool {
    static SEARCHER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(SIGNS).ok());
    // What cannot be read may hold one.
    let (Some(searcher), Ok(decoded)) = (&*SEARCHER, sources.read(file)) else { return true };
    decoded.text.len() <= MAX_BYTES && searcher.is_match(&*decoded.text)
}
