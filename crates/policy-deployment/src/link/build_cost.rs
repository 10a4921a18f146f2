//! What it costs to work out all builds: each works its Dockerfile out anew, since each may give other arguments.

use std::collections::{BTreeMap, BTreeSet};

use policy_docker::build::{BuildRequest, DockerfileSource};
use policy_text::Problem;
use policy_text::source::{FileId, Sources};

use crate::files::Parsed;

/// What all builds of Dockerfiles that were built before may cost together. Three hundred builds of one with a hundred variables
/// cost half a million.
const MAX_COST: usize = 10_000_000;

const TOO_COSTLY: &str = "so many builds of long Dockerfiles cost too much to follow; this build and others of its Dockerfile were \
                          not looked at";

/// Leaves out the builds that cost too much, and says so. Of each Dockerfile the first one stays.
pub(super) fn bound(builds: &mut Vec<BuildRequest>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<Problem> {
    let costs: BTreeMap<FileId, usize> =
        parsed.dockerfiles.iter().map(|(file, dockerfile)| (*file, dockerfile.cost)).collect();
    let mut left = MAX_COST;
    let (mut built, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let mut problems = Vec::new();
    builds.retain(|build| {
        // What stands where it is built is written for each build.
        if matches!(build.dockerfile, DockerfileSource::Inline(_)) {
            return true;
        }
        let Some(file) = build.dockerfile_in(sources).filter(|file| !built.insert(*file)) else {
            return true;
        };
        match left.checked_sub(costs.get(&file).copied().unwrap_or_default()) {
            Some(rest) => left = rest,
            None if refused.insert(file) => problems.push(Problem::too_costly(build.at, TOO_COSTLY)),
            None => {}
        }
        !refused.contains(&file)
    });
    problems
}
