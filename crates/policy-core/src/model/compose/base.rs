//! The file that a compose file is laid over: what an override does not say of a build, the base does.

use super::{Placed, Project};
use crate::parse::yaml::Node;

/// The names that compose looks for by itself.
pub(in crate::model) const DEFAULT_NAMES: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// The same service in the default file of the folder. Compose lays `*.override.yml` over it by itself; of other files
/// only a build that names no context shows that they are never used alone.
pub(super) fn of<'a>(project: &Project<'a>, name: &str, chain: &[Placed<'a>]) -> Option<Placed<'a>> {
    let file_name = project.path.file_name();
    let names_context = chain.iter().any(|placed| placed.service.get("build").is_some_and(has_context));
    if DEFAULT_NAMES.contains(&file_name) || (names_context && !file_name.contains(".override.")) {
        return None;
    }
    let (_, yaml) = DEFAULT_NAMES.iter().find_map(|name| project.file(&project.folder.join(name)?))?;
    let service = yaml.root()?.get("services")?.get(name)?;
    Some(Placed { service, folder: project.folder.clone(), yaml })
}

fn has_context(build: Node<'_>) -> bool {
    build.as_str().is_some() || build.get("context").is_some()
}
