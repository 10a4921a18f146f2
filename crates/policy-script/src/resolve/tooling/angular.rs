//! Angular's build configurations: which file a production build puts in the place of another.

use std::sync::Arc;

use policy_text::json::Node;
use policy_text::purpose::{is_local_mode, is_production};
use policy_text::source::{FileId, RepoPath};

use super::config_files::ConfigFiles;
use super::memo::Memo;

/// One file put in the place of another by one configuration.
#[derive(Debug)]
struct Replacement {
    /// The configuration. `None` for one that holds in every build.
    configuration: Option<String>,
    replaced: RepoPath,
    with: RepoPath,
}

/// Files that describe a workspace; their paths are relative to their own folder.
const WORKSPACE_FILES: [&str; 4] =
    ["angular.json", ".angular-cli.json", "angular-cli.json", "workspace.json"];

/// Whether a target of this name builds nothing which is deployed.
fn is_local_target(name: &str) -> bool {
    matches!(name, "serve" | "lint") || is_local_mode(name)
}

type Table = Arc<Vec<Replacement>>;

/// The replacements of all workspaces, each configuration read at most once.
#[derive(Default)]
pub(super) struct Replacements {
    tables: Memo<FileId, Table>,
    /// By the folder of the code.
    nearest: Memo<RepoPath, Vec<Table>>,
}

impl Replacements {
    /// The files that production builds take where code imports `file`.
    ///
    /// An `environment.prod.ts` beside an `environment.ts` that no production build replaces counts as well, even where
    /// no configuration uses it: it says what its owner means production to be.
    pub(super) fn shipped(&self, files: &ConfigFiles<'_>, file: FileId) -> Vec<FileId> {
        let path = files.sources.path(file);
        let all = self.around(files, path);
        let of_file = || all.iter().flat_map(|table| table.iter()).filter(|entry| entry.replaced == *path);
        let production: Vec<&RepoPath> =
            of_file().filter(|entry| entry.is_production()).map(|entry| &entry.with).collect();
        let others =
            of_file().filter(|entry| entry.is_deployed() && !entry.is_production()).map(|entry| &entry.with);
        let by_name = production_siblings(path);
        let shipped: Vec<&RepoPath> = if production.is_empty() {
            std::iter::once(path).chain(others).chain(&by_name).collect()
        } else {
            production.into_iter().chain(others).collect()
        };
        let mut found: Vec<FileId> = Vec::new();
        for file in shipped.into_iter().filter_map(|path| files.sources.find(path)) {
            if !found.contains(&file) {
                found.push(file);
            }
        }
        found
    }

    /// Why no build that is deployed holds `file`, where that is so.
    pub(super) fn left_out(&self, files: &ConfigFiles<'_>, file: FileId) -> Option<String> {
        let path = files.sources.path(file);
        let all = self.around(files, path);
        let entries = || all.iter().flat_map(|table| table.iter());
        let stands_in: Vec<&Replacement> = entries().filter(|entry| entry.with == *path).collect();
        if stands_in.iter().any(|entry| entry.is_deployed()) {
            return None;
        }
        if let Some(entry) = entries().find(|entry| entry.replaced == *path && entry.is_production()) {
            return Some(format!("a production build puts `{}` in its place", entry.with.file_name()));
        }
        let name = stands_in.first()?.configuration.as_ref()?;
        Some(format!("only build configuration `{name}` uses it"))
    }

    /// The replacements of the workspace and of the project that `path` lies in.
    fn around(&self, files: &ConfigFiles<'_>, path: &RepoPath) -> Vec<Table> {
        let Some(own) = path.parent() else { return Vec::new() };
        self.nearest.get(own.clone(), || {
            let nearest = |names: &[&str]| {
                own.ancestors()
                    .find_map(|folder| names.iter().find_map(|name| files.sources.find(&folder.join(name)?)))
            };
            let configurations = [nearest(&WORKSPACE_FILES), nearest(&["project.json"])];
            configurations.into_iter().flatten().map(|file| self.table(files, file)).collect()
        })
    }

    fn table(&self, files: &ConfigFiles<'_>, file: FileId) -> Table {
        self.tables.get(file, || {
            let Some(json) = files.json(file) else { return Arc::default() };
            let own = files.sources.folder_of(file);
            let mut table = Vec::new();
            if let Some(apps) = json.get("apps") {
                apps.elements().iter().for_each(|app| add_app(app, &own, &mut table));
            }
            for project in json.get("projects").map(Node::members).unwrap_or_default() {
                add_targets(&project.value, &own, &mut table);
            }
            // A project of Nx by itself: its paths begin at the workspace.
            let workspace = own.ancestors().find(|folder| {
                folder.join("nx.json").is_some_and(|path| files.sources.find(&path).is_some())
            });
            add_targets(&json, &workspace.unwrap_or(own), &mut table);
            Arc::new(table)
        })
    }
}

impl Replacement {
    fn is_production(&self) -> bool {
        self.configuration.as_deref().is_none_or(is_production)
    }

    fn is_deployed(&self) -> bool {
        self.configuration.as_deref().is_none_or(|name| !is_local_mode(name))
    }
}

/// The replacements of a project's targets.
fn add_targets(project: &Node, base: &RepoPath, table: &mut Vec<Replacement>) {
    let targets = ["architect", "targets"].iter().filter_map(|name| project.get(name));
    let targets = targets.flat_map(Node::members).filter(|target| !is_local_target(&target.name));
    for target in targets {
        if let Some(options) = target.value.get("options") {
            add_replacements(options, None, base, table);
        }
        for configuration in target.value.get("configurations").map(Node::members).unwrap_or_default() {
            add_replacements(&configuration.value, Some(&configuration.name), base, table);
        }
    }
}

fn add_replacements(
    options: &Node,
    configuration: Option<&str>,
    base: &RepoPath,
    table: &mut Vec<Replacement>,
) {
    let entries = options.get("fileReplacements").map(Node::elements).unwrap_or_default();
    table.extend(entries.iter().filter_map(|entry| {
        let path = |names: [&str; 2]| base.join(names.iter().find_map(|name| entry.get(name))?.as_str()?);
        Some(Replacement {
            configuration: configuration.map(str::to_owned),
            replaced: path(["replace", "src"])?,
            with: path(["with", "replaceWith"])?,
        })
    }));
}

/// The `environments` of an application before Angular 6.
fn add_app(app: &Node, base: &RepoPath, table: &mut Vec<Replacement>) {
    let root = app.get("root").and_then(Node::as_str).unwrap_or_default();
    let environments = app.get("environments").map(Node::members).unwrap_or_default();
    let named = environments.iter().find(|member| member.name == "source").map(|member| &member.value);
    let source = app.get("environmentSource").or(named).and_then(Node::as_str);
    let place = |path: &str| base.join(root)?.join(path);
    let Some(replaced) = place(source.unwrap_or("environments/environment.ts")) else {
        return;
    };
    table.extend(environments.iter().filter(|member| member.name != "source").filter_map(|member| {
        Some(Replacement {
            configuration: Some(member.name.clone()),
            replaced: replaced.clone(),
            with: place(member.value.as_str()?)?,
        })
    }));
}

/// The files beside an `environment.ts` that are meant for production by their names.
fn production_siblings(path: &RepoPath) -> Vec<RepoPath> {
    let Some(folder) = path.parent().filter(|_| path.file_name() == "environment.ts") else {
        return Vec::new();
    };
    ["environment.prod.ts", "environment.production.ts"].iter().filter_map(|name| folder.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use policy_text::source::Sources;

    use super::super::{Tooling, tree};
    use super::*;

    const ENVIRONMENTS: [(&str, &str); 5] = [
        ("web/src/env/environment.ts", ""),
        ("web/src/env/environment.prod.ts", ""),
        ("web/src/env/environment.staging.ts", ""),
        ("web/src/env/environment.local.ts", ""),
        ("web/src/env/port.ts", ""),
    ];

    /// What ships for `environment.ts`, and which files are left out, by what is between `environment.` and `.ts`.
    #[track_caller]
    fn assert_ships(config: &str, text: &str, shipped: &[&str], left_out: &[&str]) {
        let mut files = ENVIRONMENTS.to_vec();
        files.push((config, text));
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let tooling = Tooling::new(&sources);
        let short = |file: FileId| sources.path(file).file_name().trim_start_matches("environment.");
        let environment = sources.find(&RepoPath::new("web/src/env/environment.ts").unwrap()).unwrap();
        let found: Vec<_> = tooling.shipped(environment).into_iter().map(short).collect();
        assert_eq!(found, shipped, "shipped by {text}");
        let files = sources.files().map(|(file, _)| file);
        let found: Vec<_> = files
            .filter(|file| tooling.replacements.left_out(&tooling.files, *file).is_some())
            .map(short)
            .collect();
        assert_eq!(found, left_out, "left out by {text}");
    }

    fn workspace(configurations: &str) -> String {
        format!(
            r#"{{"projects": {{"a": {{"architect": {{"build": {{"configurations": {configurations}}}}}}}}}}}"#
        )
    }

    fn replace(name: &str) -> String {
        format!(
            r#""{name}": {{"fileReplacements": [{{"replace": "src/env/environment.ts", "with": "src/env/environment.{name}.ts"}}]}}"#
        )
    }

    #[test]
    fn production_takes_what_replaces_a_file() {
        let text = workspace(&format!("{{{}, {}}}", replace("local"), replace("prod")));
        assert_ships("web/angular.json", &text, &["prod.ts"], &["local.ts", "ts"]);
        let text = workspace(&format!("{{{}, {}}}", replace("prod"), replace("staging")));
        assert_ships("web/angular.json", &text, &["prod.ts", "staging.ts"], &["ts"]);
    }

    #[test]
    fn a_file_that_production_does_not_replace_ships_whatever_its_name() {
        assert_ships("web/angular.json", &workspace("{\"production\": {}}"), &["ts", "prod.ts"], &[]);
        assert_ships(
            "web/angular.json",
            &workspace(&format!("{{{}}}", replace("local"))),
            &["ts", "prod.ts"],
            &["local.ts"],
        );
        assert_ships("web/README.md", "", &["ts", "prod.ts"], &[]);
        assert_ships(
            "other/angular.json",
            &workspace(&format!("{{{}}}", replace("prod"))),
            &["ts", "prod.ts"],
            &[],
        );
    }

    #[test]
    fn what_production_takes_may_not_be_in_the_repository() {
        assert_ships("web/angular.json", &workspace(&format!("{{{}}}", replace("production"))), &[], &["ts"]);
    }

    #[test]
    fn environments_of_the_first_angular_versions() {
        let text = r#"{"apps": [{"root": "src", "environmentSource": "env/environment.ts",
            "environments": {"dev": "env/environment.ts", "prod": "env/environment.prod.ts"}}]}"#;
        assert_ships("web/.angular-cli.json", text, &["prod.ts"], &["ts"]);
    }

    #[test]
    fn a_project_of_nx_counts_from_its_workspace() {
        let text = r#"{"targets": {"build": {"configurations": {"production": {"fileReplacements": [
            {"replace": "web/src/env/environment.ts", "with": "web/src/env/environment.prod.ts"}]}}}}}"#;
        let tree = tree(&[ENVIRONMENTS[0], ENVIRONMENTS[1], ("web/project.json", text), ("nx.json", "{}")]);
        let sources = Sources::open(&tree);
        let find = |path: &str| sources.find(&RepoPath::new(path).unwrap()).unwrap();
        let tooling = Tooling::new(&sources);
        assert_eq!(
            tooling.shipped(find("web/src/env/environment.ts")),
            [find("web/src/env/environment.prod.ts")]
        );
    }
}
