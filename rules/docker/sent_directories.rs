//! Directories that tools leave in a build context and that are sent: which ones a message names, and how to exclude
//! them.

use std::collections::BTreeMap;

use policy_core::finding::Label;
use policy_core::model::context::{BuildContext, Cache, SentCache};
use policy_core::purpose;
use policy_core::source::{FileId, RepoPath, Sources, Span};

/// The names of the directories, each once, in the order of their first place.
pub(super) fn names<'a>(sent: &[SentCache<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for cache in sent.iter().map(|sent| sent.cache.path.file_name()) {
        if !names.contains(&cache) {
            names.push(cache);
        }
    }
    names
}

/// The directory that a message names: best one that ends up in the image, from the widest copy, nearest the root, and
/// for Python in a package.
pub(super) fn most_telling<'s, 'a>(
    sent: impl IntoIterator<Item = &'s SentCache<'a>>,
    sources: &Sources<'_>,
) -> Option<&'s SentCache<'a>>
where
    'a: 's,
{
    let depth = |path: &RepoPath| path.components().count();
    sent.into_iter().min_by_key(|sent| {
        let is_script =
            sent.cache.evidence.is_none_or(|file| sources.path(file).file_name() != "__init__.py");
        let of_tests = purpose::is_made_up(&sent.cache.path);
        let taken = sent.taken;
        (!taken.in_final_image, !taken.is_everything(), depth(&sent.cache.path), is_script || of_tests)
    })
}

/// Lines that exclude the directories, each with one directory that it is for. There is one line for each name, which
/// matches at any depth. If a directory of that name contains committed files, there is one line for each directory
/// instead. If the style of the file does not `reaches_down`, a directory that exists only at the root gets a line for
/// the root.
pub(super) fn lines<'a>(
    sent: &[SentCache<'a>],
    reaches_down: bool,
    context: &BuildContext,
    sources: &Sources<'_>,
) -> Vec<(&'a Cache, String)> {
    let mut lines = Vec::new();
    for name in names(sent) {
        let named = || sent.iter().map(|sent| sent.cache).filter(|cache| cache.path.file_name() == name);
        let Some(first) = named().next() else { continue };
        if !named().any(|cache| cache.may_be_meant) || !holds_committed(name, context, sources) {
            let at_root = !reaches_down && named().all(|cache| lies_at_root_alone(cache, context, sources));
            lines.push((first, if at_root { name.to_owned() } else { format!("**/{name}") }));
            continue;
        }
        for cache in named() {
            let Some(path) = context.relative(&cache.path) else { continue };
            // A directory may be committed with only a placeholder such as `.gitkeep`.
            let kept: Vec<String> = sources
                .files_within(&cache.path)
                .filter_map(|(_, file)| Some(format!("!{}", context.relative(file)?)))
                .collect();
            lines.push((cache, if kept.is_empty() { path.to_owned() } else { format!("{path}/*") }));
            lines.extend(kept.into_iter().map(|line| (cache, line)));
        }
    }
    lines
}

/// Whether the directory lies at the root of the context, and nothing deeper suggests that its tool leaves one there too.
fn lies_at_root_alone(cache: &Cache, context: &BuildContext, sources: &Sources<'_>) -> bool {
    // What is only there may have been left elsewhere, too.
    let Some(evidence) = cache.evidence.map(|file| sources.path(file)) else { return false };
    let is_like = |path: &RepoPath| {
        path.file_name() == evidence.file_name()
            || (path.extension() == Some("py") && evidence.extension() == Some("py"))
    };
    let is_deeper = |path: &RepoPath| context.relative(path).is_some_and(|path| path.contains('/'));
    context.relative(&cache.path).is_some_and(|path| !path.contains('/'))
        && !sources.files_within(&context.folder).any(|(_, path)| is_deeper(path) && is_like(path))
}

/// Whether committed files of the context lie in a directory called `name`.
pub(super) fn holds_committed(name: &str, context: &BuildContext, sources: &Sources<'_>) -> bool {
    sources.files_within(&context.folder).any(|(_, path)| {
        let relative = context.relative(path).unwrap_or_default();
        relative.split('/').rev().skip(1).any(|folder| folder == name)
    })
}

/// The files that show which tools leave these directories, three at most.
pub(super) fn evidence(sent: &[SentCache<'_>]) -> Vec<Label> {
    let mut shown: BTreeMap<FileId, (&str, &str)> = BTreeMap::new();
    for sent in sent {
        if let Some(file) = sent.cache.evidence {
            shown.entry(file).or_insert((sent.cache.tool, sent.cache.path.file_name()));
        }
    }
    let mut seen = Vec::new();
    shown.retain(|_, (tool, _)| {
        let new = !seen.contains(tool);
        seen.push(*tool);
        new
    });
    let label = |(file, (tool, name))| {
        Label::new(Span::start_of(file), format!("{tool} is used here and creates `{name}`"))
    };
    shown.into_iter().take(3).map(label).collect()
}

/// That directories are there which no file shows, three at most.
pub(super) fn on_disk(sent: &[SentCache<'_>]) -> impl Iterator<Item = String> {
    let there = sent.iter().map(|sent| sent.cache).filter(|cache| cache.evidence.is_none());
    there.take(3).map(|cache| format!("`{}` is there", cache.path))
}

/// Where the directories of a context can end up, for messages.
pub(super) fn destination(in_final_image: bool) -> &'static str {
    if in_final_image { "the image" } else { "a build stage" }
}
