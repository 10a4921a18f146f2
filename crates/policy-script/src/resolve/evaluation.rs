//! From an expression to the values that it can have in production.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_text::budget::Budget;
use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};

use super::modules::Scripts;
use super::outcomes::{self, Trace};
use super::tooling::EnvironmentObject;
use super::value::{
    Case, Cases, Conditions, Env, Global, MAX_ALTERNATIVES, Site, TOO_LONG, Value, extend, followed_by,
    is_too_long, one, steps, under, weight,
};
use super::{comparison, placeholders};
use crate::parse::syntax::{
    Comparison, Definition, Export, ExprId, ExprKind, FunctionId, GuardId, Imported, Joining, Module,
    Parameter, RequestId,
};
use crate::requesters;

/// Expressions inside each other, through names, calls and modules.
pub(super) const MAX_DEPTH: usize = 90;
/// Expressions looked at for one socket.
const FUEL: u32 = 20_000;
/// To look for the module that an import names takes as long as so many steps.
const STEPS_OF_IMPORT: usize = 3;

/// One evaluation: what is being evaluated, and how much may still be.
pub(super) struct Evaluation<'a> {
    pub(super) scripts: &'a Scripts<'a>,
    pub(super) active: Vec<(FileId, ExprId, usize)>,
    /// Conditions that are being evaluated, in whichever calls, each with how many expressions stood around it: one that hangs
    /// on itself is not known.
    pub(super) deciding: Vec<(FileId, ExprId, usize)>,
    /// Conditions that took all the fuel of a condition once.
    pub(super) too_dear: BTreeSet<(FileId, ExprId)>,
    pub(super) fuel: u32,
    /// What the work on the script may cost that asks. `None` for servers, whose questions are counted.
    budget: Option<&'a Budget>,
    /// Whether only what opens sockets is looked for, and no value.
    pub(super) seeks_opener: bool,
    /// Whether everything that packages make is told apart, and not only clients.
    pub(super) keeps_made: bool,
    /// Functions whose parameters were asked for and that no followed call enters.
    pub(super) entered_by_none: BTreeSet<(FileId, FunctionId)>,
    /// Modules that were asked for a name, by one that passes on all that they export, and do not export it.
    pub(super) exported_by_none: BTreeSet<(FileId, String)>,
    pub(super) trace: Trace,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(scripts: &'a Scripts<'a>, budget: &'a Budget) -> Self {
        Self { budget: Some(budget), ..Self::without_budget(scripts) }
    }

    fn without_budget(scripts: &'a Scripts<'a>) -> Self {
        Self {
            scripts,
            budget: None,
            active: Vec::new(),
            deciding: Vec::new(),
            too_dear: BTreeSet::new(),
            fuel: FUEL,
            seeks_opener: false,
            keeps_made: false,
            entered_by_none: BTreeSet::new(),
            exported_by_none: BTreeSet::new(),
            trace: Trace::default(),
        }
    }

    /// An evaluation that tells what a callee is: modules that export nothing that opens sockets are not entered.
    pub(super) fn of_callee(scripts: &'a Scripts<'a>, budget: &'a Budget) -> Self {
        Self { seeks_opener: true, ..Self::new(scripts, budget) }
    }

    /// An evaluation of the code of a server, which is put together from what packages make.
    pub(super) fn of_server(scripts: &'a Scripts<'a>) -> Self {
        Self { keeps_made: true, ..Self::without_budget(scripts) }
    }

    /// Pays for steps. What is done for them is done; where there were too few, nothing comes after it.
    pub(super) fn spend(&mut self, steps: usize) {
        let left = (self.fuel as usize).checked_sub(steps);
        let is_in_budget = self.budget.is_none_or(|budget| budget.spend(steps).is_ok());
        self.trace.is_cut_off |= left.is_none() || !is_in_budget;
        self.fuel = left.filter(|_| is_in_budget).unwrap_or(0) as u32;
    }

    /// Pays for looking at many things in one step.
    pub(super) fn pay_for(&mut self, looked_at: usize) {
        self.spend(steps(looked_at));
    }

    /// Whether nothing more may be evaluated.
    pub(super) fn is_spent(&self) -> bool {
        self.fuel == 0 || self.budget.is_some_and(Budget::is_spent)
    }

    /// Pays for what is known already, where that can be paid for.
    pub(super) fn pay_for_known(&mut self, cost: u32) -> bool {
        let may = cost <= self.fuel && self.budget.is_none_or(|budget| budget.has(cost as usize));
        if may {
            self.spend(cost as usize);
        }
        may
    }

    /// The module that an import leads to, where it is entered.
    fn entered(&self, file: FileId) -> Option<&'a Module> {
        if self.seeks_opener { self.scripts.module_of_opener(file) } else { self.scripts.module(file) }
    }

    pub(super) fn span(&self, site: &Site) -> Span {
        self.span_of(site.file, site.expr)
    }

    fn span_of(&self, file: FileId, expr: ExprId) -> Span {
        match self.scripts.module(file) {
            Some(module) => Span::new(file, module[expr].range()),
            None => Span::start_of(file),
        }
    }

    pub(super) fn unknown(&self, site: &Site, why: &'static str) -> Cases {
        one(Value::Unknown(Origin::Other(why.into()), self.span(site)))
    }

    /// The values of the expression at `site`.
    pub(super) fn expr(&mut self, site: &Site) -> Cases {
        let key = (site.file, site.expr, site.env.identity());
        if let Some(index) = self.active.iter().position(|active| *active == key) {
            self.trace.depends_on(index);
            return self.unknown(site, "it depends on itself");
        }
        if self.active.len() >= MAX_DEPTH || self.is_spent() {
            self.trace.is_cut_off = true;
            return self.unknown(site, "it takes too many steps to follow");
        }
        let Some(module) = self.scripts.module(site.file) else {
            return self.unknown(site, "its module could not be read");
        };
        let kind = &module[site.expr].kind;
        let is_dear = site.env.identity() == 0 && outcomes::may_be_dear(kind);
        if is_dear && let Some(known) = self.known_outcome(site) {
            return known;
        }
        self.active.push(key);
        self.trace.deepest = self.trace.deepest.max(self.active.len());
        let evaluate = |evaluation: &mut Self| {
            evaluation.spend(1);
            let values = evaluation.kind(site, module, kind);
            evaluation.pay_for(weight(&values));
            values
        };
        let values = if is_dear { self.work_out(site, evaluate) } else { evaluate(self) };
        self.active.pop();
        values
    }

    fn kind(&mut self, site: &Site, module: &'a Module, kind: &'a ExprKind) -> Cases {
        let at = self.span(site);
        match kind {
            ExprKind::String(text) => one(Value::Text(placeholders::literal(text, at))),
            ExprKind::Number(text) => one(Value::Number(Text::literal(text.clone(), at))),
            ExprKind::Bool(value) => one(Value::Bool(*value)),
            ExprKind::Null => one(Value::Nothing),
            ExprKind::Regex(pattern) => one(Value::Pattern(pattern.clone())),
            ExprKind::Opaque => self.unknown(site, "it is not followed"),
            ExprKind::Concat(parts, joining) => self.concat(site, parts, *joining),
            ExprKind::Name(used) => self.name(site, module, used),
            ExprKind::This(owner) => self.this(site, *owner),
            ExprKind::ImportMeta => one(Value::Global(Global::ImportMeta)),
            ExprKind::Member(base, name) => self.member(site, *base, name),
            ExprKind::Index(base, key) => self.index(site, *base, *key),
            ExprKind::Call(callee, arguments) => self.call(site, *callee, arguments),
            ExprKind::New(callee, arguments) => self.construct(site, *callee, arguments),
            ExprKind::Object(_) => one(Value::Object(site.clone())),
            ExprKind::Array(_) => one(Value::Array(site.clone())),
            ExprKind::Function(function) => one(Value::Function(site.file, *function, site.env.clone())),
            ExprKind::Class(class) => one(Value::Class(site.file, *class, site.env.clone())),
            ExprKind::Compare(Comparison::In, name, object) => self.is_in(site, module, *name, *object),
            ExprKind::Compare(comparison, left, right) => self.compare(site, *comparison, *left, *right),
            ExprKind::Logical(logic, left, right) => self.logical(site, *logic, *left, *right),
            ExprKind::Conditional(test, chosen, other) => self.conditional(site, *test, *chosen, *other),
            ExprKind::Not(value) => self.not(site, *value),
            ExprKind::Typeof(value) => self.type_of(site, *value),
            ExprKind::Parameter(function, index) => self.parameter(site, module, *function, *index),
            ExprKind::Defaulted(value, default) => self.defaulted(site, *value, *default),
            ExprKind::Import(request, imported) => self.import(site.file, *request, imported, at),
            ExprKind::Required(request) => self.import(site.file, *request, &Imported::Namespace, at),
        }
    }

    fn parameter(&mut self, site: &Site, module: &'a Module, function: FunctionId, index: usize) -> Cases {
        if let Some(arguments) = site.env.arguments(site.file, function) {
            return match arguments.get(index) {
                Some(argument) => self.expr(&argument.clone()),
                None => one(Value::Nothing),
            };
        }
        let parameter = module[function].parameters.get(index);
        if let Some(instances) = parameter.and_then(|parameter| self.injected(site, module, parameter)) {
            return instances;
        }
        self.entered_by_none.insert((site.file, function));
        self.trace.entered.push((site.file, function));
        let name = parameter.map(|parameter| parameter.name.clone()).unwrap_or_default();
        one(Value::Unknown(Origin::Parameter(name), self.span(site)))
    }

    /// An object of the class that a parameter is declared with: what a framework injects. `None` for other types.
    fn injected(&mut self, site: &Site, module: &'a Module, parameter: &'a Parameter) -> Option<Cases> {
        let class = parameter.declared.as_ref()?;
        module.lookup(&class.name, class.scope)?;
        let instances = injected(self.name(site, module, class));
        Some(instances).filter(|instances| !instances.is_empty())
    }

    /// `inject(Service)`
    pub(super) fn injected_by_type(&mut self, site: &Site, arguments: &[ExprId]) -> Cases {
        let instances = injected(self.argument(site, arguments, 0));
        if instances.is_empty() { self.unknown_call(site) } else { instances }
    }

    fn concat(&mut self, site: &Site, parts: &[ExprId], joining: Joining) -> Cases {
        let at = self.span(site);
        let mut sums = one(Value::Text(Text::empty()));
        let mut numbers = joining == Joining::Plus;
        let mut operands = Vec::new();
        for &part in parts {
            let site = site.beside(part);
            let part_at = self.span(&site);
            let values = self.expr(&site);
            numbers &= values.iter().all(|value| matches!(value.value, Value::Number(_)));
            let ends: Vec<_> =
                values.into_iter().map(|part| (part.value.to_text(part_at), part.when)).collect();
            self.pay_for(weight(&sums) * ends.len());
            sums = followed_by(&sums, &ends, at);
            if is_too_long(&sums) {
                return self.unknown(&site, TOO_LONG);
            }
            operands.push(ends);
        }
        if numbers && let Some(added) = added(&operands, at) {
            return added;
        }
        if numbers || sums.is_empty() {
            return self.unknown(site, "it is a sum of numbers");
        }
        sums
    }

    fn defaulted(&mut self, site: &Site, value: ExprId, default: ExprId) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        let mut absent = false;
        for value in self.expr(&site.beside(value)) {
            absent |= comparison::is_nothing(&value.value) != Some(false);
            if !matches!(value.value, Value::Nothing) {
                extend(&mut all, [value], at);
            }
        }
        if absent {
            let values = self.expr(&site.beside(default));
            extend(&mut all, values, at);
        }
        all
    }

    /// The values of definitions, without those that are given only in development.
    pub(super) fn definitions(
        &mut self,
        site: &Site,
        module: &'a Module,
        definitions: &[&Definition],
        used_under: Option<GuardId>,
    ) -> Cases {
        let at = self.span(site);
        let mut all = Vec::new();
        for definition in definitions {
            let Some(when) = self.conditions(site, module, definition.guard, used_under) else { continue };
            // What stands outside of all functions knows of no call.
            let env = if definition.function.is_some() { site.env.clone() } else { Env::default() };
            let values = self.expr(&Site { file: site.file, expr: definition.value, env });
            extend(&mut all, under(values, &when), at);
        }
        all
    }

    /// What `imported` of the module that `request` names comes to.
    fn import(&mut self, file: FileId, request: RequestId, imported: &Imported, at: Span) -> Cases {
        let Some(module) = self.scripts.module(file) else { return Vec::new() };
        let specifier = &module[request].specifier;
        self.spend(STEPS_OF_IMPORT);
        let targets = self.scripts.resolve(specifier, file);
        if targets.is_empty() {
            return self.external(specifier, imported, at);
        }
        let mut all = Vec::new();
        for target in targets {
            let values = match imported {
                Imported::Namespace => match self.entered(target).and_then(|module| module.whole_export) {
                    Some(expr) => self.expr(&Site { file: target, expr, env: Env::default() }),
                    None => one(Value::Module(target)),
                },
                Imported::Name(name) => {
                    let note = format!("`{name}` is imported here");
                    let values = self.export(target, name, at, 0);
                    values.into_iter().map(|value| through(value, at, &note)).collect()
                }
            };
            extend(&mut all, values, at);
        }
        all
    }

    /// What is imported from outside the repository.
    fn external(&mut self, specifier: &Arc<str>, imported: &Imported, at: Span) -> Cases {
        match (&**specifier, imported) {
            // SvelteKit puts the variables of the build in the place of such imports.
            ("$env/static/public", Imported::Name(name)) => {
                let environment = Value::Global(Global::Environment(EnvironmentObject::ImportMeta));
                self.property(&environment, name, at)
            }
            (_, Imported::Name(name)) => one(Value::External(specifier.clone(), name.clone())),
            (_, Imported::Namespace) => one(Value::External(specifier.clone(), "*".into())),
        }
    }

    /// What `file` exports as `name`.
    pub(super) fn export(&mut self, file: FileId, name: &str, at: Span, depth: usize) -> Cases {
        let missing = |why: &'static str| one(Value::Unknown(Origin::Other(why.into()), at));
        let Some(module) = self.entered(file) else {
            return missing("its module could not be read");
        };
        if depth > 16 {
            return missing("it is passed on through too many modules");
        }
        let env = Env::default();
        match module.exports.get(name) {
            Some(Export::Local(expr)) => return self.expr(&Site { file, expr: *expr, env }),
            Some(Export::From(request, Imported::Namespace)) => {
                return self.import(file, *request, &Imported::Namespace, at);
            }
            Some(Export::From(request, Imported::Name(original))) => {
                let targets = self.scripts.resolve(&module[*request].specifier, file);
                if targets.is_empty() {
                    return one(Value::External(module[*request].specifier.clone(), original.clone()));
                }
                let mut all = Vec::new();
                for target in targets {
                    let values = self.export(target, original, at, depth + 1);
                    extend(&mut all, values, at);
                }
                return all;
            }
            None => {}
        }
        if let Some(whole) = module.whole_export {
            let site = Site { file, expr: whole, env };
            return if name == "default" { self.expr(&site) } else { self.property_of_site(&site, name, at) };
        }
        for &star in &module.stars {
            for target in self.scripts.resolve(&module[star].specifier, file) {
                if self.is_spent() {
                    self.trace.is_cut_off = true;
                    return missing("it takes too many steps to follow");
                }
                self.spend(1);
                // Modules that pass on all of one another: what one does not export it does not export the next time.
                if !self.exported_by_none.insert((target, name.to_owned())) {
                    continue;
                }
                let values = self.export(target, name, at, depth + 1);
                if !values.iter().all(|value| matches!(value.value, Value::Unknown(..))) {
                    self.exported_by_none.remove(&(target, name.to_owned()));
                    return values;
                }
            }
        }
        missing("its module does not export it")
    }
}

/// The sums of whole numbers, each where the conditions of its operands agree. `None` where one of them is no such number.
fn added(operands: &[Vec<(Text, Conditions)>], at: Span) -> Option<Cases> {
    let mut sums = vec![(0_i64, Conditions::default())];
    for operand in operands {
        let mut longer = Vec::new();
        for (text, when) in operand {
            let number: i64 = text.known()?.parse().ok()?;
            for (sum, so_far) in &sums {
                if let Some(both) = so_far.and(when) {
                    longer.push((sum.checked_add(number)?, both));
                }
            }
        }
        sums = longer;
        if sums.len() > MAX_ALTERNATIVES {
            return None;
        }
    }
    let case = |(sum, when): (i64, Conditions)| Case {
        value: Value::Number(Text::literal(sum.to_string(), at)),
        when,
    };
    (!sums.is_empty()).then(|| sums.into_iter().map(case).collect())
}

/// An object of each class, and the clients of packages.
fn injected(classes: Cases) -> Cases {
    let instances = classes.into_iter().filter_map(|class| match &class.value {
        Value::Class(file, id, env) => {
            Some(Case { value: Value::Instance(*file, *id, env.clone()), ..class })
        }
        Value::External(package, name) if requesters::client(package, name).is_some() => Some(class),
        _ => None,
    });
    instances.collect()
}

fn through(alternative: Case, at: Span, note: &str) -> Case {
    let note = note.to_owned();
    let value = match alternative.value {
        Value::Text(text) => Value::Text(text.through(at, note)),
        Value::Number(text) => Value::Number(text.through(at, note)),
        value => value,
    };
    Case { value, ..alternative }
}
