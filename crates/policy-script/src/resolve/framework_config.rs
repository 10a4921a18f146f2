//! What Next hands from its configuration file to the code: `publicRuntimeConfig`.

use super::evaluation::Evaluation;
use super::value::{Cases, Env, Site};
use crate::parse::syntax::ExprKind;

impl Evaluation<'_> {
    /// `getConfig()`: the whole configuration, of which code asks for `publicRuntimeConfig`.
    pub(super) fn next_config(&mut self, site: &Site) -> Option<Cases> {
        let file = self.scripts.tooling.configuration(site.file, "next.config")?;
        let module = self.scripts.module(file)?;
        let exported = module.exported_value()?;
        // A plugin around the configuration.
        let expr = match &module[exported].kind {
            ExprKind::Call(_, arguments) => *arguments.first()?,
            _ => exported,
        };
        Some(self.expr(&Site { file, expr, env: Env::default() }))
    }
}
