//! The files in which Python projects say which packages they need: requirements, `pyproject.toml`, and those of the tools
//! that run tests.

use policy_text::source::RepoPath;

/// Whether the file at `path` is one, by its name.
pub(super) fn is_one(path: &RepoPath) -> bool {
    let name = path.file_name();
    let lists = matches!(path.extension(), Some("txt" | "in"))
        && (name.contains("requirements") || lies_among_requirements(path));
    lists
        || matches!(
            name,
            "pyproject.toml"
                | "setup.py"
                | "setup.cfg"
                | "tox.ini"
                | "Pipfile"
                | "noxfile.py"
                | "environment.yml"
        )
}

/// The folder whose project the manifest at `path` belongs to.
pub(super) fn project_of(path: &RepoPath) -> Option<RepoPath> {
    let folder = path.parent()?;
    if lies_among_requirements(path) { folder.parent() } else { Some(folder) }
}

fn lies_among_requirements(path: &RepoPath) -> bool {
    path.parent().is_some_and(|folder| folder.file_name() == "requirements")
}

/// Keys of tox whose value may stand beside them.
const OF_TOX: [&str; 2] = ["deps", "commands"];

/// Whether the text of a manifest asks for `package`: at the beginning of a line or of a quoted text, in any version.
pub(super) fn asks_for(text: &str, package: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), package.as_bytes()).any(|at| {
        let Some((before, rest)) = text.split_at_checked(at) else { return false };
        let line = before.rsplit('\n').next().unwrap_or_default();
        let begins = line.trim_start().trim_start_matches("- ").is_empty()
            || line.ends_with(['"', '\''])
            || line.trim_end().strip_suffix('=').is_some_and(|key| OF_TOX.contains(&key.trim()));
        let after = rest.get(package.len()..).and_then(|rest| rest.chars().next());
        let ends = after.is_none_or(|c| c.is_whitespace() || "=<>~!;[,\"'@:".contains(c));
        begins && ends && !line.trim_start().starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_asked_for_in_every_notation() {
        for text in [
            "ruff==0.9\n",
            "a\nruff\n",
            "ruff",
            "ruff [x] >= 1",
            "[tool.poetry.group.dev.dependencies]\nruff = \"^0.9\"\n",
            "ruff = {version = \"1\"}",
            "[dependency-groups]\ndev = [\"black\", \"ruff>=0.9\"]\n",
            "[tool.hatch.envs.lint]\ndependencies = [\n  'ruff~=0.9',\n]\n",
            "[testenv]\ndeps =\n    ruff\n",
            "[testenv]\ndeps = ruff\n",
            "[testenv]\ncommands=ruff check\n",
            "dependencies:\n  - ruff=0.9\n",
            "session.install('ruff')",
        ] {
            assert!(asks_for(text, "ruff"), "{text}");
        }
        for text in
            ["ruffian==1", "ruff-api==1", "# ruff", "not ruff", "my-ruff==1", "\"x ruff\"", "a.ruff = 1"]
        {
            assert!(!asks_for(text, "ruff"), "{text}");
        }
    }

    #[test]
    fn requirements_in_a_folder_belong_to_the_project_above() {
        let path = |path: &str| RepoPath::new(path).unwrap();
        for (manifest, project) in
            [("api/requirements/dev.txt", "api"), ("api/dev-requirements.txt", "api"), ("api/tox.ini", "api")]
        {
            assert!(is_one(&path(manifest)), "{manifest}");
            assert_eq!(project_of(&path(manifest)), Some(path(project)));
        }
        assert!(!is_one(&path("notes/dev.txt")));
    }
}
