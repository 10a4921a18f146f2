//! Programs for Java's virtual machine: the project, its settings and dependencies, and what its framework makes of them.

mod dependencies;
mod facts;
mod project;
mod rest;
mod settings;
mod spring;

use policy_http::environment::Environment;
use policy_http::served::Served;
use policy_text::source::{RepoPath, Sources};

use crate::listing::Listing;
use crate::reading::Reading;
use facts::Jvm;

pub(crate) use project::{is_project, projects};

/// What the project in `folder` serves, started with these words.
pub(crate) fn served(
    folder: &RepoPath,
    words: &[String],
    environment: &Environment,
    sources: &Sources<'_>,
) -> Served {
    let mut listing = Listing::default();
    let mut reading = Reading::new(sources);
    let Some(jvm) = Jvm::read(folder, words, environment, sources, &mut reading) else {
        return listing.done();
    };
    reading.list_gaps(&mut listing);
    let prefix = if jvm.uses("quarkus") {
        rest::list(&jvm, &mut listing);
        jvm.prefix(&rest::PREFIXES)
    } else {
        spring::list(&jvm, &mut listing);
        jvm.prefix(&spring::PREFIXES)
    };
    dependencies::list(&jvm, prefix.as_deref(), &mut listing);
    if jvm.has_files {
        listing.anything(jvm.at, "it has a folder of files");
    }
    listing.done()
}
