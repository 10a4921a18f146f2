//! Job files of Nomad: the images that their tasks run.

use policy_docker::asker::Asker;
use policy_terraform::parse::syntax::{Block, Body};
use policy_terraform::resolve::hcl::{Names, evaluate};
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Origin;
use rayon::prelude::*;

use crate::files::{JobFile, Parsed};
use crate::found::Found;
use crate::model::image::ImageRole;

/// The drivers whose `image` is that of a container.
const DRIVERS: [&str; 3] = ["docker", "podman", "containerd-driver"];

/// How deep the blocks of a job stand in one another.
const MAX_DEPTH: usize = 6;

/// The images of all job files.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let read: Vec<Found> =
        parsed.job_files.par_iter().map(|(file, job)| jobs(job, sources.path(*file))).collect();
    read.into_iter().collect()
}

fn jobs(file: &JobFile, path: &RepoPath) -> Found {
    let role = ImageRole::in_file(path);
    let mut found = Found::default();
    let names = names(&file.body);
    for job in file.body.blocks_of("job") {
        tasks(job.body(), &names, role, 0, &mut found);
    }
    found
}

/// The defaults of variables and the locals, which may depend on them, each by the path that names it.
fn names(body: &Body) -> Names {
    let mut names = Names::new(|path| Origin::Parameter(path.into()), &[]);
    for variable in body.blocks_of("variable") {
        if let Some((name, default)) = variable.labels.first().zip(variable.body().attribute("default")) {
            names.insert_default(format!("var.{name}"), evaluate(&default.value, &names));
        }
    }
    for local in body.blocks_of("locals").flat_map(|locals| &locals.body().attributes) {
        names.insert_default(format!("local.{}", local.name), evaluate(&local.value, &names));
    }
    names
}

fn tasks(body: &Body, names: &Names, role: ImageRole, depth: usize, found: &mut Found) {
    for block in &body.blocks {
        match &*block.kind {
            "task" => task(block, names, role, found),
            _ if depth < MAX_DEPTH => tasks(block.body(), names, role, depth + 1, found),
            _ => {}
        }
    }
}

fn task(task: &Block, names: &Names, role: ImageRole, found: &mut Found) {
    let driver = task.body().attribute("driver").and_then(|driver| driver.value.as_literal());
    if !driver.is_some_and(|driver| DRIVERS.contains(&driver)) {
        return;
    }
    let user = Asker::Task(task.labels.first().map_or("", |name| &**name).into());
    let blocks = task.body().blocks_of("config").filter_map(|config| config.body().attribute("image"));
    let in_blocks = blocks.map(|image| evaluate(&image.value, names));
    let object = task.body().attribute("config").map(|config| evaluate(&config.value, names));
    let in_object = object.as_ref().and_then(|config| config.get("image")).cloned();
    for image in in_blocks.chain(in_object) {
        for reference in image.texts() {
            found.image(&reference, image.used_at(), role, &user);
        }
    }
}
