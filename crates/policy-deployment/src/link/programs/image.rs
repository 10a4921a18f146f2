//! Where the files of an image are made, for those who look for the project that a program is built from.

use policy_compiled::{Image, Made};
use policy_text::source::RepoPath;

use crate::model::built_image::BuiltImage;

impl Image for BuiltImage {
    fn context(&self) -> &RepoPath {
        &self.context
    }

    fn made(&self, path: &str) -> Option<Made<'_>> {
        let work_folder = &self.stage.layout.work_folder;
        let path = match path.strip_prefix("./").unwrap_or(path) {
            whole if whole.starts_with('/') => whole.to_owned(),
            name => format!("{}/{name}", work_folder.trim_end_matches('/')),
        };
        let (path, workshop) = self.stage.origins.made(&path)?;
        let commands = workshop.commands.iter().map(|ran| (ran.folder.as_str(), ran.text.as_str()));
        let commands = commands.collect();
        Some(Made { path, in_tree: Box::new(|path| workshop.layout.in_tree(path)), commands })
    }
}
