//! The directories that the repository's own tools leave behind, and where.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::tools::{Evidence, PYTHON_PROJECT, Place, TOOLS, Weight};
use crate::source::{FileId, RepoPath, Sources};

/// A directory that exists, or will once its tool has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// The directory.
    pub path: RepoPath,
    /// A file that it typically holds.
    pub(crate) probe: RepoPath,
    /// The tool that makes it.
    pub tool: &'static str,
    /// The file that shows that the tool is used.
    pub evidence: FileId,
    /// Whether sending the directory is a fault by itself.
    pub is_fault: bool,
    /// The commands that make it anew in an image; empty where no image needs it.
    pub(super) made_by: &'static [&'static str],
}

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
        let python = folders_with(PYTHON_PROJECT, &files, &readable);
        for tool in TOOLS {
            let folders = folders_with(tool.evidence, &files, &readable);
            let above = if tool.place == Place::PythonPackages { &python } else { &folders };
            for (folder, evidence) in &folders {
                let here = is_place(tool.place, folder, above, sources)
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
                    // What is committed is there on purpose.
                    if sources.files_within(&path).any(|(_, file)| !KEEPERS.contains(&file.file_name())) {
                        continue;
                    }
                    let Some(probe) = path.join(directory.holds) else { continue };
                    let is_fault = directory.weight == Weight::Fault;
                    expected.caches.push(Cache {
                        path,
                        probe,
                        tool: tool.name,
                        evidence: *evidence,
                        is_fault,
                        made_by: tool.made_by,
                    });
                }
            }
        }
        // The surer of two tools that leave the same directory speaks for both.
        expected.caches.sort_by(|a, b| (&a.path, !a.is_fault).cmp(&(&b.path, !b.is_fault)));
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
            Evidence::Named(name) | Evidence::Mentions(name, _) => {
                names.insert(name.rsplit_once('/').map_or(*name, |(_, last)| last))
            }
            Evidence::Begins(start) => beginnings.insert(*start),
            Evidence::Extension(extension) => extensions.insert(*extension),
        };
    }
    let is_evident = |path: &RepoPath| {
        let name = path.file_name();
        names.contains(name)
            || path.extension().is_some_and(|extension| extensions.contains(extension))
            || beginnings.iter().any(|start| name.starts_with(start))
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
            Evidence::Mentions(name, _) => Some(*name),
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
        });
        if let Some(folder) = shown {
            folders.entry(folder).or_insert(file);
        }
    }
    folders
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
    let holds = |folder: &RepoPath, names: &[&str]| {
        names.iter().any(|name| folder.join(name).is_some_and(|path| sources.find(&path).is_some()))
    };
    match place {
        Place::Each => true,
        Place::Roots { own, members_of } => {
            holds(folder, own)
                || !folder.ancestors().skip(1).any(|parent| above.contains_key(&parent))
                || folder.ancestors().skip(1).any(|parent| holds(&parent, members_of))
        }
        Place::PythonPackages => {
            holds(folder, &["__init__.py"]) || folder.ancestors().any(|parent| above.contains_key(&parent))
        }
    }
}
