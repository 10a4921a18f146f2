//! The implicit base of a compose file: no command names it, but it supplies what the builds of the file leave out.

use policy_text::source::RepoPath;
use policy_text::yaml::Node;

use super::composition::DEFAULT_NAMES;
use super::files::ComposeFiles;
use super::service::Placed;

/// The same service in the default file of `folder`. Only a build that names no context shows that the file at `path`
/// is never used alone.
pub(super) fn of<'a>(
    files: &ComposeFiles<'a>,
    folder: &RepoPath,
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
    let yaml = DEFAULT_NAMES.iter().find_map(|name| files.get(&folder.join(name)?))?;
    let service = yaml.root()?.get("services")?.get(name)?;
    Some(Placed { service, folder: folder.clone(), yaml })
}

fn has_context(build: Node<'_>) -> bool {
    build.as_str().is_some() || build.get("context").is_some()
}
