//! The classes that extend a class, in its own module and in those that import it.

use policy_text::source::FileId;

use super::evaluation::Evaluation;
use super::value::{Env, Site, Value};
use crate::parse::syntax::ClassId;

/// Subclasses of one class that are looked at.
const MAX_SUBCLASSES: usize = 8;
/// Modules that are looked through for them.
const MAX_MODULES: usize = 32;

impl Evaluation<'_> {
    /// The classes that extend `class` directly.
    pub(super) fn subclasses(&mut self, file: FileId, class: ClassId) -> Vec<(FileId, ClassId)> {
        let scripts = self.scripts;
        let importers = scripts.importers(file).filter(|&importer| importer != file);
        let importers = importers.filter(|&importer| scripts.mentions(importer, [" extends "]));
        // A class is found wherever it is, and not only where it may open sockets.
        let seeks_opener = std::mem::replace(&mut self.seeks_opener, false);
        let mut found = Vec::new();
        for home in std::iter::once(file).chain(importers.take(MAX_MODULES)) {
            let Some(module) = scripts.module(home) else { continue };
            for id in module.class_ids() {
                let Some(parent) = module[id].extends.filter(|_| found.len() < MAX_SUBCLASSES) else {
                    continue;
                };
                let parents = self.expr(&Site { file: home, expr: parent, env: Env::default() });
                let is_it = |value: &Value| matches!(value, Value::Class(parent_file, parent, _) if (*parent_file, *parent) == (file, class));
                if parents.iter().any(|parent| is_it(&parent.value)) {
                    found.push((home, id));
                }
            }
        }
        self.seeks_opener = seeks_opener;
        found
    }
}
