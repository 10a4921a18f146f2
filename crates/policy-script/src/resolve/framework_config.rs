//! What Next hands from its configuration file to the code: `publicRuntimeConfig`.

use super::evaluate::Evaluator;
use super::value::{Alternatives, Env, Site};
use crate::parse::syntax::{Export, ExprKind};

const NAMES: [&str; 3] = ["next.config.js", "next.config.mjs", "next.config.ts"];

impl Evaluator<'_> {
    /// `getConfig()`: the whole configuration, of which code asks for `publicRuntimeConfig`.
    pub(super) fn next_config(&mut self, site: &Site) -> Option<Alternatives> {
        let file = NAMES.iter().find_map(|name| self.scripts.project.beside_manifest(site.file, name))?;
        let module = self.scripts.module(file)?;
        let exported = match module.exports.get("default") {
            Some(Export::Local(value)) => *value,
            _ => module.whole_export?,
        };
        // A plugin around the configuration.
        let expr = match &module[exported].kind {
            ExprKind::Call(_, arguments) => *arguments.first()?,
            _ => exported,
        };
        Some(self.expr(&Site { file, expr, env: Env::default() }))
    }
}
