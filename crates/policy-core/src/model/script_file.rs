//! Script files: the images that they build, push and run.

use rayon::prelude::*;

use super::Deployment;
use super::commands::{self, Caller};
use super::delivery::Delivery;
use super::standing;
use crate::parse::Parsed;
use crate::parse::shell::Script;
use crate::resolve::shell::State;
use crate::source::{RepoPath, Sources};

/// Words of a path that say: this script sets up or updates what serves users.
const DEPLOYS: [&str; 10] = [
    "userdata",
    "user-data",
    "user_data",
    "cloud-init",
    "cloud_init",
    "cloudinit",
    "startup",
    "bootstrap",
    "deploy",
    "provision",
];

/// Words that say the same where nothing says that it is for development.
const RENEWS: [&str; 3] = ["upgrade", "restart", "ec2"];

/// Adds what all script files do.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let read: Vec<Delivery> =
        parsed.shell.par_iter().map(|(file, script)| read(script, sources.path(*file), sources)).collect();
    for delivery in read {
        delivery.join(deployment);
    }
}

fn read(script: &Script, path: &RepoPath, sources: &Sources<'_>) -> Delivery {
    let own = path.parent().unwrap_or_else(RepoPath::root);
    let name = path.file_name().to_ascii_lowercase();
    let development = standing::is_development_file(path);
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let deploys = says(&DEPLOYS) || says(&RENEWS) && !development;
    let user = format!("`{}`", path.file_name());
    let from = |folder: RepoPath| {
        let state = State::starting_in(Some(folder), Some(own.clone()));
        let mut delivery = Delivery::default();
        let caller = match (deploys, development) {
            (true, _) => Caller::deploying(&user),
            (false, true) => Caller::of_a_developer(&user),
            (false, false) => Caller::of_a_pipeline(&user),
        };
        commands::carry_out(script, state, &caller, &mut delivery);
        delivery
    };
    // Nothing says where a script is started: at the root, or where it lies.
    placed(&own, sources, from)
}

/// What commands do that start at the root or in the folder `own`: the Dockerfiles and the compose files that they
/// name tell.
pub(super) fn placed(own: &RepoPath, sources: &Sources<'_>, from: impl Fn(RepoPath) -> Delivery) -> Delivery {
    let started_in = |folder: RepoPath| {
        let mut delivery = from(folder);
        delivery.builds.retain(|build| build.can_start(sources));
        delivery.compositions.retain(|composition| composition.paths(sources).is_some());
        delivery.compose_pushes.retain(|push| push.composition.paths(sources).is_some());
        let fits = delivery.builds.len() + delivery.compositions.len();
        (fits, delivery)
    };
    let (at_root, delivery) = started_in(RepoPath::root());
    if own.is_root() {
        return delivery;
    }
    let (at_own, own_delivery) = started_in(own.clone());
    if at_own > at_root { own_delivery } else { delivery }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::image::ImageRole;
    use crate::source::MemoryTree;

    fn deployment(files: &[(&str, &str)]) -> Deployment {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let mut deployment = Deployment::default();
        add(
            &mut deployment,
            &crate::parse::parse_all(
                &sources,
                &crate::config::Settings::default(),
                crate::model::commands::named_in,
            ),
            &sources,
        );
        deployment
    }

    #[test]
    fn a_containerfile_is_built_like_any_other() {
        let files = [("app/Containerfile", "FROM a:1\n"), ("build.sh", "podman build app\n")];
        assert_eq!(deployment(&files).builds[0].context.as_str(), "app");
        assert!(deployment(&files[1..]).builds.is_empty());
    }

    #[test]
    fn a_script_starts_where_its_dockerfiles_are() {
        let contexts = |files: &[(&str, &str)]| -> Vec<String> {
            deployment(files).builds.iter().map(|build| build.context.to_string()).collect()
        };
        let script = "docker build -t web web\n";
        assert_eq!(contexts(&[("scripts/b.sh", script), ("web/Dockerfile", "")]), ["web"]);
        assert_eq!(contexts(&[("scripts/b.sh", script), ("scripts/web/Dockerfile", "")]), ["scripts/web"]);
        assert!(contexts(&[("scripts/b.sh", script)]).is_empty());
    }

    #[test]
    fn a_compose_file_that_a_script_writes_is_read() {
        let script = "docker info\ncat > /opt/docker-compose.yml << 'EOF'\nservices:\n  web:\n    image: web:latest\nEOF\n";
        let images = deployment(&[("userdata.sh", script)]).images;
        assert_eq!(images.len(), 1);
        assert_eq!(&script[images[0].at.range()], "web:latest");
        assert!(deployment(&[("docs.sh", script)]).images.is_empty());
    }

    #[test]
    fn only_scripts_that_deploy_run_what_is_deployed() {
        let role = |path: &str| deployment(&[(path, "docker run -d web:latest\n")]).images[0].role;
        assert_eq!(role("scripts/backend_userdata.sh"), ImageRole::Deployed);
        assert_eq!(role("scripts/upgrade.sh"), ImageRole::Deployed);
        assert_eq!(role("scripts/dev/upgrade.sh"), ImageRole::Development);
        assert_eq!(role("scripts/lint.sh"), ImageRole::Development);
    }

    #[test]
    fn a_container_that_is_restarted_whenever_it_stops_is_there_to_stay() {
        let role = |path: &str| {
            deployment(&[(path, "docker run -d --restart unless-stopped web:latest\n")]).images[0].role
        };
        assert_eq!(role("scripts/install.sh"), ImageRole::Deployed);
        assert_eq!(role("scripts/dev/install.sh"), ImageRole::Development);
    }
}
