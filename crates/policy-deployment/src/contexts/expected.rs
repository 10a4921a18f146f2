//! The directories that the repository's own tools leave behind, and where.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use policy_text::json;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};

use super::tools::{Evidence, NODE_LOCKS, PYTHON_PROJECT, Place, TOOLS};
use crate::model::context::Cache;

/// The keys of a `package.json` under which it asks for packages.
const ASKS_FOR_PACKAGES: [&str; 4] =
    ["dependencies", "devDependencies", "optionalDependencies", "workspaces"];

/// Files that are committed only so that their folder is there.
const KEEPERS: [&str; 3] = [".keep", ".gitkeep", ".gitignore"];

/// What the tools in evidence leave behind in a repository.
pub(super) struct Expected {
    /// The directories, by path.
    pub(super) caches: Vec<Cache>,
    /// The folders in which some tool is used.
    tools: BTreeMap<RepoPath, (&'static str, FileId)>,
}

impl Expected {
    /// Looks for evidence in all listed files. Only a few small manifests are read.
    pub(super) fn of(sources: &Sources<'_>, contexts: &BTreeSet<&RepoPath>) -> Self {
        let mut expected = Self { caches: Vec::new(), tools: BTreeMap::new() };
        let files = evident(sources);
        let readable = manifests(&files, sources);
        let python = folders_with(PYTHON_PROJECT, &files, &readable, sources);
        for tool in TOOLS {
            let folders = folders_with(tool.evidence, &files, &readable, sources);
            let above = if tool.place == Place::PythonPackages { &python } else { &folders };
            for (folder, evidence) in &folders {
                let is_there = |name: &str| folder.join(name).is_some_and(|path| sources.is_folder(&path));
                let here = is_place(tool.place, folder, above, sources)
                    || tool.leaves.iter().any(|left| !left.may_be_meant && is_there(left.name))
                    || (contexts.contains(folder) && stands_alone(tool.place, folder, above, &readable));
                // A member of a workspace is a project too, though what its tool leaves lies at the root.
                if here || tool.place != Place::PythonPackages {
                    expected.tools.entry(folder.clone()).or_insert((tool.name, *evidence));
                }
                if !here {
                    continue;
                }
                for directory in tool.leaves {
                    let Some(path) = folder.join(directory.name) else { continue };
                    let is_keeper = |path: &RepoPath| KEEPERS.contains(&path.file_name());
                    if directory.may_be_meant && sources.files_within(&path).any(|(_, file)| !is_keeper(file))
                    {
                        continue;
                    }
                    let Some(probe) = path.join(directory.holds) else { continue };
                    expected.caches.push(Cache {
                        path,
                        probe,
                        tool: tool.name,
                        evidence: *evidence,
                        weight: directory.weight,
                        may_be_meant: directory.may_be_meant,
                        made_by: tool.made_by,
                    });
                }
            }
        }
        // The surer of two tools that leave the same directory speaks for both.
        expected.caches.sort_by(|a, b| (&a.path, a.weight).cmp(&(&b.path, b.weight)));
        expected.caches.dedup_by(|later, earlier| later.path == earlier.path);
        expected
    }

    /// The first tool in use at or below `folder`, with its evidence.
    pub(super) fn tool_within(&self, folder: &RepoPath) -> Option<(&'static str, FileId)> {
        self.tools.range(folder.clone()..).find(|(path, _)| path.is_within(folder)).map(|(_, tool)| *tool)
    }
}

/// The files that can be evidence by their names, in the order of paths: nearly all files are not.
fn evident<'s>(sources: &'s Sources<'_>) -> Vec<(FileId, &'s RepoPath)> {
    let (mut names, mut beginnings, mut extensions) = (HashSet::new(), HashSet::new(), HashSet::new());
    for evidence in TOOLS.iter().flat_map(|tool| tool.evidence).chain(PYTHON_PROJECT) {
        match evidence {
            Evidence::Named(name)
            | Evidence::Mentions(name, _)
            | Evidence::Packages(name)
            | Evidence::Since(name, ..) => {
                names.insert(name.rsplit_once('/').map_or(*name, |(_, last)| last))
            }
            Evidence::Begins(start) => beginnings.insert(*start),
            Evidence::Extension(extension) => extensions.insert(*extension),
        };
    }
    let is_evident = |path: &RepoPath| {
        let name = path.file_name();
        let shows = names.contains(name)
            || path.extension().is_some_and(|extension| extensions.contains(extension))
            || beginnings.iter().any(|start| name.starts_with(start));
        shows && !purpose::is_not_ours(path)
    };
    sources.files().filter(|(_, path)| is_evident(path)).collect()
}

/// The texts of those `files` that some evidence has to be read of.
fn manifests(files: &[(FileId, &RepoPath)], sources: &Sources<'_>) -> BTreeMap<FileId, String> {
    let asked: HashSet<&str> = TOOLS
        .iter()
        .flat_map(|tool| tool.evidence)
        .chain(PYTHON_PROJECT)
        .filter_map(|evidence| match evidence {
            Evidence::Mentions(name, _) | Evidence::Packages(name) => Some(*name),
            _ => None,
        })
        .collect();
    let asked = files.iter().filter(|(_, path)| asked.contains(path.file_name()));
    asked.filter_map(|(file, _)| Some((*file, sources.read(*file).ok()?.text))).collect()
}

/// The folders with any of the `evidence`, each with the first file that shows it.
fn folders_with(
    evidence: &[Evidence],
    files: &[(FileId, &RepoPath)],
    manifests: &BTreeMap<FileId, String>,
    sources: &Sources<'_>,
) -> BTreeMap<RepoPath, FileId> {
    let mut folders = BTreeMap::new();
    for &(file, path) in files {
        let shown = evidence.iter().find_map(|evidence| match evidence {
            Evidence::Named(name) => folder_above(path, name),
            Evidence::Begins(start) => path.file_name().starts_with(start).then(|| path.parent())?,
            Evidence::Extension(extension) => (path.extension() == Some(extension)).then(|| path.parent())?,
            Evidence::Mentions(name, words) => {
                let mentions = path.file_name() == *name && manifests.get(&file)?.contains(words);
                mentions.then(|| path.parent())?
            }
            Evidence::Packages(name) => {
                let folder = path.parent().filter(|_| path.file_name() == *name)?;
                let installs = manifests.get(&file).is_none_or(|text| asks_for_packages(text));
                let installs = installs || holds(&folder, NODE_LOCKS, sources);
                (installs && !keeps_packages_in_archives(&folder, sources)).then_some(folder)
            }
            Evidence::Since(name, package, version) => {
                let folder = path.parent().filter(|_| path.file_name() == *name)?;
                let manifest =
                    sources.find(&folder.join("package.json")?).and_then(|file| manifests.get(&file));
                let asked = manifest.and_then(|text| major_version(text, package));
                asked.is_none_or(|asked| asked >= *version).then_some(folder)
            }
        });
        if let Some(folder) = shown {
            folders.entry(folder).or_insert(file);
        }
    }
    folders
}

/// Whether Yarn installs without folders for packages, in `folder` or in the workspace above it: what it does from its
/// second version on, unless it is told otherwise.
fn keeps_packages_in_archives(folder: &RepoPath, sources: &Sources<'_>) -> bool {
    let at = |folder: &RepoPath, name: &str| folder.join(name).and_then(|path| sources.find(&path));
    folder.ancestors().any(|folder| {
        let settings =
            || sources.read(at(&folder, "yarn.lock").and_then(|_| at(&folder, ".yarnrc.yml"))?).ok();
        let makes_folders = |text: &str| {
            ["node-modules", "pnpm"].iter().any(|linker| {
                text.lines().any(|line| {
                    line.strip_prefix("nodeLinker:")
                        .is_some_and(|value| value.trim().trim_matches('"') == *linker)
                })
            })
        };
        at(&folder, ".pnp.cjs").is_some() || settings().is_some_and(|settings| !makes_folders(&settings.text))
    })
}

/// Whether a `package.json` asks for any package. One that cannot be read may.
fn asks_for_packages(text: &str) -> bool {
    let Ok(root) = json::parse(text) else { return true };
    let lists = |node: &json::Node| !node.members().is_empty() || !node.elements().is_empty();
    ASKS_FOR_PACKAGES.iter().any(|key| root.get(key).is_some_and(lists))
}

/// The first number of the version that a `package.json` asks for of `package`.
fn major_version(text: &str, package: &str) -> Option<u32> {
    let (_, after) = text.split_once(package)?;
    let version = after.lines().next()?.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version.get(..end)?.parse().ok()
}

fn holds(folder: &RepoPath, names: &[&str], sources: &Sources<'_>) -> bool {
    names.iter().any(|name| folder.join(name).is_some_and(|path| sources.find(&path).is_some()))
}

/// The folder in which `path` is the relative path `name`.
fn folder_above(path: &RepoPath, name: &str) -> Option<RepoPath> {
    let folder = path.as_str().strip_suffix(name)?;
    (folder.is_empty() || folder.ends_with('/')).then(|| RepoPath::new(folder))?
}

/// Whether a folder that is built by itself is a project of its own, though one lies above: that one names no members.
fn stands_alone(
    place: Place,
    folder: &RepoPath,
    above: &BTreeMap<RepoPath, FileId>,
    manifests: &BTreeMap<FileId, String>,
) -> bool {
    let names_members =
        |file: &FileId| manifests.get(file).is_none_or(|text| text.contains("\"workspaces\""));
    matches!(place, Place::Roots { own, .. } if !own.is_empty())
        && !folder.ancestors().skip(1).filter_map(|parent| above.get(&parent)).any(names_members)
}

/// Whether a tool's directories appear in `folder`. `above` are the folders that decide about those below them: the
/// tool's own, or those of Python projects.
fn is_place(
    place: Place,
    folder: &RepoPath,
    above: &BTreeMap<RepoPath, FileId>,
    sources: &Sources<'_>,
) -> bool {
    let holds = |folder: &RepoPath, names: &[&str]| holds(folder, names, sources);
    match place {
        Place::Each => true,
        Place::Roots { own, members_of, claims } => {
            let parents = || folder.ancestors().skip(1);
            // Who names exceptions may name this one.
            let is_claimed = |words: &str, file: &FileId| {
                let text = sources.read(*file).map(|decoded| decoded.text).unwrap_or_default();
                text.contains(words) && !text.contains("exclude")
            };
            let has_own = holds(folder, own)
                && !claims.is_some_and(|words| {
                    parents().filter_map(|parent| above.get(&parent)).any(|file| is_claimed(words, file))
                });
            has_own
                || !parents().any(|parent| above.contains_key(&parent))
                || parents().any(|parent| holds(&parent, members_of))
        }
        Place::PythonPackages => {
            holds(folder, &["__init__.py"]) || folder.ancestors().any(|parent| above.contains_key(&parent))
        }
    }
}
