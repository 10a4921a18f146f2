//! Which containers hold the code of pages.

use std::collections::BTreeMap;

use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::context::DockerfilePlace;
use policy_core::model::program::Backend;
use policy_core::rule::Context;
use policy_core::source::{FileId, RepoPath};

/// The Dockerfiles whose images hold each file that sends requests.
pub(crate) struct Pages<'a> {
    context: &'a Context<'a>,
    holders: BTreeMap<FileId, Vec<DockerfilePlace>>,
}

impl<'a> Pages<'a> {
    /// Those of all requests of the deployment.
    pub(crate) fn of(context: &'a Context<'a>) -> Self {
        let mut holders = BTreeMap::new();
        for request in &context.deployment.requests {
            let file = request.sent_at.file;
            holders.entry(file).or_insert_with(|| holders_of(context, context.sources.path(file)));
        }
        Self { context, holders }
    }

    /// The container of `root` whose image holds the file, where it is the only one that does.
    pub(super) fn container_of(&self, root: &'a AwsRoot, file: FileId) -> Option<&'a Backend> {
        let holders = self.holders.get(&file)?;
        let mut backends = root.backends.iter().filter(|backend| {
            let program = self.context.deployment.program_of(backend);
            program.is_some_and(|program| holders.contains(&program.dockerfile))
        });
        let first = backends.next()?;
        backends.all(|other| other.program == first.program).then_some(first)
    }

    /// Whether a container of the deployment holds the file.
    pub(super) fn is_in_container(&self, file: FileId) -> bool {
        self.context.deployment.roots.iter().any(|root| self.container_of(root, file).is_some())
    }
}

/// The Dockerfiles of the images that are built nearest to a file.
fn holders_of(context: &Context<'_>, file: &RepoPath) -> Vec<DockerfilePlace> {
    let depth = |image: &BuiltImage| {
        let own = context.sources.folder_of(image.dockerfile.file());
        let folders = [&image.context, &own].into_iter().filter(|folder| file.is_within(folder));
        folders.map(|folder| folder.components().count()).max()
    };
    let images = context.deployment.built_images.iter();
    let depths: Vec<_> = images.filter_map(|image| Some((depth(image)?, image.dockerfile))).collect();
    let Some(deepest) = depths.iter().map(|(depth, _)| *depth).max() else { return Vec::new() };
    let mut holders: Vec<_> =
        depths.into_iter().filter(|(depth, _)| *depth == deepest).map(|(_, place)| place).collect();
    holders.sort_unstable_by_key(|place| place.file());
    holders.dedup();
    holders
}
