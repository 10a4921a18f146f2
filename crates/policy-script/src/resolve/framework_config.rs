//! What Next hands from its configuration file to the code: `publicRuntimeConfig`.

use super::evaluation::Evaluation;
use super::value::{Cases, Env, Site};
use crate::parse::syntax::{Export, ExprKind};

const NAMES: [&str; 3] = ["next.config.js", "next.config.mjs", "next.config.ts"];

impl Evaluation<'_> {
    /// `getConfig()`: the whole configuration, of which code asks for `publicRuntimeConfig`.
    pub(super) fn next_config(&mut self, site: &Site) -> Option<Cases> {
        let file = NAMES.iter().find_map(|name| self.scripts.tooling.beside_manifest(site.file, name))?;
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
