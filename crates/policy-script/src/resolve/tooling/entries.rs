//! What a package offers: the source file behind a name in `exports`, `imports`, `main` and their kin.

use policy_text::json::{Node, Value};
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources};

use super::config_files::ConfigFiles;
use super::manifest::Manifest;
use super::{paths, pattern};

/// Folders that hold what output is made from.
const SOURCE_FOLDERS: [&str; 4] = ["src", "", "source", "lib"];

/// Fields that name the entry of a package, those that bundlers prefer first.
const ENTRY_FIELDS: [&str; 7] = ["source", "svelte", "browser", "module", "main", "types", "typings"];

/// Conditions in `exports` may nest; more levels than this are not meant.
const MAX_DEPTH: usize = 8;

/// The source file that `subpath` (empty, or without a leading slash) names in a package.
pub(super) fn entry(sources: &Sources<'_>, package: &Manifest, subpath: &str) -> Option<FileId> {
    let folder = &package.folder;
    if let Some(exports) = package.json.get("exports") {
        let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
        let found = mapped(sources, folder, exports, &key);
        if found.is_some() {
            return found;
        }
    }
    if !subpath.is_empty() {
        return source_of(sources, folder, subpath);
    }
    ENTRY_FIELDS
        .iter()
        .filter_map(|field| package.json.get(field)?.as_str())
        .find_map(|target| source_of(sources, folder, target))
        .or_else(|| {
            ["index", "src/index", "src/main"].iter().find_map(|target| source_of(sources, folder, target))
        })
}

/// The file that an `imports` entry (`#name`) of a package stands for.
pub(super) fn internal_import(sources: &Sources<'_>, package: &Manifest, name: &str) -> Option<FileId> {
    mapped(sources, &package.folder, package.json.get("imports")?, name)
}

/// The file that `key` stands for in an `exports` or `imports` table.
fn mapped(sources: &Sources<'_>, folder: &RepoPath, table: &Node, key: &str) -> Option<FileId> {
    let is_table = table.members().iter().any(|member| member.name.starts_with(['.', '#']));
    let (target, star) = if is_table {
        pattern::best(table.members().iter().map(|member| (member.name.as_str(), &member.value)), key)?
    } else if key == "." {
        (table, "")
    } else {
        return None;
    };
    let mut targets = Vec::new();
    collect_targets(target, MAX_DEPTH, &mut targets);
    targets.iter().find_map(|target| source_of(sources, folder, &target.replace('*', star)))
}

/// The listed file that `target` of a package is, or is made from.
pub(super) fn source_of(sources: &Sources<'_>, folder: &RepoPath, target: &str) -> Option<FileId> {
    uncompiled(sources, folder, target).or_else(|| paths::module_at(sources, &folder.join(target)?))
}

/// The source of a file in an output folder: `dist/esm/index.mjs` is made from `src/index.ts`.
fn uncompiled(sources: &Sources<'_>, folder: &RepoPath, target: &str) -> Option<FileId> {
    let mut rest = target.trim_start_matches("./");
    let whole = rest;
    while let Some((first, below)) = rest.split_once('/')
        && purpose::is_compiled_folder(first)
    {
        rest = below;
    }
    if rest.len() == whole.len() {
        return None;
    }
    let stem = stem(rest);
    SOURCE_FOLDERS
        .iter()
        .filter_map(|source| folder.join(source)?.join(stem))
        .find_map(|path| paths::module_at(sources, &path))
}

/// The module at `path`: a file, or a folder by its `package.json` or its index.
pub(super) fn module_at(files: &ConfigFiles<'_>, path: &RepoPath) -> Option<FileId> {
    let sources = files.sources;
    paths::file_at(sources, path).or_else(|| {
        if !sources.is_folder(path) {
            return None;
        }
        let by_manifest = files.manifest_in(path).and_then(|manifest| entry(sources, &manifest, ""));
        by_manifest.or_else(|| paths::index_of(sources, path))
    })
}

/// A compiled file's name without what compilers add.
fn stem(target: &str) -> &str {
    const ADDED: [&str; 8] = [".d.ts", ".d.mts", ".d.cts", ".min.js", ".esm.js", ".js", ".mjs", ".cjs"];
    ADDED.iter().find_map(|added| target.strip_suffix(added)).unwrap_or(target)
}

/// The paths that a target of `exports` can stand for under any condition, in their order.
fn collect_targets<'n>(target: &'n Node, depth: usize, targets: &mut Vec<&'n str>) {
    match &target.value {
        Value::String(path) => targets.push(path),
        Value::Array(elements) if depth > 0 => {
            for element in elements {
                collect_targets(element, depth - 1, targets);
            }
        }
        Value::Object(members) if depth > 0 => {
            for member in members {
                collect_targets(&member.value, depth - 1, targets);
            }
        }
        _ => {}
    }
}
