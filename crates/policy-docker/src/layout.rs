//! Which folders and files of the tree lie where in an image.

use std::collections::BTreeMap;

use policy_text::source::{FileId, RepoPath, Sources};

use crate::dockerfile::{Kind, Scope, Transfer, expand};
use crate::landed::{Build, within};
use crate::stages::StageSource;
use crate::taken::{Taken, cleaned, strip_folder, transferred};

/// A build of more stages is not followed: nothing is known of where anything lies.
const MAX_STAGES: usize = 64;

/// Wildcards that match more files than this say nothing of any of them.
const MOST_MATCHED: usize = 64;

/// Where an image has what its build was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The folder in the image that commands run in. Empty where it is not known.
    pub work_folder: String,
    /// What was copied, in order: the path in the image, and the file or folder of the tree.
    copied: Vec<(String, RepoPath)>,
}

impl Layout {
    /// The file of the tree that the image has at `path`; from its working folder, where the path is relative.
    pub fn file(&self, path: &str, sources: &Sources<'_>) -> Option<FileId> {
        if self.work_folder.is_empty() && !path.starts_with('/') {
            return None;
        }
        self.in_tree(&within(&self.work_folder, path)).iter().find_map(|path| sources.find(path))
    }

    /// Whether `file` is in a part of the tree that was copied.
    pub fn takes(&self, file: &RepoPath) -> bool {
        self.copied.iter().any(|(_, tree)| file.is_within(tree))
    }

    /// That of a folder of the tree by itself, at the root.
    pub(crate) fn of_folder(folder: &RepoPath) -> Self {
        Self { work_folder: "/".to_owned(), copied: vec![(String::new(), folder.clone())] }
    }

    /// Where in the tree that may lie which the image has at `path`, what was copied last first.
    pub fn in_tree(&self, path: &str) -> Vec<RepoPath> {
        let mut found: Vec<RepoPath> = Vec::new();
        for (own, tree) in self.copied.iter().rev() {
            let place = match (strip_folder(path, own), strip_folder(own, path)) {
                (Some(rest), _) => tree.join(rest),
                // `src` at `/app/src`: its parent stands for `/app`.
                (None, Some(rest)) => {
                    let above = strip_end(tree.as_str(), rest);
                    above.and_then(|above| {
                        if above.is_empty() { Some(RepoPath::root()) } else { RepoPath::new(above) }
                    })
                }
                (None, None) => None,
            };
            found.extend(place.filter(|place| !found.contains(place)));
        }
        found
    }
}

/// What is left of `path` where it ends with the parts `end`.
fn strip_end<'p>(path: &'p str, end: &str) -> Option<&'p str> {
    let rest = path.strip_suffix(end)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_suffix('/') }
}

impl Build<'_> {
    /// Where the image of the stage `target` has what it was sent.
    pub fn layout(&self, target: usize) -> Layout {
        let needed = self.stages.needed(target);
        if needed.len() > MAX_STAGES {
            return Layout::default();
        }
        // Stages only take from those before them.
        let mut layouts = BTreeMap::new();
        for index in needed {
            let layout = self.layout_of(index, &layouts);
            layouts.insert(index, layout);
        }
        layouts.remove(&target).unwrap_or_default()
    }

    fn layout_of(&self, index: usize, earlier: &BTreeMap<usize, Layout>) -> Layout {
        let below = match self.stages.base(index) {
            Some(StageSource::Stage(base)) => earlier.get(base).cloned(),
            _ => None,
        };
        let mut layout = below.unwrap_or_else(|| Layout { work_folder: "/".to_owned(), copied: Vec::new() });
        self.stages.walk(index, |instruction, scope| match &instruction.kind {
            Kind::Workdir(word) => {
                let written = expand(word, scope, self.escape);
                layout.work_folder =
                    written.known().map_or_else(String::new, |path| within(&layout.work_folder, &path));
            }
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                self.place(transfer, index, scope, earlier, &mut layout);
            }
            _ => {}
        });
        layout
    }

    /// Adds what one `COPY` or `ADD` brings. What it names by what is not known is left out.
    fn place(
        &self,
        transfer: &Transfer,
        index: usize,
        scope: &Scope,
        earlier: &BTreeMap<usize, Layout>,
        layout: &mut Layout,
    ) {
        let Some(word) = &transfer.destination else { return };
        let written = expand(word, scope, self.escape);
        let Some(written) = written.known() else { return };
        if layout.work_folder.is_empty() && !written.starts_with('/') {
            return;
        }
        let to = within(&layout.work_folder, &written);
        let is_folder = written.ends_with('/') || matches!(&*written, "." | "") || transfer.sources.len() > 1;
        let from: Vec<RepoPath> =
            match transfer.from.as_ref().map(|from| self.stages.source(from, scope, index)) {
                None => {
                    let taken = transferred(transfer, false, word.at, scope, self.escape).flatten();
                    taken.flat_map(|taken| self.taken_from_context(&taken)).collect()
                }
                Some(StageSource::Stage(stage)) => {
                    let paths = transfer.sources.iter().filter_map(|source| {
                        let written = expand(source, scope, self.escape);
                        let path = format!("/{}", cleaned(&written.known()?));
                        earlier.get(&stage)?.in_tree(&path).into_iter().next()
                    });
                    paths.collect()
                }
                Some(StageSource::Image(_)) => Vec::new(),
            };
        for source in from {
            // The contents of a folder go where a file goes itself.
            let is_file = self.sources.find(&source).is_some();
            let folder = to.trim_end_matches('/');
            let path =
                if is_file && is_folder { format!("{folder}/{}", source.file_name()) } else { to.clone() };
            layout.copied.push((path, source));
        }
    }
}

impl Build<'_> {
    /// The file or folder that a source names, or the files that its wildcards match.
    fn taken_from_context(&self, taken: &Taken) -> Vec<RepoPath> {
        let Some(folder) = self.context.join(&taken.plain_folder()) else { return Vec::new() };
        if taken.is_path() {
            return vec![folder];
        }
        let is_matched = |path: &&RepoPath| {
            let inside = path.strip_prefix(self.context);
            inside.is_some_and(|inside| taken.covers(inside) && taken.below(inside) == Some(""))
        };
        let files = self.sources.files_within(&folder).map(|(_, path)| path).filter(is_matched);
        let matched: Vec<RepoPath> = files.take(MOST_MATCHED + 1).cloned().collect();
        if matched.len() > MOST_MATCHED { Vec::new() } else { matched }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use policy_text::source::{FileId, MemoryTree, Sources};

    use super::*;
    use crate::dockerfile;
    use crate::stages::Stages;

    /// The working directory, and what of the tree lies at `path`.
    fn placed(text: &str, path: &str) -> String {
        let tree = MemoryTree::of(&[("api/src/main.py", ""), ("api/run.sh", ""), ("shared/x.py", "")]);
        let sources = Sources::open(&tree);
        let (dockerfile, _) = dockerfile::parse(FileId(0), text);
        let args = BTreeMap::new();
        let stages = Stages::new(&dockerfile, &args);
        let context = RepoPath::root();
        let build = Build { stages: &stages, escape: '\\', context: &context, sources: &sources };
        let layout = build.layout(stages.target(None).unwrap());
        let found: Vec<String> = layout.in_tree(path).iter().map(ToString::to_string).collect();
        format!("{} {}", layout.work_folder, found.join(" "))
    }

    #[test]
    fn what_is_copied_is_found_again() {
        for (text, path, expected) in [
            ("FROM a\nWORKDIR /srv\nCOPY api .", "/srv/src/main.py", "/srv api/src/main.py"),
            ("FROM a\nWORKDIR /srv\nCOPY api/src ./src", "/srv", "/srv api"),
            ("FROM a\nWORKDIR /srv\nCOPY api/run.sh /", "/run.sh", "/srv api/run.sh"),
            ("FROM a\nWORKDIR /srv\nCOPY api/run.sh /start", "/start", "/srv api/run.sh"),
            ("FROM a\nWORKDIR /srv\nCOPY shared shared\nCOPY api .", "/srv", "/srv api ."),
            (
                "FROM a AS b\nWORKDIR /b\nCOPY api .\nFROM c\nWORKDIR /srv\nCOPY --from=b /b .",
                "/srv",
                "/srv api",
            ),
            ("FROM a\nWORKDIR /srv\nCOPY *.py .", "/srv/x.py", "/srv "),
            ("FROM a\nWORKDIR /srv\nCOPY shared/*.py .", "/srv/x.py", "/srv shared/x.py"),
        ] {
            assert_eq!(placed(text, path), expected, "{text}");
        }
    }
}
