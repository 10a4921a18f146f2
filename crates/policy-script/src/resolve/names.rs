//! What a name stands for where it is used.

use policy_text::source::FileId;

use super::evaluation::Evaluation;
use super::flow::{self, Use, Work};
use super::globals;
use super::value::{Cases, Conditions, Env, Global, Site, Value, extend, one, under};
use crate::parse::Module;
use crate::parse::syntax::{Definition, NameUse};

impl<'a> Evaluation<'a> {
    /// The values that a name can have where it is used.
    pub(super) fn name(&mut self, site: &Site, module: &'a Module, used: &'a NameUse) -> Cases {
        let Some(binding) = module.lookup(&used.name, used.scope) else {
            let constants = self.scripts.tooling.constant(&used.name, site.file);
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
        let usage = Use::of(used);
        let Some((mut reaching, unset)) = self.reaching(module, binding.definitions.iter(), usage) else {
            return self.unknown(site, flow::TOO_MANY);
        };
        self.keep_standing(site, module, &mut reaching, usage);
        let mut values = self.reached(site, module, &reaching, usage);
        if values.is_empty() {
            let why = if unset || reaching.is_empty() {
                "nothing sets it"
            } else {
                "it is set only in development"
            };
            values = self.unknown(site, why);
        }
        if !self.deciding.is_empty()
            && !reaching.iter().any(|definition| flow::goes_before(module, definition, usage))
        {
            // Whoever asks may come before the functions that set it.
            values.extend(one(Value::Nothing));
        }
        if binding.writes.is_empty() {
            return values;
        }
        self.apply_writes(site, module, binding, usage, values)
    }

    /// The definitions that can reach a use, and whether it can also be unset there. `None` where they are too many.
    pub(super) fn reaching<'m>(
        &mut self,
        module: &Module,
        definitions: impl DoubleEndedIterator<Item = &'m Definition> + Clone,
        usage: Use,
    ) -> Option<(Vec<&'m Definition>, bool)> {
        let mut work = Work::default();
        let reaching = flow::reaching(module, definitions, usage, &mut work);
        self.pay_for(work.0);
        reaching.ok()
    }

    /// The values of a name that a script in `file`, or one beside it in a page, gives to all of them.
    pub(super) fn shared(&mut self, name: &str, file: FileId) -> Option<Cases> {
        if globals::is_set_on_load(name) {
            return None;
        }
        let mut all = Cases::new();
        for file in std::iter::once(file).chain(self.scripts.tooling.scripts_beside(file)) {
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

    /// The values of the definitions that reach a use, each with what has to hold for it to last until there.
    pub(super) fn reached(
        &mut self,
        site: &Site,
        module: &'a Module,
        reaching: &[&Definition],
        usage: Use,
    ) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for (index, definition) in reaching.iter().enumerate() {
            let later = reaching.get(index + 1..).unwrap_or_default();
            let mut work = Work::default();
            let overwriting = flow::overwriting(module, definition, later, usage, &mut work);
            self.pay_for(work.0 + later.len());
            let lasts = overwriting.into_iter().map(|(condition, key, holds)| {
                self.decide(&site.beside(condition)).when(site.file, key, !holds)
            });
            let Some(lasts) = Conditions::all(lasts.collect::<Vec<_>>()) else { continue };
            let values = self.definitions(site, module, &[definition], usage.guard);
            extend(&mut all, under(values, &lasts), at);
        }
        all
    }

    /// Leaves out the definitions that a later one overwrites whenever the code runs in production. Whether there is such
    /// a one: what was there before all of them is gone then.
    pub(super) fn keep_standing(
        &mut self,
        site: &Site,
        module: &'a Module,
        definitions: &mut Vec<&Definition>,
        usage: Use,
    ) -> bool {
        let always = Some(Conditions::default());
        let last = definitions.iter().rposition(|definition| {
            flow::goes_before(module, definition, usage)
                && self.conditions(site, module, definition.guard, usage.guard) == always
        });
        let Some(last) = last.and_then(|last| definitions.get(last)).map(|last| last.at) else {
            return false;
        };
        definitions
            .retain(|definition| definition.at >= last || !flow::goes_before(module, definition, usage));
        true
    }
}
