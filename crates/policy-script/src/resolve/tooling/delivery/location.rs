//! What the name and the place of a file say about where it runs.

use policy_text::purpose::{self, Certainty};
use policy_text::source::{FileId, RepoPath};

use super::super::config_files::ConfigFiles;

const SOURCE_FOLDERS: [&str; 2] = ["src", "app"];

/// Tools whose configuration is a script: `vite.config.ts`, `karma.conf.js`, `webpack.prod.js`. Other files named
/// `*.config.ts` belong to the product.
const TOOLS: [&str; 44] = [
    "vite",
    "vitest",
    "webpack",
    "vue",
    "rollup",
    "rolldown",
    "babel",
    "jest",
    "next",
    "nuxt",
    "svelte",
    "astro",
    "tailwind",
    "postcss",
    "playwright",
    "cypress",
    "eslint",
    "prettier",
    "metro",
    "craco",
    "rspack",
    "rsbuild",
    "tsup",
    "tsdown",
    "esbuild",
    "karma",
    "protractor",
    "wdio",
    "remix",
    "quasar",
    "stencil",
    "drizzle",
    "commitlint",
    "lint-staged",
    "release",
    "uno",
    "windi",
    "docusaurus",
    "nightwatch",
    "codegen",
    "ecosystem",
    "gulpfile",
    "gruntfile",
    "electron",
];

/// Files that tools read by their whole name.
const TOOL_FILES: [&str; 8] = [
    "setuptests",
    "setupproxy",
    "config-overrides",
    "jest.setup",
    "vitest.setup",
    "test-setup",
    "proxy.conf",
    ".eslintrc",
];

const SERVED_FOLDERS: [&str; 6] = ["public", "static", "assets", "www", "wwwroot", "htdocs"];

const SCRIPT_FOLDERS: [&str; 6] = ["scripts", "script", "tools", "tooling", "bin", "tasks"];

/// Why the file is for tests or tools, whatever it holds.
pub(super) fn development(path: &RepoPath) -> Option<String> {
    let name = path.file_name().to_ascii_lowercase();
    // Deno looks for `app_test.ts`.
    if purpose::is_name_of_test(&name) || name.contains("_test.") {
        return Some(format!("`{}` is the name of a test, a story or a mock", path.file_name()));
    }
    if let Some(folder) = folders(path).find(|folder| holds_tests(folder)) {
        return Some(format!("it lies in `{folder}`"));
    }
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let whole_page = matches!(path.extension(), Some("html" | "htm"));
    if whole_page && stem.split(['-', '_', '.']).any(purpose::says_test) {
        return Some(format!("`{}` is a page to try things on by hand", path.file_name()));
    }
    let (first, rest) = stem.split_once('.').unwrap_or((stem, ""));
    let configures = TOOLS.contains(&first)
        && (rest.starts_with("conf")
            || rest.contains(".conf")
            || matches!(first, "gulpfile" | "gruntfile" | "webpack" | "rollup"));
    (configures || TOOL_FILES.contains(&stem)).then(|| format!("`{}` configures a tool", path.file_name()))
}

/// Whether nothing in a folder of this name ships. A test tool gives the name its underscores, Nx the end.
fn holds_tests(folder: &str) -> bool {
    match purpose::test_folder(folder) {
        Some(Certainty::Sure) => true,
        Some(Certainty::Likely) => folder.starts_with("__"),
        None => folder.ends_with("-e2e"),
    }
}

/// Why the file is an example of use.
pub(super) fn example(path: &RepoPath) -> Option<String> {
    let mut above_sources = folders(path).take_while(|folder| !SOURCE_FOLDERS.contains(folder));
    let folder = above_sources.find(|folder| purpose::is_example_folder(folder))?;
    Some(format!("it lies in `{folder}`"))
}

/// Why the file is for tests, unless its code says otherwise.
pub(super) fn likely_development(path: &RepoPath) -> Option<String> {
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words = stem.split_once(['_', '-']).into_iter().chain(stem.rsplit_once(['_', '-']));
    let tries = words
        .into_iter()
        .any(|(first, last)| first == "check" || [first, last].into_iter().any(purpose::says_test));
    if tries && !folders(path).any(|folder| SOURCE_FOLDERS.contains(&folder)) {
        return Some(format!("`{}` is the name of a script to try things", path.file_name()));
    }
    let folder = folders(path).find(|folder| purpose::test_folder(folder).is_some())?;
    Some(format!("it lies in `{folder}`"))
}

/// Why a framework runs the file on the server.
pub(super) fn server(path: &RepoPath) -> Option<String> {
    let name = path.file_name();
    let by_name = name.contains(".server.") || name.starts_with("+server.");
    let handles = matches!(path.extension(), Some("ts" | "js"));
    let route = path.as_str().contains("pages/api/")
        || (name.starts_with("route.") && folders(path).any(|folder| folder == "app"));
    (by_name || (handles && route)).then(|| "frameworks run a file of that name on the server".to_owned())
}

/// Why the file is a script beside the sources of a package, which nothing bundles.
pub(super) fn beside_sources(files: &ConfigFiles<'_>, file: FileId) -> Option<String> {
    let package = files.manifest(file)?;
    let alone = files.sources.folder_of(file) == package.folder;
    let has = |name: &&&str| package.folder.join(name).is_some_and(|folder| files.sources.is_folder(&folder));
    let sources = SOURCE_FOLDERS.iter().find(has).filter(|_| alone)?;
    Some(format!("it lies beside `package.json` and the sources are in `{sources}`"))
}

/// Why the file is fetched by browsers as it is.
pub(super) fn served(path: &RepoPath) -> Option<String> {
    let folder = folders(path).find(|folder| SERVED_FOLDERS.contains(folder))?;
    Some(format!("it is served from `{folder}`"))
}

/// Why the file is a script of the repository.
pub(super) fn script(path: &RepoPath) -> Option<String> {
    let folder = folders(path).find(|folder| SCRIPT_FOLDERS.contains(folder))?;
    Some(format!("it lies in `{folder}` and uses nothing of a browser"))
}

/// Why the file is a copy of what is written elsewhere: a library, or the output of a build with its sources beside it.
pub(super) fn copied(files: &ConfigFiles<'_>, file: FileId) -> Option<String> {
    let path = files.sources.path(file);
    if let Some(folder) = folders(path).find(|folder| purpose::is_dependency_folder(folder)) {
        return Some(format!("`{folder}` holds copies of libraries"));
    }
    let output = path.ancestors().skip(1).find(|folder| {
        let name = folder.file_name();
        purpose::is_output_folder(name) || name.ends_with("-dist")
    })?;
    let package = output.parent()?;
    files.manifest_in(&package)?;
    let source = ["src", "source", "app", "client", "lib"].iter().find_map(|name| {
        let folder = package.join(name)?;
        files.sources.is_folder(&folder).then_some(folder)
    })?;
    Some(format!("`{output}` is built from `{source}`"))
}

fn folders(path: &RepoPath) -> impl Iterator<Item = &str> {
    let depth = path.components().count();
    path.components().take(depth.saturating_sub(1))
}
