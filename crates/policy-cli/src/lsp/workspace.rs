//! One repository that an editor has open: its files over what was last read, and what is found in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use policy_core::Kept;
use policy_core::config::Settings;
use policy_core::report::Report;
use policy_core::rule::Rule;
use policy_core::source::{EntryKind, Laid, Listing, Overlay, ReadError, RepoPath, SourceTree, Sources};
use policy_disk::{DiskTree, GitIgnored, is_listed};

use crate::exit::Failure;
use crate::request::Overrides;
use crate::root::{CONFIGURATION, Root};
use crate::workers::{ThreadCount, Workers};
use crate::{baseline, configuration};

/// A repository.
pub(super) struct Workspace {
    root: PathBuf,
    tree: Overlay<Listed>,
    settings: Settings,
    /// `None` before the first check.
    kept: Option<LastRead>,
    report: Report,
    stale: Stale,
}

/// What the files say, and which files there were.
struct LastRead {
    paths: Vec<RepoPath>,
    kept: Kept,
}

/// What has to be read before the next check.
#[derive(Debug, PartialEq, Eq)]
enum Stale {
    Nothing,
    /// The texts of these files.
    Texts(BTreeSet<RepoPath>),
    /// Which files there are, how they are configured, and all texts.
    Everything,
}

/// What is on disk, listed once: a walk of the tree takes longer than a check of one file.
struct Listed {
    disk: DiskTree,
    listing: Listing,
}

impl Listed {
    fn new(disk: DiskTree) -> Self {
        Self { listing: disk.list(), disk }
    }
}

impl SourceTree for Listed {
    fn list(&self) -> Listing {
        self.listing.clone()
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        self.disk.read(path)
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        self.disk.entry(path)
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.disk.children(folder)
    }
}

impl Workspace {
    /// The repository around `folder`, which is yet to be checked.
    pub(super) fn around(folder: &Path) -> Result<Self, Failure> {
        let root = Root::of(&[folder.to_path_buf()], GitIgnored::Skip)?.folder;
        let disk = DiskTree::new(root.clone(), GitIgnored::Skip, ThreadCount::default().get());
        Ok(Self {
            root,
            tree: Overlay::new(Listed { disk, listing: Listing::default() }),
            settings: Settings::default(),
            kept: None,
            report: Report::default(),
            stale: Stale::Everything,
        })
    }

    /// The root of the repository.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What the last check found.
    pub(super) fn report(&self) -> &Report {
        &self.report
    }

    /// Whether nothing was checked yet, so that a check will take its time.
    pub(super) fn is_new(&self) -> bool {
        self.kept.is_none()
    }

    /// The path of `file` in the repository, whether it exists or not. `None` for a file elsewhere.
    pub(super) fn path_of(&self, file: &Path) -> Option<RepoPath> {
        let real = fs::canonicalize(file).ok().or_else(|| {
            let folder = fs::canonicalize(file.parent()?).ok()?;
            Some(folder.join(file.file_name()?))
        })?;
        let below = real.strip_prefix(&self.root).ok()?.to_str()?;
        RepoPath::new(&below.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// Takes `text` for the file at `path`, whatever the disk has.
    pub(super) fn edit(&mut self, path: RepoPath, text: String) {
        self.tree.lay(path.clone(), Laid::File(text.into_bytes()));
        self.text_changed(path);
    }

    /// Takes what the disk has for the file at `path` again.
    pub(super) fn close(&mut self, path: RepoPath) {
        if self.tree.lift(&path) {
            self.text_changed(path);
        }
    }

    /// The file at `path` was saved: it is on disk as it is here.
    pub(super) fn saved(&mut self, path: &RepoPath) {
        if path.file_name() == CONFIGURATION || self.settings.baseline.as_ref() == Some(path) {
            self.stale = Stale::Everything;
        }
    }

    /// Something else than the editor changed the file at `path`, made it, or did away with it.
    pub(super) fn changed_on_disk(&mut self, path: RepoPath, came_or_went: bool) {
        let is_setting = path.file_name() == CONFIGURATION || self.settings.baseline.as_ref() == Some(&path);
        let on_disk = self.root.join(path.as_str());
        if path.components().any(|part| part == ".git") || !is_listed(&self.root, &on_disk, GitIgnored::Skip)
        {
            return;
        }
        if is_setting || came_or_went || path.file_name() == ".gitignore" {
            self.stale = Stale::Everything;
        } else {
            self.text_changed(path);
        }
    }

    fn text_changed(&mut self, path: RepoPath) {
        match &mut self.stale {
            Stale::Nothing => self.stale = Stale::Texts([path].into()),
            Stale::Texts(paths) => {
                paths.insert(path);
            }
            Stale::Everything => {}
        }
    }

    /// Checks what has changed, and says whether anything had. After a failure, what was found before stands.
    pub(super) fn check(&mut self, workers: &Workers, rules: &[Rule]) -> Result<bool, Failure> {
        let texts = match std::mem::replace(&mut self.stale, Stale::Nothing) {
            Stale::Nothing => return Ok(false),
            Stale::Texts(texts) => texts,
            Stale::Everything => {
                self.list_and_configure(workers)?;
                self.kept = None;
                BTreeSet::new()
            }
        };
        let Self { tree, settings, kept, .. } = self;
        let before = kept.take();
        let (now, mut report) = workers.run(|| -> Result<_, Failure> {
            let sources = Sources::open(&*tree);
            let now = read(before, &texts, &sources, settings);
            let report = now.kept.check(&sources, rules, settings)?;
            Ok((now, report))
        })??;
        self.kept = Some(now);
        if let Some(known) = baseline::of(None, &self.settings, &self.root)? {
            known.apply(&mut report);
        }
        self.report = report;
        Ok(true)
    }

    fn list_and_configure(&mut self, workers: &Workers) -> Result<(), Failure> {
        let overrides = Overrides::default();
        let settings = configuration::settings(&overrides, &self.root)?;
        let named = settings.options.terraform.var_files.iter().cloned();
        let threads = ThreadCount::default().get();
        let disk = DiskTree::new(self.root.clone(), GitIgnored::Skip, threads).with(named);
        *self.tree.below_mut() = Listed::new(disk);
        let Self { tree, root, .. } = &*self;
        let with_folders = || configuration::with_folders(settings, &overrides, &Sources::open(tree), root);
        self.settings = workers.run(with_folders)??;
        Ok(())
    }
}

/// What the files say, read anew where it has to be: the `texts` that have changed, or everything where files came or went.
fn read(
    before: Option<LastRead>,
    texts: &BTreeSet<RepoPath>,
    sources: &Sources<'_>,
    settings: &Settings,
) -> LastRead {
    let is_same = |before: &LastRead| sources.files().map(|(_, path)| path).eq(before.paths.iter());
    match before.filter(is_same) {
        Some(mut last) => {
            for file in texts.iter().filter_map(|path| sources.find(path)) {
                last.kept.read_again(sources, settings, file);
            }
            last
        }
        None => LastRead {
            paths: sources.files().map(|(_, path)| path.clone()).collect(),
            kept: Kept::read(sources, settings),
        },
    }
}
