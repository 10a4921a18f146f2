//! The pages of a tree and the scripts that they load: what stands in the `src` of a `<script>`.

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath};

use super::super::Project;
use super::names;
use crate::parse::embedded::{self, PageKind};

/// Pages that are looked at for what the scripts of one share.
const MAX_PAGES: usize = 4;

/// Folders beside a page whose files are served from the root of its site.
const SERVED_FOLDERS: [&str; 3] = ["", "public", "static"];

impl Project<'_> {
    /// The other scripts of the page that `file` is, or of the pages that load it; the pages themselves are among them.
    pub fn scripts_beside(&self, file: FileId) -> Vec<FileId> {
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

/// The page, in a folder of `file` or above it, that loads `file`.
pub(super) fn loading<'p>(project: &'p Project<'_>, file: FileId) -> Option<&'p RepoPath> {
    all_loading(project, file).next().map(|page| project.files.sources.path(page))
}

/// The pages in a folder of `file` or above it that load `file`.
fn all_loading<'p>(project: &'p Project<'_>, file: FileId) -> impl Iterator<Item = FileId> + 'p {
    let folder = project.files.sources.path(file).parent();
    let pages = project.pages.get_or_init(|| {
        let pages = project.files.sources.files().filter(|(_, path)| {
            PageKind::of(path) == Some(PageKind::Html) && names::development(path).is_none()
        });
        pages.map(|(page, _)| page).collect()
    });
    let around = pages.iter().map(|&page| (page, project.files.sources.path(page)));
    let around = around.filter(move |(_, path)| {
        folder.as_ref().zip(path.parent()).is_some_and(|(folder, above)| folder.is_within(&above))
    });
    around.filter(move |&(page, path)| loaded(project, page, path).contains(&file)).map(|(page, _)| page)
}

/// The files of the tree that a page loads.
fn loaded(project: &Project<'_>, page: FileId, path: &RepoPath) -> Arc<Vec<FileId>> {
    project.loaded_by_pages.get(page, || {
        let text = project.files.sources.read(page).map(|decoded| decoded.text).unwrap_or_default();
        let external = embedded::page(&text, PageKind::Html).external;
        Arc::new(external.iter().filter_map(|script| file_of(project, path, &script.source)).collect())
    })
}

/// The file that a page means by the address of a script.
fn file_of(project: &Project<'_>, page: &RepoPath, source: &str) -> Option<FileId> {
    let path = source.split(['?', '#']).next()?.trim();
    if path.contains(':') || path.starts_with("//") {
        return None;
    }
    let folder = page.parent()?;
    match path.strip_prefix('/') {
        Some(path) => SERVED_FOLDERS
            .iter()
            .filter_map(|served| folder.join(served)?.join(path))
            .find_map(|path| project.files.sources.find(&path)),
        None => project.files.sources.find(&folder.join(path)?),
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
        let project = Project::new(&sources);
        assert_eq!(loading(&project, file).is_some(), expected, "{page:?} {script}");
    }

    #[test]
    fn a_page_loads_what_its_scripts_name() {
        let page = |source| format!("<script src=\"{source}\"></script>");
        assert_loads(("index.html", &page("js/app.js")), "js/app.js", true);
        assert_loads(("web/index.html", &page("/src/main.ts")), "web/src/main.ts", true);
        assert_loads(("web/index.html", &page("/app.js?v=2")), "web/public/app.js", true);
        assert_loads(("index.html", &page("https://example.org/js/app.js")), "js/app.js", false);
        assert_loads(("index.html", &page("//example.org/js/app.js")), "js/app.js", false);
        assert_loads(("index.html", &page("js/app.js")), "lib/app.js", false);
        assert_loads(("index.html", "<!-- <script src='a.js'></script> -->"), "a.js", false);
    }
}
