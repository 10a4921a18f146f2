//! Where a file of an image is made: in its own stages, in those that it takes files from, or in the folder that is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::{RepoPath, Span};

use crate::dockerfile::{Kind, Scope, Transfer, expand};
use crate::landed::{Build, within};
use crate::layout::Layout;
use crate::stages::StageSource;
use crate::taken::{cleaned, strip_folder};

/// A place where files are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workshop {
    /// What of the tree lies where in it.
    pub layout: Layout,
    /// The commands that run in it, in order.
    pub commands: Vec<Ran>,
}

/// A command that a build runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The folder that it runs in. Empty where that is not known.
    pub folder: String,
    /// Its text, for a shell.
    pub text: String,
    /// The instruction.
    pub at: Span,
}

impl Ran {
    /// The path that `written` means where it runs.
    pub fn path(&self, written: &str) -> String {
        within(&self.folder, written)
    }
}

/// What an image takes from elsewhere, and where the rest of it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    own: Workshop,
    brought: Vec<Brought>,
}

/// What one source of a `COPY` or `ADD` brings.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Brought {
    /// Where it comes to lie, as a file and as what a folder holds.
    to: String,
    /// Whether a file comes to lie below that.
    into_folder: bool,
    /// Its path where it is made. `None` for what comes from outside.
    from: Option<(String, Arc<Workshop>)>,
}

impl Origins {
    /// The path at which the file is made that the image has at `path`, and the place. `None` where it comes from outside.
    pub fn made(&self, path: &str) -> Option<(String, &Workshop)> {
        let found = self.brought.iter().rev().find_map(|brought| Some((brought, brought.inside(path)?)));
        match found {
            Some((brought, rest)) => {
                let (from, workshop) = brought.from.as_ref()?;
                Some((if rest.is_empty() { from.clone() } else { format!("{from}/{rest}") }, workshop))
            }
            None => Some((path.to_owned(), &self.own)),
        }
    }
}

impl Origins {
    /// Whether any of its stages takes a file of the tree.
    pub fn takes(&self, file: &RepoPath) -> bool {
        let elsewhere = self.brought.iter().filter_map(|brought| Some(&*brought.from.as_ref()?.1));
        [&self.own].into_iter().chain(elsewhere).any(|workshop| workshop.layout.takes(file))
    }
}

impl Brought {
    /// What is left of a path of the image below what was brought; empty for a file itself.
    fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        let name = self.from.as_ref().and_then(|(from, _)| from.rsplit('/').next());
        let rest = strip_folder(path, &self.to)?;
        let is_file = self.into_folder && name == Some(rest);
        Some(if is_file { "" } else { rest })
    }
}

impl Build<'_> {
    /// Where the files of the stage `target` are made.
    pub fn origins(&self, target: usize) -> Origins {
        let mut workshops: BTreeMap<usize, Arc<Workshop>> = BTreeMap::new();
        let mut origins = Origins { own: self.workshop(target), brought: Vec::new() };
        let mut work_folder = "/".to_owned();
        for index in self.chain(target) {
            self.stages.walk(index, |instruction, scope| match &instruction.kind {
                Kind::Workdir(word) => {
                    let written = expand(word, scope, self.escape);
                    work_folder =
                        written.known().map_or_else(String::new, |path| within(&work_folder, &path));
                }
                Kind::Copy(transfer) | Kind::Add(transfer) => {
                    let found = self.brought(transfer, index, &work_folder, scope, &mut workshops);
                    origins.brought.extend(found);
                }
                _ => {}
            });
        }
        origins
    }

    fn chain(&self, target: usize) -> Vec<usize> {
        let mut chain = self.stages.ancestors(target);
        chain.push(target);
        chain
    }

    fn workshop(&self, target: usize) -> Workshop {
        let mut folder = "/".to_owned();
        let mut commands = Vec::new();
        for index in self.chain(target) {
            self.stages.walk(index, |instruction, scope| match &instruction.kind {
                Kind::Workdir(word) => {
                    let written = expand(word, scope, self.escape);
                    folder = written.known().map_or_else(String::new, |path| within(&folder, &path));
                }
                Kind::Run(_, command) => {
                    let words: Vec<&str> = command.words().map(|word| word.text.as_str()).collect();
                    commands.push(Ran { folder: folder.clone(), text: words.join(" "), at: instruction.at });
                }
                _ => {}
            });
        }
        Workshop { layout: self.layout(target), commands }
    }

    /// What a `COPY` or `ADD` brings that the layout of the stage does not tell: files of other stages, and those that
    /// wildcards name.
    fn brought(
        &self,
        transfer: &Transfer,
        index: usize,
        work_folder: &str,
        scope: &Scope,
        workshops: &mut BTreeMap<usize, Arc<Workshop>>,
    ) -> Vec<Brought> {
        let Some(word) = &transfer.destination else { return Vec::new() };
        let written = expand(word, scope, self.escape);
        let Some(written) = written.known().filter(|path| path.starts_with('/') || !work_folder.is_empty())
        else {
            return Vec::new();
        };
        let to = within(work_folder, &written).trim_end_matches('/').to_owned();
        let into_folder =
            written.ends_with('/') || matches!(&*written, "." | "") || transfer.sources.len() > 1;
        let stage = transfer.from.as_ref().map(|from| self.stages.source(from, scope, index));
        let sources = transfer.sources.iter().filter_map(|source| {
            let path = expand(source, scope, self.escape);
            let path = path.known().map(|path| format!("/{}", cleaned(&path)));
            let from = match stage {
                None if path.as_deref().is_some_and(|path| path.contains(['*', '?', '['])) => {
                    let sent = || {
                        Arc::new(Workshop { layout: Layout::of_folder(self.context), commands: Vec::new() })
                    };
                    Some(Arc::clone(workshops.entry(usize::MAX).or_insert_with(sent)))
                }
                None if path.is_some() && !source.text.contains("://") => return None,
                Some(StageSource::Stage(stage)) => {
                    let made = || Arc::new(self.workshop(stage));
                    Some(Arc::clone(workshops.entry(stage).or_insert_with(made)))
                }
                _ => None,
            };
            Some(Brought { to: to.clone(), into_folder, from: path.zip(from) })
        });
        sources.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use policy_text::source::{FileId, MemoryTree, RepoPath, Sources};

    use super::*;
    use crate::dockerfile;
    use crate::stages::Stages;

    /// Where the file at `path` is made: its path there, what of the tree lies in the folder above, and the last command.
    fn made(text: &str, path: &str) -> String {
        let tree = MemoryTree::of(&[("api/go.mod", ""), ("api/cmd/main.go", "")]);
        let sources = Sources::open(&tree);
        let (dockerfile, _) = dockerfile::parse(FileId(0), text);
        let args = BTreeMap::new();
        let stages = Stages::new(&dockerfile, &args);
        let context = RepoPath::root();
        let build = Build { stages: &stages, escape: '\\', context: &context, sources: &sources };
        let origins = build.origins(stages.target(None).unwrap());
        let Some((path, workshop)) = origins.made(path) else { return "outside".to_owned() };
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let tree: Vec<String> = workshop.layout.in_tree(above).iter().map(ToString::to_string).collect();
        let ran = workshop.commands.last().map(|ran| format!(" by {} in {}", ran.text, ran.folder));
        format!("{path} of {}{}", tree.join(","), ran.unwrap_or_default())
    }

    #[test]
    fn files_are_followed_to_the_stage_that_makes_them() {
        let stage = "FROM a AS b\nWORKDIR /src\nCOPY api .\nRUN go build -o out\nFROM c\nWORKDIR /srv\n";
        for (copy, path) in [
            ("COPY --from=b /src/out /srv/run", "/srv/run"),
            ("COPY --from=b /src/out .", "/srv/out"),
            ("COPY --from=0 /src/out ./", "/srv/out"),
            ("COPY --from=b /src .", "/srv/out"),
        ] {
            assert_eq!(
                made(&format!("{stage}{copy}"), path),
                "/src/out of api by go build -o out in /src",
                "{copy}"
            );
        }
        let jar = format!("{stage}COPY --from=b /src/*.jar app.jar");
        assert_eq!(made(&jar, "/srv/app.jar"), "/src/*.jar of api by go build -o out in /src");
    }

    #[test]
    fn what_is_made_in_the_image_or_before_its_build_is_found_too() {
        assert_eq!(
            made("FROM a\nWORKDIR /srv\nCOPY api .\nRUN x", "/srv/run"),
            "/srv/run of api by x in /srv"
        );
        assert_eq!(made("FROM a\nCOPY api/*.jar /app.jar", "/app.jar"), "/api/*.jar of api");
        assert_eq!(made("FROM a\nADD http://x/app.jar /app.jar", "/app.jar"), "outside");
        assert_eq!(made("FROM a\nCOPY --from=other:1 /x /app", "/app"), "outside");
    }
}
