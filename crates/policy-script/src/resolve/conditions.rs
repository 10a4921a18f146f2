//! Conditions: their results in production, and the values that they choose between.

use std::collections::BTreeSet;

use policy_text::source::FileId;
use policy_text::value::Text;

use super::comparison;
use super::evaluation::Evaluation;
use super::search::agreed;
use super::value::{Cases, Conditions, Global, Site, Value, extend, one, under};
use super::{flags, flow};
use crate::parse::syntax::{Comparison, ConditionKey, ExprId, ExprKind, GuardId, Logic, Module, Test};

/// Expressions looked at for one condition, with all that it hangs on: flags are set under conditions of their own.
pub(super) const FUEL: u32 = 1_000;
/// What is known of a condition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Decision {
    /// Whether it holds in production.
    truth: Option<bool>,
    /// Whether it holds on a public page that is served over TLS.
    likely: Option<bool>,
}

impl Decision {
    /// That the condition comes out as `holds`.
    pub(super) fn when(self, file: FileId, key: ConditionKey, holds: bool) -> Conditions {
        Conditions::of(file, key, holds, self.likely == Some(!holds))
    }
}

impl<'a> Evaluation<'a> {
    /// What is known of the condition at `site`.
    pub(super) fn decide(&mut self, site: &Site) -> Decision {
        let key = (site.file, site.expr);
        if let Some((.., around)) = self.deciding.iter().find(|(file, expr, _)| (*file, *expr) == key) {
            self.trace.depends_on(*around);
            return Decision::default();
        }
        if self.too_dear.contains(&key) {
            return Decision::default();
        }
        let outside = self.fuel;
        if self.deciding.is_empty() {
            self.fuel = outside.min(FUEL);
        }
        let given = self.fuel;
        self.deciding.push((site.file, site.expr, self.active.len().saturating_sub(1)));
        let values = self.expr(site);
        self.deciding.pop();
        if self.deciding.is_empty() {
            if self.fuel == 0 {
                self.too_dear.insert(key);
            }
            self.fuel = outside - (given - self.fuel);
        }
        Decision {
            truth: agreed(values.iter().map(|alternative| self.truth(&alternative.value))),
            likely: agreed(values.iter().map(|alternative| comparison::likely(&alternative.value))),
        }
    }

    /// Whether a value is truthy in production, where that can be known.
    fn truth(&self, value: &Value) -> Option<bool> {
        comparison::truth(value).or_else(|| self.is_given(value).then_some(true))
    }

    /// Whether whoever builds the code gives it this value.
    fn is_given(&self, value: &Value) -> bool {
        matches!(value, Value::Text(text) if self.scripts.tooling.is_given(text))
    }

    pub(super) fn compare(
        &mut self,
        site: &Site,
        comparison: Comparison,
        left: ExprId,
        right: ExprId,
    ) -> Cases {
        let (left, right) = (self.expr(&site.beside(left)), self.expr(&site.beside(right)));
        let pairs: Vec<(&Value, &Value)> = left
            .iter()
            .flat_map(|left| {
                let together = right.iter().filter(|right| left.when.and(&right.when).is_some());
                together.map(|right| (&left.value, &right.value))
            })
            .collect();
        let compared = pairs.iter().map(|(left, right)| comparison::compare(comparison, left, right));
        if let Some(outcome) = agreed(compared) {
            return one(Value::Bool(outcome));
        }
        let likely = pairs.iter().map(|(left, right)| comparison::likely_comparison(comparison, left, right));
        match agreed(likely) {
            Some(outcome) => one(Value::Likely(outcome)),
            None => self.unknown(site, "it depends on an unknown condition"),
        }
    }

    pub(super) fn conditional(&mut self, site: &Site, test: Test, chosen: ExprId, other: ExprId) -> Cases {
        let (condition, key, holds) = match test {
            Test::Holds(condition, key) => (condition, key, true),
            Test::Fails(condition, key) => (condition, key, false),
            Test::Loop | Test::Perhaps => return self.unknown(site, "it depends on an unknown condition"),
        };
        let decision = self.decide(&site.beside(condition));
        if let Some(truth) = decision.truth {
            return self.expr(&site.beside(if truth == holds { chosen } else { other }));
        }
        let at = self.span(site);
        let mut all = Vec::new();
        for (branch, holds) in [(chosen, holds), (other, !holds)] {
            let values = self.expr(&site.beside(branch));
            extend(&mut all, under(values, &decision.when(site.file, key, holds)), at);
        }
        all
    }

    pub(super) fn logical(&mut self, site: &Site, logic: Logic, left: ExprId, right: ExprId) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        let mut falls_through = false;
        for value in self.expr(&site.beside(left)) {
            // `None`: either side.
            let passes = match logic {
                Logic::Or => self.truth(&value.value).map(|truth| !truth),
                Logic::And => self.truth(&value.value),
                Logic::Coalesce if self.is_given(&value.value) => Some(false),
                Logic::Coalesce => comparison::is_nothing(&value.value),
            };
            falls_through |= passes != Some(false);
            if passes != Some(true) && logic != Logic::And {
                extend(&mut all, [value], at);
            }
        }
        if falls_through {
            let values = self.expr(&site.beside(right));
            extend(&mut all, values, at);
        } else if logic == Logic::And {
            return one(Value::Bool(false));
        }
        all
    }

    pub(super) fn not(&mut self, site: &Site, value: ExprId) -> Cases {
        match self.decide(&site.beside(value)) {
            Decision { truth: Some(value), .. } => one(Value::Bool(!value)),
            Decision { likely: Some(value), .. } => one(Value::Likely(!value)),
            Decision { .. } => self.unknown(site, "it depends on an unknown condition"),
        }
    }

    /// `"name" in object`
    pub(super) fn is_in(&mut self, site: &Site, module: &Module, name: ExprId, object: ExprId) -> Cases {
        let objects = self.expr(&site.beside(object));
        let of_page = objects.iter().all(|object| matches!(object.value, Value::Global(Global::Window)));
        match &module[name].kind {
            ExprKind::String(name) if of_page && flags::is_native(name) => one(Value::Bool(false)),
            _ => self.unknown(site, "it depends on an unknown condition"),
        }
    }

    pub(super) fn type_of(&mut self, site: &Site, value: ExprId) -> Cases {
        let values = self.expr(&site.beside(value));
        let kind = match values.as_slice() {
            [only] => match &only.value {
                Value::Global(Global::Window | Global::Document | Global::Location) => "object",
                Value::Text(_) => "string",
                Value::Number(_) => "number",
                Value::Nothing | Value::Global(Global::Native) => "undefined",
                _ => return self.unknown(site, "it depends on an unknown type"),
            },
            _ => return self.unknown(site, "it depends on an unknown type"),
        };
        one(Value::Text(Text::literal(kind, self.span(site))))
    }

    /// The conditions of `guard` beyond those of `outer`. `None` where one cannot hold in production.
    pub(super) fn conditions(
        &mut self,
        site: &Site,
        module: &'a Module,
        guard: Option<GuardId>,
        outer: Option<GuardId>,
    ) -> Option<Conditions> {
        // Most of what stands under long chains of conditions has none of its own.
        let own: Vec<Test> = flow::beyond(module, guard, outer).collect();
        if own.is_empty() {
            return Some(Conditions::default());
        }
        let outer: BTreeSet<Test> = module.tests(outer).collect();
        self.pay_for(outer.len());
        let mut when = Vec::new();
        for test in own.into_iter().filter(|test| !outer.contains(test)) {
            let (condition, key, holds) = match test {
                Test::Holds(condition, key) => (condition, key, true),
                Test::Fails(condition, key) => (condition, key, false),
                Test::Loop | Test::Perhaps => continue,
            };
            let decision = self.decide(&site.beside(condition));
            match decision.truth {
                Some(truth) if truth != holds => return None,
                Some(_) => {}
                None => when.push(decision.when(site.file, key, holds)),
            }
        }
        Conditions::all(when)
    }
}
