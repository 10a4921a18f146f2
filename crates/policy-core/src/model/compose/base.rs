//! The file that a compose file is laid over where nothing says so: what its builds do not say, the base does.

use super::DEFAULT_NAMES;
use super::project::{Placed, Project};
use crate::parse::yaml::Node;
use crate::source::RepoPath;

/// The same service in the default file of the folder. Only a build that names no context shows that the file at `path`
/// is never used alone.
pub(super) fn of<'a>(
    project: &Project<'a>,
    path: &RepoPath,
    name: &str,
    chain: &[Placed<'a>],
) -> Option<Placed<'a>> {
    let builds: Vec<Node<'_>> = chain.iter().filter_map(|placed| placed.service.get("build")).collect();
    if DEFAULT_NAMES.contains(&path.file_name())
        || builds.is_empty()
        || builds.iter().copied().any(has_context)
    {
        return None;
    }
    let yaml = DEFAULT_NAMES.iter().find_map(|name| project.files.get(&project.folder.join(name)?))?;
    let service = yaml.root()?.get("services")?.get(name)?;
    Some(Placed { service, folder: project.folder.clone(), yaml })
}

fn has_context(build: Node<'_>) -> bool {
    build.as_str().is_some() || build.get("context").is_some()
}
