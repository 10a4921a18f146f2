//! Script files: the images that they build, push and run.

use policy_docker::asker::Asker;
use policy_shell::parse::Script;
use policy_shell::resolve::State;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};

use super::in_turn;
use super::start_folder::placed;
use crate::commands::{self, Caller};
use crate::files::Parsed;
use crate::found::Found;

/// What all script files do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let commands = |(file, script): &(FileId, Script)| commands_of(script, sources.path(*file), sources);
    in_turn::found_in(&parsed.shell, |(file, _)| *file, commands)
}

fn commands_of(script: &Script, path: &RepoPath, sources: &Sources<'_>) -> Found {
    let own = path.parent().unwrap_or_else(RepoPath::root);
    let name = path.file_name();
    let development = purpose::is_for_development(path);
    let deploys = purpose::says_deployment(name) || purpose::says_update(name) && !development;
    let user = Asker::File(name.to_owned());
    let from = |folder: RepoPath| {
        let state = State::starting_in(Some(folder), Some(own.clone()));
        let mut found = Found::default();
        let caller = match (deploys, development) {
            (true, _) => Caller::deploying(&user),
            (false, true) => Caller::of_a_developer(&user),
            (false, false) => Caller::of_a_pipeline(&user),
        };
        commands::carry_out(script, state, &caller, &mut found);
        found
    };
    // Nothing says where a script is started: at the root, or where it lies.
    placed(&own, sources, from)
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;
    use crate::model::image::ImageRole;

    fn deployment(files: &[(&str, &str)]) -> Found {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        read(&parse_plainly(&sources), &sources)
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
