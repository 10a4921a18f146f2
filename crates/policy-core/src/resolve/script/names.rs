//! What a name stands for where it is used.

use super::evaluate::Evaluator;
use super::flow::{self, Use};
use super::globals;
use super::value::{Alternatives, Conditions, Env, Global, Site, Value, extend, one};
use crate::parse::script::Module;
use crate::parse::script::syntax::{Definition, NameUse};
use crate::source::FileId;

impl<'a> Evaluator<'a> {
    /// The values that a name can have where it is used.
    pub(super) fn name(&mut self, site: &Site, module: &'a Module, used: &'a NameUse) -> Alternatives {
        let Some(binding) = module.lookup(&used.name, used.scope) else {
            let constants = self.scripts.project.constant(&used.name, site.file);
            if !constants.is_empty() {
                return constants.into_iter().flat_map(|text| one(Value::Text(text))).collect();
            }
            return match globals::global(&used.name) {
                named @ Value::Global(Global::Named(_)) if module.is_classic() => {
                    self.shared(&used.name, site.file).unwrap_or_else(|| one(named))
                }
                provided => one(provided),
            };
        };
        let binding = &module[binding];
        let usage = Use { at: used.at, guard: used.guard, function: module[used.scope].function };
        let (mut reaching, unset) = flow::reaching(module, &binding.definitions, usage);
        self.keep_standing(site, module, &mut reaching, usage);
        let mut values = self.definitions(site, module, &reaching, used.guard);
        if values.is_empty() {
            let why =
                if unset || reaching.is_empty() { "nothing sets it" } else { "only set in development" };
            values = self.unknown(site, why);
        }
        if binding.writes.is_empty() {
            return values;
        }
        self.apply_writes(site, module, binding, usage, values)
    }

    /// The values of a name that a script in `file`, or one beside it in a page, gives to all of them.
    pub(super) fn shared(&mut self, name: &str, file: FileId) -> Option<Alternatives> {
        if globals::is_set_on_load(name) {
            return None;
        }
        let mut all = Alternatives::new();
        for file in std::iter::once(file).chain(self.scripts.project.scripts_beside(file)) {
            let Some(module) = self.scripts.module(file) else { continue };
            let definitions = module.global_definitions(name);
            let Some(first) = definitions.first() else { continue };
            let site = Site { file, expr: first.value, env: Env::default() };
            let at = self.span(&site);
            let values = self.definitions(&site, module, &definitions, None);
            extend(&mut all, values, at);
        }
        Some(all).filter(|all| !all.is_empty())
    }

    /// Leaves out the definitions that a later one overwrites whenever the code runs in production.
    fn keep_standing(
        &mut self,
        site: &Site,
        module: &'a Module,
        definitions: &mut Vec<&Definition>,
        usage: Use,
    ) {
        let always = Some(Conditions::default());
        let last = definitions.iter().rposition(|definition| {
            flow::goes_before(module, definition, usage)
                && self.conditions(site, module, definition.guard, usage.guard) == always
        });
        let Some(last) = last.and_then(|last| definitions.get(last)).map(|last| last.at) else { return };
        definitions.retain(|definition| definition.at >= last || definition.function != usage.function);
    }
}
