//! What `COPY` and `ADD` take from a build context.

use policy_text::source::Span;

use super::stages::Stages;
use crate::dockerfile::{Kind, Scope, Transfer, Word, expand};
use crate::dockerignore::Pattern;

/// One source of a `COPY` or `ADD` that lies in the build context.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The instruction.
    pub instruction: Span,
    /// The source as written.
    pub at: Span,
    /// What it names, relative to the context.
    pub source: Source,
    /// Whether it is written out: no build argument decides what it names.
    pub is_literal: bool,
    /// Whether it is part of the image that is built, and not only of an earlier stage.
    pub in_final_image: bool,
    excludes: Vec<Pattern>,
    /// Whether the folders above it are made at the destination, too.
    parents: bool,
}

/// What a source names.
#[derive(Clone, Debug)]
pub enum Source {
    /// A path relative to the context; empty for the context itself.
    Path(String),
    /// A path with wildcards, one pattern a component.
    Glob(Vec<Pattern>),
}

impl Taken {
    /// Whether what lies at `path`, relative to the context, is taken along.
    pub fn covers(&self, path: &str) -> bool {
        let Some(below) = self.below(path) else { return false };
        !prefixes(below).any(|prefix| self.excludes.iter().any(|pattern| pattern.matches(prefix)))
    }

    /// Whether the source names `path` itself or something in it: it is meant to be taken.
    pub fn is_within(&self, path: &str) -> bool {
        match &self.source {
            Source::Path(source) => strip_folder(source, path).is_some(),
            Source::Glob(parts) => {
                let components: Vec<&str> = path.split('/').collect();
                components.len() <= parts.len()
                    && components.iter().zip(parts).all(|(component, part)| part.path == *component)
            }
        }
    }

    /// What has to be in the context, or the build fails: the source, or the folder in which its wildcards are looked for.
    /// Wildcards that match nothing there fail no build, and with `--parents` they are looked for in the context itself.
    pub fn required(&self) -> Option<String> {
        match &self.source {
            Source::Path(path) => Some(path.clone()),
            Source::Glob(_) if self.parents => None,
            Source::Glob(_) => Some(self.plain_folder()).filter(|folder| !folder.is_empty()),
        }
    }

    /// The folder or file in which all that it names lies: itself, or what stands before its first wildcard.
    pub(crate) fn plain_folder(&self) -> String {
        match &self.source {
            Source::Path(path) => path.clone(),
            Source::Glob(parts) => {
                let plain =
                    parts.iter().map(|part| part.path.as_str()).take_while(|part| !has_wildcard(part));
                plain.collect::<Vec<_>>().join("/")
            }
        }
    }

    /// Whether it names one path, without wildcards.
    pub(crate) fn is_path(&self) -> bool {
        matches!(self.source, Source::Path(_))
    }

    /// Whether the whole context is taken.
    pub fn is_everything(&self) -> bool {
        match &self.source {
            Source::Path(path) => path.is_empty(),
            Source::Glob(parts) => matches!(parts.as_slice(), [only] if only.path == "*"),
        }
    }

    /// What is left of `path` below the source; empty for the source itself.
    pub(crate) fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        match &self.source {
            Source::Path(source) => strip_folder(path, source),
            Source::Glob(parts) => {
                let mut rest = path;
                for part in parts {
                    let (component, after) = rest.split_once('/').unwrap_or((rest, ""));
                    if component.is_empty() || !part.matches(component) {
                        return None;
                    }
                    rest = after;
                }
                Some(rest)
            }
        }
    }
}

/// What is left of `path` in `folder`; empty where they are equal.
pub(crate) fn strip_folder<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_end_matches('/');
    if folder.is_empty() {
        return Some(path.strip_prefix('/').unwrap_or(path));
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// `a`, `a/b`, `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).filter(|prefix| !prefix.is_empty())
}

/// What the stages `needed` of a build take from its context, or from the one that is called `name`. A source with an
/// unknown part is left out.
pub fn from_context(
    stages: &Stages<'_>,
    needed: &[usize],
    target: usize,
    name: Option<&str>,
    escape: char,
) -> Vec<Taken> {
    let mut taken = Vec::new();
    let own = stages.ancestors(target);
    for &index in needed {
        let in_final_image = index == target || own.contains(&index);
        stages.walk(index, |instruction, scope| {
            let (transfer, is_add) = match &instruction.kind {
                Kind::Copy(transfer) => (transfer, false),
                Kind::Add(transfer) => (transfer, true),
                _ => return,
            };
            let from = transfer.from.as_ref().map(|word| expand(word, scope, escape));
            let is_meant = match (&from, name) {
                (None, None) => true,
                (Some(from), Some(name)) => from.known().is_some_and(|from| from.eq_ignore_ascii_case(name)),
                _ => false,
            };
            if !is_meant {
                return;
            }
            let sources = transferred(transfer, is_add, instruction.at, scope, escape);
            taken.extend(sources.flatten().map(|source| Taken { in_final_image, ..source }));
        });
    }
    taken
}

/// The sources of one `COPY` or `ADD` that takes from a context. Of one with an unknown part there is only the word.
pub(crate) fn transferred<'t>(
    transfer: &'t Transfer,
    is_add: bool,
    instruction: Span,
    scope: &'t Scope,
    escape: char,
) -> impl Iterator<Item = Result<Taken, &'t Word>> {
    let excludes = excludes(transfer, scope, escape);
    transfer.sources.iter().map(move |word| {
        Ok(Taken {
            instruction,
            at: word.at,
            source: source(word, scope, escape, is_add).ok_or(word)?,
            is_literal: !word.text.contains('$'),
            in_final_image: true,
            excludes: excludes.clone(),
            parents: transfer.parents,
        })
    })
}

fn excludes(transfer: &Transfer, scope: &Scope, escape: char) -> Vec<Pattern> {
    let known = transfer
        .excludes
        .iter()
        .filter_map(|word| Some((expand(word, scope, escape).known()?.into_owned(), word.at)));
    known.filter_map(|(pattern, at)| Pattern::new(&cleaned(&pattern), false, at).ok()).collect()
}

fn source(word: &Word, scope: &Scope, escape: char, is_add: bool) -> Option<Source> {
    let text = expand(word, scope, escape);
    let text = text.known()?;
    if is_add && is_remote(&text) {
        return None;
    }
    let path = cleaned(&text);
    if !has_wildcard(&path) {
        return Some(Source::Path(path));
    }
    // A component's `**` is two stars here: only ignore files know it as more.
    let parts = path.split('/').map(|part| Pattern::new(&part.replace("**", "*"), false, word.at));
    parts.collect::<Result<_, _>>().ok().map(Source::Glob)
}

fn has_wildcard(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// Whether `ADD` downloads the source.
fn is_remote(source: &str) -> bool {
    ["http://", "https://", "git://", "ssh://", "git@"].iter().any(|scheme| source.starts_with(scheme))
        || (source.starts_with("github.com/") && source.contains(".git"))
}

/// The path relative to the context, which no `..` leaves.
pub(crate) fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
