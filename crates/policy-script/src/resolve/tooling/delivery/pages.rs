//! The pages of a tree and the scripts that they load: what stands in the `src` of a `<script>`.

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath};

use super::super::Tooling;
use super::location;
use crate::parse::embedded::{self, PageKind};

/// Pages that are looked at for what the scripts of one share.
const MAX_PAGES: usize = 4;

/// Folders whose files are served from the root of the site, beside its pages or above them.
const SERVED_FOLDERS: [&str; 2] = ["public", "static"];

impl Tooling<'_> {
    /// The other scripts of the page that `file` is, or of the pages that load it; the pages themselves are among them.
    pub(crate) fn scripts_beside(&self, file: FileId) -> Vec<FileId> {
        let path = self.files.sources.path(file);
        let mut beside = Vec::new();
        if PageKind::of(path) == Some(PageKind::Html) {
            beside.extend_from_slice(&loaded(self, file, path));
        } else {
            for page in all_loading(self, file).take(MAX_PAGES) {
                beside.push(page);
                beside.extend_from_slice(&loaded(self, page, self.files.sources.path(page)));
            }
        }
        beside.retain(|&other| other != file);
        beside.sort_unstable();
        beside.dedup();
        beside
    }
}

impl Tooling<'_> {
    /// Whether a page loads `file`.
    pub(crate) fn is_loaded_by_page(&self, file: FileId) -> bool {
        loading(self, file).is_some()
    }
}

/// The page that loads `file`.
pub(super) fn loading<'p>(tooling: &'p Tooling<'_>, file: FileId) -> Option<&'p RepoPath> {
    all_loading(tooling, file).next().map(|page| tooling.files.sources.path(page))
}

/// The pages that load `file`: those in a folder of it or above it, and those beside the folder that it is served from.
fn all_loading<'p>(tooling: &'p Tooling<'_>, file: FileId) -> impl Iterator<Item = FileId> + 'p {
    let path = tooling.files.sources.path(file);
    let site = site_of(path);
    let pages = tooling.pages.get_or_init(|| {
        let pages = tooling.files.sources.files().filter(|(_, path)| {
            PageKind::of(path) == Some(PageKind::Html) && location::development(path).is_none()
        });
        pages.map(|(page, _)| page).collect()
    });
    let around = pages.iter().map(|&page| (page, tooling.files.sources.path(page)));
    let around = around.filter(move |(_, page)| {
        page.parent().is_some_and(|above| path.is_within(&above))
            || site.as_ref().is_some_and(|site| page.is_within(site))
    });
    around.filter(move |&(page, path)| loaded(tooling, page, path).contains(&file)).map(|(page, _)| page)
}

/// The folder of the site that serves `path` from its root.
fn site_of(path: &RepoPath) -> Option<RepoPath> {
    let served = path.ancestors().skip(1).find(|folder| SERVED_FOLDERS.contains(&folder.file_name()))?;
    served.parent()
}

/// The files of the tree that a page loads.
fn loaded(tooling: &Tooling<'_>, page: FileId, path: &RepoPath) -> Arc<Vec<FileId>> {
    tooling.loaded_by_pages.get(page, || {
        let text = tooling.files.sources.read(page).map(|decoded| decoded.text).unwrap_or_default();
        let external = embedded::page(&text, PageKind::Html).external;
        Arc::new(external.iter().filter_map(|script| file_of(tooling, path, &script.source)).collect())
    })
}

/// The file that a page means by the address of a script.
fn file_of(tooling: &Tooling<'_>, page: &RepoPath, source: &str) -> Option<FileId> {
    let path = source.split(['?', '#']).next()?.trim();
    if path.contains(':') || path.starts_with("//") {
        return None;
    }
    let folder = page.parent()?;
    match path.strip_prefix('/') {
        Some(path) => {
            let beside = std::iter::once(folder.clone());
            let served = folder
                .ancestors()
                .flat_map(|above| SERVED_FOLDERS.iter().filter_map(move |served| above.join(served)));
            let mut places = beside.chain(served).filter_map(|folder| folder.join(path));
            places.find_map(|path| tooling.files.sources.find(&path))
        }
        None => tooling.files.sources.find(&folder.join(path)?),
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::Sources;

    use super::super::super::tree;
    use super::*;

    #[track_caller]
    fn assert_loads(page: (&str, &str), script: &str, expected: bool) {
        let tree = tree(&[page, (script, "x")]);
        let sources = Sources::open(&tree);
        let file = sources.find(&RepoPath::new(script).unwrap()).unwrap();
        let tooling = Tooling::new(&sources);
        assert_eq!(loading(&tooling, file).is_some(), expected, "{page:?} {script}");
    }

    #[test]
    fn a_page_loads_what_its_scripts_name() {
        let page = |source| format!("<script src=\"{source}\"></script>");
        assert_loads(("index.html", &page("js/app.js")), "js/app.js", true);
        assert_loads(("web/index.html", &page("/src/main.ts")), "web/src/main.ts", true);
        assert_loads(("web/index.html", &page("/app.js?v=2")), "web/public/app.js", true);
        assert_loads(("app/views/room.ejs", &page("/js/app.js")), "app/public/js/app.js", true);
        assert_loads(("views/room.ejs", &page("/js/app.js")), "public/js/app.js", true);
        assert_loads(("site/views/room.ejs", &page("/js/app.js")), "other/public/js/app.js", false);
        assert_loads(("index.html", &page("https://example.org/js/app.js")), "js/app.js", false);
        assert_loads(("index.html", &page("//example.org/js/app.js")), "js/app.js", false);
        assert_loads(("index.html", &page("js/app.js")), "lib/app.js", false);
        assert_loads(("index.html", "<!-- <script src='a.js'></script> -->"), "a.js", false);
    }
}
