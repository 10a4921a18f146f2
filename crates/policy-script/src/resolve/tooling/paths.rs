//! From a path in an import to the file that a bundler takes for it: extensions, index files, TypeScript beside the
//! JavaScript that it becomes.

use policy_text::source::{FileId, RepoPath, Sources};

/// The extensions that an import may leave out, the first match wins.
const EXTENSIONS: [&str; 12] =
    ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "d.ts", "vue", "svelte", "json"];

/// Platform variants of React Native and others: `socket.web.ts` stands for `socket`.
const PLATFORMS: [&str; 5] = ["web", "native", "ios", "android", "client"];

/// What a script is called before it is compiled, by what it is called after.
const SOURCES_OF: [(&str, &[&str]); 4] =
    [(".js", &[".ts", ".tsx", ".jsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];

/// Whether an import names a path and not a package.
pub(super) fn is_relative(specifier: &str) -> bool {
    specifier == "." || specifier == ".." || specifier.starts_with("./") || specifier.starts_with("../")
}

/// An import without what bundlers read after `?` (`./worker.ts?worker`) and before `!` (`raw-loader!./a.js`).
pub(super) fn without_query(specifier: &str) -> &str {
    let path = specifier.rsplit_once('!').map_or(specifier, |(_, path)| path);
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// The package that an import names, and the path in it: `@acme/ui` and `button` of `@acme/ui/button`.
pub(super) fn package_name(specifier: &str) -> (&str, &str) {
    let scope = if specifier.starts_with('@') { specifier.find('/').map_or(0, |slash| slash + 1) } else { 0 };
    match specifier.get(scope..).and_then(|rest| rest.find('/')) {
        Some(slash) => specifier
            .split_at_checked(scope + slash)
            .map_or((specifier, ""), |(name, rest)| (name, rest.trim_start_matches('/'))),
        None => (specifier, ""),
    }
}

/// The listed script, component or JSON file that `path` stands for as a file, not as a folder.
pub(super) fn file_at(sources: &Sources<'_>, path: &RepoPath) -> Option<FileId> {
    if path.is_root() {
        return None;
    }
    let named = |name: String| sources.find(&RepoPath::new(&name)?);
    let text = path.as_str();
    let written = || {
        SOURCES_OF.iter().find_map(|(compiled, written)| {
            let stem = text.strip_suffix(compiled)?;
            written.iter().find_map(|extension| named(format!("{stem}{extension}")))
        })
    };
    let platform = || {
        let platforms = PLATFORMS.iter();
        platforms
            .flat_map(|platform| {
                ["ts", "tsx", "js", "jsx"].map(|extension| format!("{text}.{platform}.{extension}"))
            })
            .find_map(named)
    };
    sources.find(path).or_else(|| {
        // Most names that are tried lack a file of any extension: one look spares many.
        if !sources.any_begins_with(&format!("{text}.")) {
            return written();
        }
        let extended = EXTENSIONS.iter().find_map(|extension| named(format!("{text}.{extension}")));
        extended.or_else(written).or_else(platform)
    })
}

/// The listed file that `path` stands for: the file itself, or the index of the folder.
pub(super) fn module_at(sources: &Sources<'_>, path: &RepoPath) -> Option<FileId> {
    file_at(sources, path).or_else(|| index_of(sources, path))
}

/// The file named `index` of a folder.
pub(super) fn index_of(sources: &Sources<'_>, folder: &RepoPath) -> Option<FileId> {
    if sources.is_folder(folder) { file_at(sources, &folder.join("index")?) } else { None }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    #[track_caller]
    fn assert_module(listed: &[&str], path: &str, expected: Option<&str>) {
        let path = RepoPath::new(path).unwrap();
        let tree =
            listed.iter().fold(MemoryTree::new(), |tree, name| tree.with(RepoPath::new(name).unwrap(), ""));
        let sources = Sources::open(&tree);
        let found = module_at(&sources, &path).map(|file| sources.path(file).as_str());
        assert_eq!(found, expected, "{path} among {listed:?}");
    }

    #[test]
    fn an_import_may_leave_out_extension_and_index() {
        assert_module(&["src/a.ts", "src/a.js"], "src/a", Some("src/a.ts"));
        assert_module(&["src/a/index.tsx"], "src/a", Some("src/a/index.tsx"));
        assert_module(&["src/a.js", "src/a/index.js"], "src/a", Some("src/a.js"));
        assert_module(&["src/a/b.ts"], "src/a", None);
        assert_module(&["index.js"], "", Some("index.js"));
    }

    #[test]
    fn an_import_of_compiled_javascript_names_its_source() {
        assert_module(&["a.ts"], "a.js", Some("a.ts"));
        assert_module(&["a.ts", "a.js"], "a.js", Some("a.js"));
        assert_module(&["a.tsx"], "a.mjs", None);
    }

    #[test]
    fn a_platform_variant_stands_in_where_there_is_no_other() {
        assert_module(&["a.web.ts", "a.native.ts"], "a", Some("a.web.ts"));
        assert_module(&["a.ts", "a.web.ts"], "a", Some("a.ts"));
    }
}
