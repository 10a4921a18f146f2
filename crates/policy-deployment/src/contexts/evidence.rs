//! What shows in which folders a tool is used.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use policy_text::json;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};

use super::tools::{Evidence, NODE_LOCKS, PYTHON_PROJECT, TOOLS};
use super::{python_manifest, ran_tools};
use crate::files::Parsed;

/// The keys of a `package.json` under which it asks for packages.
const ASKS_FOR_PACKAGES: [&str; 4] =
    ["dependencies", "devDependencies", "optionalDependencies", "workspaces"];

/// All of a repository that can show that a tool is used.
pub(super) struct Shown<'s> {
    sources: &'s Sources<'s>,
    /// The files that can by their names, in the order of paths.
    files: Vec<(FileId, &'s RepoPath)>,
    /// The texts of those that have to be read.
    texts: BTreeMap<FileId, String>,
    /// The folders in which pipelines run a program.
    ran: BTreeMap<&'static str, BTreeMap<RepoPath, FileId>>,
    /// The folders of Python projects.
    pub(super) python: BTreeMap<RepoPath, FileId>,
}

impl<'s> Shown<'s> {
    /// Looks at all listed files. Only a few small manifests are read.
    pub(super) fn of(parsed: &Parsed, sources: &'s Sources<'s>) -> Self {
        let files = evident(sources);
        let texts = manifests(&files, sources);
        let programs: BTreeSet<&'static str> = kinds()
            .filter_map(|evidence| match evidence {
                Evidence::Runs(program) => Some(*program),
                _ => None,
            })
            .collect();
        let ran = ran_tools::folders(&programs.into_iter().collect::<Vec<_>>(), parsed);
        let mut shown = Self { sources, files, texts, ran, python: BTreeMap::new() };
        shown.python = shown.folders_with(PYTHON_PROJECT);
        shown
    }

    /// The text of a manifest.
    pub(super) fn text(&self, file: FileId) -> Option<&str> {
        self.texts.get(&file).map(String::as_str)
    }

    /// The folders with any of the `evidence`, each with the first file that shows it.
    pub(super) fn folders_with(&self, evidence: &'static [Evidence]) -> BTreeMap<RepoPath, FileId> {
        let mut folders = BTreeMap::new();
        for &(file, path) in &self.files {
            let shown = evidence.iter().find_map(|evidence| self.shown_by(evidence, file, path));
            if let Some(folder) = shown {
                folders.entry(folder).or_insert(file);
            }
        }
        for program in evidence {
            if let Evidence::Runs(program) = program {
                for (folder, file) in self.ran.get(program).into_iter().flatten() {
                    folders.entry(folder.clone()).or_insert(*file);
                }
            }
        }
        folders
    }

    /// The folder in which the file at `path` shows that a tool is used.
    fn shown_by(&self, evidence: &Evidence, file: FileId, path: &RepoPath) -> Option<RepoPath> {
        let named = |name: &str| path.file_name() == name;
        match evidence {
            Evidence::Named(name) => folder_above(path, name),
            Evidence::Within(name) => named(name).then(|| self.project_of(path))?,
            Evidence::Begins(start) => {
                let ending = path.file_name().strip_prefix(start)?;
                (!ending.contains('.')).then(|| path.parent())?
            }
            Evidence::Extension(extension) => (path.extension() == Some(extension)).then(|| path.parent())?,
            Evidence::Mentions(name, words) => {
                (named(name) && says(self.text(file)?, words)).then(|| path.parent())?
            }
            Evidence::Asks(package) => {
                let asks =
                    python_manifest::is_one(path) && python_manifest::asks_for(self.text(file)?, package);
                asks.then(|| python_manifest::project_of(path))?
            }
            Evidence::Packages(name) => {
                let folder = path.parent().filter(|_| named(name))?;
                let installs = self.text(file).is_none_or(asks_for_packages);
                let installs = installs || holds(&folder, NODE_LOCKS, self.sources);
                (installs && !keeps_packages_in_archives(&folder, self.sources)).then_some(folder)
            }
            Evidence::Since(name, package, version) => {
                let folder = path.parent().filter(|_| named(name))?;
                let manifest =
                    self.sources.find(&folder.join("package.json")?).and_then(|file| self.text(file));
                let asked = manifest.and_then(|text| major_version(text, package));
                asked.is_none_or(|asked| asked >= *version).then_some(folder)
            }
            Evidence::Runs(_) => None,
        }
    }

    /// The Python project that the file at `path` is of: the nearest above, or what a folder of tests lies in.
    fn project_of(&self, path: &RepoPath) -> Option<RepoPath> {
        let own = path.parent()?;
        own.ancestors().find(|folder| self.python.contains_key(folder)).or_else(|| {
            let is_of_tests = own.file_name().split(['-', '_']).any(purpose::says_test);
            if is_of_tests { own.parent() } else { Some(own) }
        })
    }
}

/// Whether a text says `words` where no comment of a line stands before them.
fn says(text: &str, words: &str) -> bool {
    text.lines().any(|line| line.contains(words) && !line.trim_start().starts_with(['#', ';']))
}

/// Every kind of evidence that is known.
fn kinds() -> impl Iterator<Item = &'static Evidence> {
    TOOLS.iter().flat_map(|tool| tool.evidence).chain(PYTHON_PROJECT)
}

/// The files that can be evidence by their names, in the order of paths: nearly all files are not.
fn evident<'s>(sources: &'s Sources<'_>) -> Vec<(FileId, &'s RepoPath)> {
    let (mut names, mut beginnings, mut extensions) = (HashSet::new(), HashSet::new(), HashSet::new());
    for evidence in kinds() {
        match evidence {
            Evidence::Named(name)
            | Evidence::Within(name)
            | Evidence::Mentions(name, _)
            | Evidence::Packages(name)
            | Evidence::Since(name, ..) => {
                names.insert(name.rsplit_once('/').map_or(*name, |(_, last)| last));
            }
            Evidence::Begins(start) => {
                beginnings.insert(*start);
            }
            Evidence::Extension(extension) => {
                extensions.insert(*extension);
            }
            // Manifests of Python are told by their own module, and pipelines are parsed.
            Evidence::Asks(_) | Evidence::Runs(_) => {}
        }
    }
    let is_evident = |path: &RepoPath| {
        let name = path.file_name();
        let shows = names.contains(name)
            || path.extension().is_some_and(|extension| extensions.contains(extension))
            || beginnings.iter().any(|start| name.starts_with(start))
            || python_manifest::is_one(path);
        shows && !purpose::is_foreign_or_generated(path)
    };
    sources.files().filter(|(_, path)| is_evident(path)).collect()
}

/// The texts of those `files` that some evidence has to be read of.
fn manifests(files: &[(FileId, &RepoPath)], sources: &Sources<'_>) -> BTreeMap<FileId, String> {
    let asked: HashSet<&str> = kinds()
        .filter_map(|evidence| match evidence {
            Evidence::Mentions(name, _) | Evidence::Packages(name) => Some(*name),
            _ => None,
        })
        .collect();
    let asked =
        files.iter().filter(|(_, path)| asked.contains(path.file_name()) || python_manifest::is_one(path));
    asked.filter_map(|(file, _)| Some((*file, sources.read(*file).ok()?.text))).collect()
}

/// Whether `folder` holds a listed file of one of these names.
pub(super) fn holds(folder: &RepoPath, names: &[&str], sources: &Sources<'_>) -> bool {
    names.iter().any(|name| folder.join(name).is_some_and(|path| sources.find(&path).is_some()))
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

/// The folder in which `path` is the relative path `name`.
fn folder_above(path: &RepoPath, name: &str) -> Option<RepoPath> {
    let folder = path.as_str().strip_suffix(name)?;
    (folder.is_empty() || folder.ends_with('/')).then(|| RepoPath::new(folder))?
}
