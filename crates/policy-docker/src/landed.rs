//! The paths in the image, below one folder, to which files of a build context are copied.

use policy_text::source::{FileId, RepoPath, Sources, Span};

use crate::dockerfile::{Command, Kind, Scope, Transfer, Word, expand};
use crate::stages::{StageSource, Stages};
use crate::taken::{Taken, cleaned, strip_folder, transferred};

/// Stages that take from stages beyond this are not followed.
const MAX_DEPTH: usize = 4;

/// What an instruction of the stages that make the image does.
pub enum Event<'a> {
    /// A file of the context comes to lie at `path`.
    File {
        /// The path in the image.
        path: String,
        /// The file.
        file: FileId,
        /// The source in the instruction that copies it.
        by: Span,
    },
    /// Something that nothing here tells may come to lie at or below `path`.
    Unknown {
        /// The path in the image.
        path: String,
        /// The instruction.
        by: Span,
    },
    /// A command runs.
    Run(&'a Command, Span),
}

/// One build: its stages, and the folder that it is sent.
pub struct Build<'a> {
    /// The stages.
    pub stages: &'a Stages<'a>,
    /// The character that escapes in the Dockerfile.
    pub escape: char,
    /// The folder that is sent.
    pub context: &'a RepoPath,
    /// The files of the repository.
    pub sources: &'a Sources<'a>,
}

/// A folder of the image, and the folders that its base has there.
#[derive(Clone, Copy)]
pub struct Below<'f> {
    /// The folder, with a slash before it and none behind.
    pub folder: &'f str,
    /// What is a folder already, so that a copy goes into it and does not take its place.
    pub folders: &'f [&'f str],
}

impl Build<'_> {
    /// The folder after a `WORKDIR`; empty where it is not known.
    fn entered(&self, from: &str, word: &Word, scope: &Scope) -> String {
        expand(word, scope, self.escape).known().map_or_else(String::new, |path| within(from, &path))
    }

    /// Calls `found` with all that the stage `target` and those that it is made on do below a folder, in order.
    pub fn events(&self, target: usize, below: Below<'_>, mut found: impl FnMut(Event<'_>, &Scope)) {
        self.follow(target, below, MAX_DEPTH, &mut found);
    }

    fn follow(
        &self,
        target: usize,
        below: Below<'_>,
        depth: usize,
        found: &mut dyn FnMut(Event<'_>, &Scope),
    ) {
        let mut chain = self.stages.ancestors(target);
        chain.push(target);
        let mut work_folder = "/".to_owned();
        for index in chain {
            self.stages.walk(index, |instruction, scope| match &instruction.kind {
                Kind::Workdir(word) => {
                    work_folder = self.entered(&work_folder, word, scope);
                }
                Kind::Run(_, command) => found(Event::Run(command, instruction.at), scope),
                Kind::Copy(transfer) => {
                    let one = Copied { transfer, adds: false, at: instruction.at, index };
                    self.copied(&one, &work_folder, below, depth, scope, found);
                }
                Kind::Add(transfer) => {
                    let one = Copied { transfer, adds: true, at: instruction.at, index };
                    self.copied(&one, &work_folder, below, depth, scope, found);
                }
                _ => {}
            });
        }
    }

    fn copied(
        &self,
        copied: &Copied<'_>,
        work_folder: &str,
        below: Below<'_>,
        depth: usize,
        scope: &Scope,
        found: &mut dyn FnMut(Event<'_>, &Scope),
    ) {
        let Copied { transfer, adds, at, index } = *copied;
        let Some(word) = &transfer.destination else { return };
        let written = expand(word, scope, self.escape);
        let Some(written) = written.known() else {
            return found(Event::Unknown { path: below.folder.to_owned(), by: at }, scope);
        };
        let path = within(work_folder, &written);
        if work_folder.is_empty() && !written.starts_with('/') {
            return;
        }
        let concerns =
            strip_folder(&path, below.folder).is_some() || strip_folder(below.folder, &path).is_some();
        if !concerns {
            return;
        }
        let is_folder = written.ends_with('/')
            || matches!(&*written, "." | "")
            || transfer.sources.len() > 1
            || below.folders.contains(&path.as_str())
            || strip_folder(below.folder, &path).is_some();
        let destination = Destination { path, is_folder };
        let unknown = |by| Event::Unknown { path: destination.path.clone(), by };
        if transfer.parents || transfer.sources.is_empty() {
            return found(unknown(at), scope);
        }
        match transfer.from.as_ref().map(|from| self.stages.source(from, scope, index)) {
            None => {
                for one in transferred(transfer, adds, at, scope, self.escape) {
                    match one {
                        Ok(taken) => self.of_context(&taken, &destination, below, scope, found),
                        Err(source) => found(unknown(source.at), scope),
                    }
                }
            }
            Some(StageSource::Image(_)) => found(unknown(at), scope),
            Some(StageSource::Stage(stage)) => {
                for source in &transfer.sources {
                    let written = expand(source, scope, self.escape);
                    match written.known().filter(|path| depth > 0 && !path.contains(['*', '?', '['])) {
                        Some(path) => {
                            let path = format!("/{}", cleaned(&path));
                            let from = FromStage { stage, path: &path, by: source.at };
                            self.of_stage(&from, &destination, below, depth, scope, found);
                        }
                        None => found(unknown(source.at), scope),
                    }
                }
            }
        }
    }

    /// A source in the context.
    fn of_context(
        &self,
        taken: &Taken,
        to: &Destination,
        below: Below<'_>,
        scope: &Scope,
        found: &mut dyn FnMut(Event<'_>, &Scope),
    ) {
        let Some(root) = self.context.join(&taken.plain_folder()) else { return };
        // Of a folder that comes to lie above, only that part is looked at.
        let inner =
            strip_folder(below.folder, &to.path).filter(|_| taken.is_path() && self.sources.is_folder(&root));
        let Some(folder) = inner.map_or(Some(root.clone()), |inner| root.join(inner)) else { return };
        for (file, path) in self.sources.files_within(&folder) {
            let Some(inside) = path.strip_prefix(self.context).filter(|inside| taken.covers(inside)) else {
                continue;
            };
            let Some(rest) = taken.below(inside) else { continue };
            let path = to.path_of(inside, rest);
            if strip_folder(&path, below.folder).is_some() {
                found(Event::File { path, file, by: taken.at }, scope);
            }
        }
    }

    /// A source in another stage.
    fn of_stage(
        &self,
        from: &FromStage<'_>,
        to: &Destination,
        below: Below<'_>,
        depth: usize,
        scope: &Scope,
        found: &mut dyn FnMut(Event<'_>, &Scope),
    ) {
        let mut files: Vec<(String, FileId)> = Vec::new();
        let mut is_certain = true;
        let name = from.path.rsplit('/').next().unwrap_or_default();
        let there = Below { folder: from.path, folders: &[] };
        self.follow(from.stage, there, depth - 1, &mut |event, _| match event {
            Event::File { path, file, .. } => {
                files.retain(|(other, _)| *other != path);
                files.push((path, file));
            }
            Event::Unknown { .. } => is_certain = false,
            // A command that names what is taken may make it, or change it.
            Event::Run(command, _) => {
                is_certain &= name.is_empty() || !command.words().any(|word| word.text.contains(name));
            }
        });
        if files.is_empty() || !is_certain {
            found(Event::Unknown { path: to.path.clone(), by: from.by }, scope);
        }
        for (path, file) in files.into_iter().filter(|_| is_certain) {
            let Some(rest) = strip_folder(&path, from.path) else { continue };
            let path = to.path_of(&path, rest);
            if strip_folder(&path, below.folder).is_some() {
                found(Event::File { path, file, by: from.by }, scope);
            }
        }
    }
}

/// A `COPY` or `ADD` in a stage.
#[derive(Clone, Copy)]
struct Copied<'a> {
    transfer: &'a Transfer,
    adds: bool,
    at: Span,
    index: usize,
}

struct FromStage<'a> {
    stage: usize,
    path: &'a str,
    by: Span,
}

struct Destination {
    path: String,
    is_folder: bool,
}

impl Destination {
    /// Where a file comes to lie: `rest` is its path below the source, empty for the source itself.
    fn path_of(&self, source: &str, rest: &str) -> String {
        let folder = self.path.trim_end_matches('/');
        let name = source.rsplit('/').next().unwrap_or_default();
        match (rest, self.is_folder) {
            ("", false) => self.path.clone(),
            ("", true) => format!("{folder}/{name}"),
            _ => format!("{folder}/{rest}"),
        }
    }
}

/// Linux knows no longer path: a build that makes one fails.
const MAX_PATH: usize = 4_096;

/// The path of the image that `written` means in the folder `from`; one that is too long leads no further than `from`.
pub(crate) fn within(from: &str, written: &str) -> String {
    if from.len() + written.len() > MAX_PATH {
        return from.to_owned();
    }
    let whole = if written.starts_with('/') { written.to_owned() } else { format!("{from}/{written}") };
    format!("/{}", cleaned(&whole))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use policy_text::source::MemoryTree;

    use super::*;
    use crate::dockerfile;

    /// What comes to lie below `/etc/nginx`: `path < file`, or `path ?`.
    fn landed(dockerfile: &str, files: &[&str]) -> Vec<String> {
        let tree =
            files.iter().fold(MemoryTree::new(), |tree, path| tree.with(RepoPath::new(path).unwrap(), ""));
        let sources = Sources::open(&tree);
        let (dockerfile, _) = dockerfile::parse(FileId(0), dockerfile);
        let args = BTreeMap::new();
        let stages = Stages::new(&dockerfile, &args);
        let context = RepoPath::new("web").unwrap();
        let build = Build { stages: &stages, escape: '\\', context: &context, sources: &sources };
        let below = Below { folder: "/etc/nginx", folders: &["/etc/nginx", "/etc/nginx/conf.d"] };
        let mut found = Vec::new();
        build.events(stages.target(None).unwrap(), below, |event, _| match event {
            Event::File { path, file, .. } => found.push(format!("{path} < {}", sources.path(file))),
            Event::Unknown { path, .. } => found.push(format!("{path} ?")),
            Event::Run(..) => {}
        });
        found
    }

    #[track_caller]
    fn assert_landed(dockerfile: &str, expected: &[&str]) {
        let files = ["web/nginx.conf", "web/nginx/a.conf", "web/nginx/b/c.conf", "other/nginx.conf"];
        assert_eq!(landed(dockerfile, &files), expected, "{dockerfile}");
    }

    #[test]
    fn a_file_goes_where_docker_puts_it() {
        for (copy, path) in [
            ("COPY nginx.conf /etc/nginx/conf.d/default.conf", "/etc/nginx/conf.d/default.conf"),
            ("COPY nginx.conf /etc/nginx/conf.d/", "/etc/nginx/conf.d/nginx.conf"),
            ("COPY nginx.conf /etc/nginx/conf.d", "/etc/nginx/conf.d/nginx.conf"),
            ("COPY ./nginx.conf /etc/nginx", "/etc/nginx/nginx.conf"),
            ("WORKDIR /etc/nginx\nCOPY nginx.conf .", "/etc/nginx/nginx.conf"),
            ("WORKDIR /etc\nWORKDIR nginx\nCOPY nginx.conf conf.d/x", "/etc/nginx/conf.d/x"),
            ("COPY nginx.con[f] /etc/nginx/", "/etc/nginx/nginx.conf"),
            ("ARG F=nginx.conf\nADD $F /etc/nginx/x", "/etc/nginx/x"),
        ] {
            assert_landed(&format!("FROM nginx\n{copy}\n"), &[&format!("{path} < web/nginx.conf")]);
        }
    }

    #[test]
    fn a_folder_goes_with_all_that_is_in_it() {
        let both = ["/etc/nginx/a.conf < web/nginx/a.conf", "/etc/nginx/b/c.conf < web/nginx/b/c.conf"];
        assert_landed("FROM nginx\nCOPY nginx /etc/nginx\n", &both);
        assert_landed("FROM nginx\nCOPY . /etc\n", &both);
        assert_landed("FROM nginx\nCOPY nginx/*.conf /etc/nginx/\n", &both[..1]);
        assert_landed("FROM nginx\nCOPY nginx /usr/share/nginx/html\n", &[]);
        assert_landed("FROM nginx AS a\nCOPY nginx /etc/nginx\nFROM a\nRUN x\n", &both);
        assert_landed("FROM nginx AS a\nCOPY nginx /etc/nginx\nFROM b\nRUN x\n", &[]);
    }

    #[test]
    fn files_come_through_other_stages() {
        let stage = "FROM node AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM nginx\n";
        let copy = "COPY --from=build /app/nginx.conf /etc/nginx/conf.d/default.conf\n";
        assert_landed(&format!("{stage}{copy}"), &["/etc/nginx/conf.d/default.conf < web/nginx.conf"]);
        let made = stage.replace("npm run build", "sed -i s/a/b/ nginx.conf");
        assert_landed(&format!("{made}{copy}"), &["/etc/nginx/conf.d/default.conf ?"]);
        assert_landed(&format!("{stage}COPY --from=build /app/dist/n.conf /etc/nginx/\n"), &["/etc/nginx ?"]);
        assert_landed("FROM nginx\nCOPY --from=busybox /x /etc/nginx/conf.d/\n", &["/etc/nginx/conf.d ?"]);
    }

    #[test]
    fn what_an_argument_decides_is_not_known() {
        assert_landed(
            "FROM nginx\nARG F\nCOPY $F /etc/nginx/conf.d/default.conf\n",
            &["/etc/nginx/conf.d/default.conf ?"],
        );
    }
}
