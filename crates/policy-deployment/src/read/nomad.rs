//! Job files of Nomad: the images that their tasks run.

use policy_docker::asker::Asker;
use policy_terraform::parse::syntax::{Block, Body};
use policy_text::purpose;
use policy_text::source::{RepoPath, Sources};
use rayon::prelude::*;

use crate::files::{JobFile, Parsed};
use crate::found::Found;
use crate::model::image::ImageRole;
use crate::read::hcl::{Values, entries, text};

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
    let role = if purpose::is_for_development(path) { ImageRole::Development } else { ImageRole::Deployed };
    let mut delivery = Found::default();
    let values = values(&file.body);
    for job in file.body.blocks_of("job") {
        tasks(&job.body, &values, role, 0, &mut delivery);
    }
    delivery
}

/// The defaults of variables and the locals, each by the path that names it.
fn values(body: &Body) -> Values {
    let mut values = Values::new();
    for variable in body.blocks_of("variable") {
        if let Some((name, default)) = variable.labels.first().zip(variable.body.attribute("default")) {
            values.insert(format!("var.{name}"), text(&default.value, &values));
        }
    }
    for local in body.blocks_of("locals").flat_map(|locals| &locals.body.attributes) {
        values.insert(format!("local.{}", local.name), text(&local.value, &values));
    }
    values
}

fn tasks(body: &Body, values: &Values, role: ImageRole, depth: usize, delivery: &mut Found) {
    for block in &body.blocks {
        match &*block.kind {
            "task" => task(block, values, role, delivery),
            _ if depth < MAX_DEPTH => tasks(&block.body, values, role, depth + 1, delivery),
            _ => {}
        }
    }
}

fn task(task: &Block, values: &Values, role: ImageRole, delivery: &mut Found) {
    let driver = task.body.attribute("driver").and_then(|driver| driver.value.as_literal());
    if !driver.is_some_and(|driver| DRIVERS.contains(&driver)) {
        return;
    }
    let user = Asker::Task(task.labels.first().map_or("", |name| &**name).into());
    let block = task.body.blocks_of("config").filter_map(|config| config.body.attribute("image"));
    let images = block.map(|image| &image.value);
    let object = task.body.attribute("config").map(|config| entries(&config.value)).unwrap_or_default();
    let in_object = object.into_iter().filter(|(name, _)| name == "image").map(|(_, image)| image);
    for image in images.chain(in_object) {
        for reference in text(image, values) {
            delivery.image(&reference, image.at, role, &user);
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    fn images(path: &str, text: &str) -> Vec<(String, ImageRole)> {
        let tree = MemoryTree::new().with(RepoPath::new(path).unwrap(), text);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        assert_eq!(parsed.problems, []);
        let found = read(&parsed, &sources);
        found.images.iter().map(|image| (image.reference.to_string(), image.role)).collect()
    }

    const JOB: &str = "variable \"tag\" {\n  default = \"latest\"\n}\nlocals {\n  image = \"r.io/web:${var.tag}\"\n}\njob \"web\" {\n  group \"web\" {\n    task \"web\" {\n      driver = \"docker\"\n      config {\n        image = local.image\n        ports = [\"http\"]\n      }\n    }\n    task \"side\" {\n      driver = \"docker\"\n      config {\n        image = \"r.io/side:${var.version}\"\n      }\n    }\n    task \"raw\" {\n      driver = \"raw_exec\"\n      config {\n        image = \"x:latest\"\n      }\n    }\n  }\n}\n";

    #[test]
    fn tasks_run_images_with_the_defaults_of_variables() {
        let expected = [
            ("r.io/web:latest".to_owned(), ImageRole::Deployed),
            ("r.io/side:${var.version}".to_owned(), ImageRole::Deployed),
        ];
        assert_eq!(images("deploy/web.nomad.hcl", JOB), expected);
        assert_eq!(images("web.nomad", JOB), expected);
        assert_eq!(images("dev/web.nomad", JOB)[0].1, ImageRole::Development);
    }

    #[test]
    fn what_is_no_job_or_has_to_be_rendered_says_nothing() {
        assert!(images("nomad/client.hcl", "client {\n  image = \"x\"\n}\n").is_empty());
        assert!(images("web.nomad", &format!("[[ if .x ]]\n{JOB}[[ end ]]\n")).is_empty());
    }
}
