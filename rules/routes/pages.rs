//! Which containers hold the code of pages.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::context::DockerfilePlace;
use policy_core::model::nginx_image::{Outcome, route};
use policy_core::model::program::{Backend, Serves};
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
        self.container_among(&root.backends, file)
    }

    /// The one of these containers whose image holds the file, where it is the only one that does, or the only nginx whose
    /// page is made of it.
    pub(super) fn container_among(&self, all: &'a [Backend], file: FileId) -> Option<&'a Backend> {
        let holders = self.holders.get(&file)?;
        let holds = |backend: &&Backend| {
            let program = self.context.deployment.program_of(backend);
            program.is_some_and(|program| holders.contains(&program.dockerfile))
        };
        let holding: Vec<&Backend> = all.iter().filter(holds).collect();
        only(holding.iter().copied()).or_else(|| {
            let path = self.context.sources.path(file);
            only(holding.into_iter().filter(|backend| gives_page_of(self.context, backend, path)))
        })
    }

    /// Whether a container of the deployment holds the file.
    pub(super) fn is_in_container(&self, file: FileId) -> bool {
        self.context.deployment.roots.iter().any(|root| self.container_of(root, file).is_some())
    }
}

/// The container that all of these are, by what they run.
fn only<'a>(mut backends: impl Iterator<Item = &'a Backend>) -> Option<&'a Backend> {
    let first = backends.next()?;
    backends.all(|other| other.program == first.program).then_some(first)
}

/// Whether a container is nginx with a page that its build makes in the package of the file: in a folder of it, such as `dist`.
fn gives_page_of(context: &Context<'_>, backend: &Backend, file: &RepoPath) -> bool {
    let Some(program) = context.deployment.program_of(backend) else { return false };
    let Serves::Nginx(_, configured) = &program.serves else { return false };
    let mut images = context.deployment.built_images.iter();
    let is_own =
        |image: &&BuiltImage| image.dockerfile == program.dockerfile && image.context == program.context;
    let Some(image) = images.find(is_own) else { return false };
    let mut pages = configured.configuration.servers.iter().filter_map(|server| match route(server, "/") {
        Outcome::File { folder: Some(folder), .. } => folder.path.known(),
        _ => None,
    });
    pages.any(|folder| {
        let made = image.stage.origins.made(folder.trim_end_matches('/'));
        made.is_some_and(|(folder, workshop)| {
            let folders = workshop.layout.in_tree(&folder);
            let packages = folders.iter().filter_map(RepoPath::parent);
            packages.into_iter().any(|package| !package.is_root() && file.is_within(&package))
        })
    })
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
    let nearest = depths.iter().filter(|(depth, _)| *depth == deepest).map(|(_, place)| *place);
    let nearest: BTreeSet<DockerfilePlace> = nearest.collect();
    // Of images that are built from one folder, those that take the file.
    let images = context.deployment.built_images.iter().filter(|image| nearest.contains(&image.dockerfile));
    let (taking, others): (Vec<_>, Vec<_>) = images.partition(|image| image.stage.origins.takes(file));
    let meant = if taking.is_empty() { others } else { taking };
    let mut holders: Vec<_> = meant.into_iter().map(|image| image.dockerfile).collect();
    holders.sort_unstable_by_key(|place| place.file());
    holders.dedup();
    holders
}
