//! The directories that the repository's own tools leave behind, and where.

use std::collections::{BTreeMap, BTreeSet};

use policy_text::source::{FileId, RepoPath, Sources};

use super::evidence::{Shown, holds};
use super::on_disk;
use super::python_imports::Imported;
use super::tools::{Place, TOOLS};
use crate::files::Parsed;
use crate::model::context::{Cache, Weight};

/// Files that are committed only so that their folder is there.
const KEEPERS: [&str; 3] = [".keep", ".gitkeep", ".gitignore"];

/// What the tools in evidence leave behind in a repository.
pub(super) struct Expected {
    /// The directories, by path.
    pub(super) caches: Vec<Cache>,
    /// The folders in which some tool is used.
    tools: BTreeMap<RepoPath, (&'static str, FileId)>,
}

/// The folders that are sent.
pub(super) struct Folders<'a> {
    /// All of them.
    pub(super) all: BTreeSet<&'a RepoPath>,
    /// Those from which an image is built that runs Python.
    pub(super) python: BTreeSet<&'a RepoPath>,
}

impl Expected {
    pub(super) fn of(contexts: &Folders<'_>, parsed: &Parsed, sources: &Sources<'_>) -> Self {
        let mut expected = Self { caches: Vec::new(), tools: BTreeMap::new() };
        let shown = Shown::of(parsed, sources);
        // A context without a manifest whose image runs Python is a project, too.
        let without_manifest = contexts
            .python
            .iter()
            .filter(|folder| !folder.ancestors().any(|above| shown.python.contains_key(&above)));
        let imported: Vec<(&RepoPath, Imported)> =
            without_manifest.map(|folder| (*folder, Imported::in_folder(folder, sources))).collect();
        for tool in TOOLS {
            let folders = shown.folders_with(tool.evidence);
            let above = if tool.place == Place::PythonPackages { &shown.python } else { &folders };
            for (folder, evidence) in &folders {
                let is_there = |name: &str| folder.join(name).is_some_and(|path| sources.is_folder(&path));
                let here = is_place(tool.place, folder, above, &imported, sources)
                    || tool.leaves.iter().any(|left| !left.may_be_meant && is_there(left.name))
                    || (contexts.all.contains(folder) && stands_alone(tool.place, folder, above, &shown));
                // A member of a workspace is a project too, though what its tool leaves lies mostly at the root.
                let is_member = !here && is_member(tool.place, folder, above, &shown);
                if here || tool.place != Place::PythonPackages {
                    expected.tools.entry(folder.clone()).or_insert((tool.name, *evidence));
                }
                if !here && !is_member {
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
                    let least = if is_member { Weight::Mention } else { Weight::Fault };
                    expected.caches.push(Cache {
                        path,
                        probe,
                        tool: tool.name,
                        evidence: Some(*evidence),
                        weight: directory.weight.max(least),
                        may_be_meant: directory.may_be_meant,
                        made_by: tool.made_by,
                    });
                }
            }
        }
        expected.caches.extend(on_disk::caches(&contexts.all, sources));
        // The surer of two tools that leave the same directory speaks for both, and one that a file shows before one that
        // does not.
        expected.caches.sort_by(|a, b| {
            (&a.path, a.weight, a.evidence.is_none()).cmp(&(&b.path, b.weight, b.evidence.is_none()))
        });
        expected.caches.dedup_by(|later, earlier| later.path == earlier.path);
        expected
    }

    /// The first tool in use at or below `folder`, with its evidence.
    pub(super) fn tool_within(&self, folder: &RepoPath) -> Option<(&'static str, FileId)> {
        self.tools.range(folder.clone()..).find(|(path, _)| path.is_within(folder)).map(|(_, tool)| *tool)
    }
}

/// Whether a folder that is built by itself is a project of its own, though one lies above: that one names no members.
fn stands_alone(
    place: Place,
    folder: &RepoPath,
    above: &BTreeMap<RepoPath, FileId>,
    shown: &Shown<'_>,
) -> bool {
    matches!(place, Place::Roots { own, .. } if !own.is_empty())
        && !is_below_workspace(folder, above, shown, true)
}

/// Whether a folder is a member of a workspace of npm, Yarn or Bun, in which packages of other versions than those of the
/// root, and the programs of packages, get a directory of its own.
fn is_member(place: Place, folder: &RepoPath, above: &BTreeMap<RepoPath, FileId>, shown: &Shown<'_>) -> bool {
    matches!(place, Place::Roots { has_own_packages: true, .. })
        && is_below_workspace(folder, above, shown, false)
}

/// Whether a project above names members; one whose manifest cannot be read does `unless_known`.
fn is_below_workspace(
    folder: &RepoPath,
    above: &BTreeMap<RepoPath, FileId>,
    shown: &Shown<'_>,
    unless_known: bool,
) -> bool {
    let names_members =
        |file: &FileId| shown.text(*file).map_or(unless_known, |text| text.contains("\"workspaces\""));
    folder.ancestors().skip(1).filter_map(|parent| above.get(&parent)).any(names_members)
}

/// Whether a tool's directories appear in `folder`. `above` are the folders that decide about those below them: the
/// tool's own, or those of Python projects; `imported` is what contexts without a manifest import.
fn is_place(
    place: Place,
    folder: &RepoPath,
    above: &BTreeMap<RepoPath, FileId>,
    imported: &[(&RepoPath, Imported)],
    sources: &Sources<'_>,
) -> bool {
    let holds = |folder: &RepoPath, names: &[&str]| holds(folder, names, sources);
    match place {
        Place::Each => true,
        Place::Roots { own, members_of, claims, .. } => {
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
            holds(folder, &["__init__.py"])
                || folder.ancestors().any(|parent| above.contains_key(&parent))
                || imported
                    .iter()
                    .any(|(context, imported)| folder.is_within(context) && imported.any_of(folder, sources))
        }
    }
}
