//! The classes that extend a class, in its own module and in those that import it.

use policy_text::source::FileId;

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::value::{Env, Site, Value};
use crate::parse::syntax::ClassId;

/// Subclasses of one class that are looked at.
const MAX_SUBCLASSES: usize = 8;
/// Modules that are looked through for them.
const MAX_MODULES: usize = 32;

/// The classes that extend `class` directly.
pub(super) fn of(scripts: &Scripts<'_>, file: FileId, class: ClassId) -> Vec<(FileId, ClassId)> {
    let importers = scripts.importers(file).filter(|&importer| importer != file);
    let importers = importers.filter(|&importer| scripts.mentions(importer, [" extends "]));
    let mut found = Vec::new();
    for home in std::iter::once(file).chain(importers.take(MAX_MODULES)) {
        let Some(module) = scripts.module(home) else { continue };
        let extending = module.class_ids().filter(|&id| {
            module[id].extends.is_some_and(|parent| {
                let site = Site { file: home, expr: parent, env: Env::default() };
                let parents = Evaluation::new(scripts).expr(&site);
                let is_it = |value: &Value| {
                    matches!(value, Value::Class(parent_file, parent, _) if (*parent_file, *parent) == (file, class))
                };
                parents.iter().any(|parent| is_it(&parent.value))
            })
        });
        found.extend(extending.map(|id| (home, id)));
    }
    found.truncate(MAX_SUBCLASSES);
    found
}
