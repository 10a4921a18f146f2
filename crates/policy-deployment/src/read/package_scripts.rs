//! The scripts of `package.json` that have to do with images.

use policy_docker::asker::Asker;
use policy_shell::resolve::State;
use policy_text::embedded::Embedded;
use policy_text::json;
use policy_text::source::{FileId, RepoPath, Sources};

use super::in_turn;
use crate::commands;
use crate::found::Found;

/// What the scripts of all packages do. A package manager runs them in the folder of the package.
pub(crate) fn read(sources: &Sources<'_>) -> Found {
    let manifests: Vec<(FileId, &RepoPath)> =
        sources.files().filter(|(_, path)| path.file_name() == "package.json").collect();
    let scripts_of = |(file, path): &(FileId, &RepoPath)| {
        path.parent().and_then(|folder| scripts(*file, &folder, sources)).unwrap_or_default()
    };
    let mut found = in_turn::found_in(&manifests, |(file, _)| *file, scripts_of);
    found.builds.retain(|build| build.can_start(sources));
    found
}

fn scripts(file: FileId, folder: &RepoPath, sources: &Sources<'_>) -> Option<Found> {
    let text = sources.read(file).ok()?.text;
    if !commands::named_in(&text) {
        return None;
    }
    let root = json::parse(&text).ok()?;
    let mut found = Found::default();
    for script in root.get("scripts")?.members() {
        let Some(command) = script.value.as_str() else { continue };
        let within = script.value.inner_range();
        let mut embedded = Embedded::new(file);
        // Escapes make a string longer than what it stands for: then only its place as a whole is right.
        if within.len() == command.len() {
            embedded.push(command, within.start);
        } else {
            embedded.push_replacement(command, within);
        }
        let state = State::starting_in(Some(folder.clone()), None);
        let name = Asker::Script(script.name.clone());
        commands::collect_from_text(embedded, state, &commands::Caller::of_a_developer(&name), &mut found);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::model::image::ImageRole;

    #[test]
    fn scripts_build_in_the_folder_of_their_package_and_push() {
        let manifest = "{\"scripts\": {\"image\": \"docker build -t r.io/web:latest . && docker push \\\"r.io/web:latest\\\"\", \"test\": \"jest\"}}";
        let tree = MemoryTree::new()
            .with(RepoPath::new("web/package.json").unwrap(), manifest)
            .with(RepoPath::new("web/Dockerfile").unwrap(), "FROM scratch\n");
        let sources = Sources::open(&tree);
        let found = read(&sources);
        assert_eq!(found.builds[0].context.as_str(), "web");
        let pushed: Vec<_> = found
            .images
            .iter()
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect();
        assert_eq!(pushed, ["r.io/web:latest"]);
    }
}
