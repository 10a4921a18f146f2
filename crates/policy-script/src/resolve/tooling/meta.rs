//! What pages tell their scripts in `<meta>` elements.

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};

use super::Tooling;
use crate::parse::embedded::{self, PageKind};

/// Where a package has the page that its bundler fills in.
const PAGES: [&str; 3] = ["index.html", "public/index.html", "src/index.html"];

/// What templates write where they put something in.
const FILLED_IN: [char; 7] = ['{', '<', '%', '$', '@', '#', '_'];

impl Tooling<'_> {
    /// The contents of the `<meta>` called `name` in the pages that `file` is part of; a hole where a template puts it in.
    pub(crate) fn meta(&self, file: FileId, name: &str) -> Vec<Text> {
        let sources = self.files.sources;
        let own = self.files.manifest(file).map(|package| package.folder.clone());
        let of_package = own.iter().flat_map(|folder| PAGES.iter().filter_map(|page| folder.join(page)));
        let mut pages = self.scripts_beside(file);
        pages.extend(of_package.filter_map(|page| sources.find(&page)));
        pages.push(file);
        pages.retain(|page| PageKind::of(sources.path(*page)) == Some(PageKind::Html));
        pages.sort_unstable();
        pages.dedup();
        let contents = pages.into_iter().flat_map(|page| {
            let text = sources.read(page).map(|decoded| decoded.text).unwrap_or_default();
            let contents = embedded::meta(&text, name).into_iter().map(|range| {
                let at = Span::new(page, range.clone());
                match text.get(range) {
                    Some(content) if !content.contains(FILLED_IN) => Text::literal(content, at),
                    _ => Text::hole(Origin::Other("a template puts it in".into()), at),
                }
            });
            contents.collect::<Vec<_>>()
        });
        contents.collect()
    }
}
