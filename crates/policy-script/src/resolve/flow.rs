//! Which of the values assigned to a name can reach a use of it.

use std::collections::BTreeSet;

use crate::parse::syntax::{
    Class, ConditionKey, Definition, ExprId, GuardId, Module, NameUse, ScopeId, Test,
};

/// Where a name is used.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) at: u32,
    pub(super) guard: Option<GuardId>,
    pub(super) scope: ScopeId,
}

impl Use {
    pub(super) fn of(used: &NameUse) -> Self {
        Self { at: used.at, guard: used.guard, scope: used.scope }
    }

    /// Whether the order of the text tells what a definition does to the use: it is in the same function, or in one
    /// around it that gets there before the inner one is made. Any other function runs at another time.
    fn is_in_order(self, module: &Module, definition: &Definition) -> bool {
        let own = module[self.scope].function;
        let mut scopes = std::iter::successors(Some(self.scope), |&scope| module[scope].parent);
        definition.function == own
            || (definition.at <= self.at && scopes.any(|scope| module[scope].function == definition.function))
    }
}

/// One condition and its outcome.
type Step = (ConditionKey, bool);

/// The definitions that can reach a use, in the order of the text, and whether the name can also be unset there.
pub(super) fn reaching<'m>(
    module: &Module,
    definitions: &'m [Definition],
    usage: Use,
) -> (Vec<&'m Definition>, bool) {
    let used_under = steps(module, usage.guard);
    let mut reached = Vec::new();
    let mut covered: BTreeSet<Vec<Step>> = BTreeSet::new();
    let mut closed = false;
    for definition in definitions.iter().rev() {
        let given_under = steps(module, definition.guard);
        if contradicts(&used_under, &given_under) {
            continue;
        }
        if !usage.is_in_order(module, definition) {
            // What is set at another time may be there, and kills nothing.
            reached.push(definition);
            continue;
        }
        let repeats = shares_loop(module, definition.guard, usage.guard);
        if closed || (definition.at > usage.at && !repeats) {
            continue;
        }
        reached.push(definition);
        if definition.at > usage.at || is_uncertain(module, definition.guard, usage.guard) {
            continue;
        }
        let mut extra: Vec<Step> =
            given_under.into_iter().filter(|step| !used_under.contains(step)).collect();
        extra.sort_unstable();
        covered.insert(extra);
        merge(&mut covered);
        if covered.contains(&Vec::new()) {
            closed = true;
            // What other functions set earlier in the text can still be there, unless the use's own overwrites it first.
            if definition.function == module[usage.scope].function {
                break;
            }
        }
    }
    reached.reverse();
    let open = !closed && definitions.iter().all(|definition| usage.is_in_order(module, definition));
    (reached, open)
}

/// Whether control that reaches a use has gone through the definition, where the conditions around it hold.
pub(super) fn goes_before(module: &Module, definition: &Definition, usage: Use) -> bool {
    usage.is_in_order(module, definition)
        && definition.at <= usage.at
        && !is_uncertain(module, definition.guard, usage.guard)
}

/// The only condition under which a later definition overwrites an earlier one before a use, and its outcome. `None`
/// where it takes none or several, or nothing tells.
pub(super) fn overwriting(
    module: &Module,
    earlier: &Definition,
    later: &Definition,
    usage: Use,
) -> Option<(ExprId, ConditionKey, bool)> {
    if earlier.function != later.function || !goes_before(module, later, usage) {
        return None;
    }
    let around: Vec<Test> = module.tests(usage.guard).chain(module.tests(earlier.guard)).collect();
    let mut own = module.tests(later.guard).filter(|test| !around.contains(test));
    match (own.next()?, own.next()) {
        (Test::Holds(condition, key), None) => Some((condition, key, true)),
        (Test::Fails(condition, key), None) => Some((condition, key, false)),
        _ => None,
    }
}

/// Whether the later of two definitions of a field always runs once the earlier one has, where the conditions around it
/// hold: in one function, or in the constructor after the fields are initialised.
pub(super) fn overwrites(module: &Module, class: &Class, later: &Definition, earlier: &Definition) -> bool {
    let in_order = match (earlier.function, later.function) {
        (before, after) if before == after => earlier.at < later.at,
        (before, after) => before == class.function && after.is_some() && after == class.constructor,
    };
    in_order && !is_uncertain(module, later.guard, earlier.guard)
}

fn steps(module: &Module, guard: Option<GuardId>) -> Vec<Step> {
    module
        .tests(guard)
        .filter_map(|test| match test {
            Test::Holds(_, key) => Some((key, true)),
            Test::Fails(_, key) => Some((key, false)),
            Test::Loop | Test::Perhaps => None,
        })
        .collect()
}

fn contradicts(left: &[Step], right: &[Step]) -> bool {
    left.iter().any(|&(key, holds)| right.contains(&(key, !holds)))
}

/// The guards of `inner` that are not also guards of `outer`.
fn beyond(module: &Module, inner: Option<GuardId>, outer: Option<GuardId>) -> impl Iterator<Item = Test> {
    let around: Vec<GuardId> = std::iter::successors(outer, |&guard| module[guard].parent).collect();
    std::iter::successors(inner, |&guard| module[guard].parent)
        .take_while(move |guard| !around.contains(guard))
        .map(|guard| module[guard].test)
}

/// Whether control may pass the definition by without any condition saying so.
fn is_uncertain(module: &Module, definition: Option<GuardId>, usage: Option<GuardId>) -> bool {
    beyond(module, definition, usage).any(|test| matches!(test, Test::Loop | Test::Perhaps))
}

/// Whether a loop goes around both.
fn shares_loop(module: &Module, definition: Option<GuardId>, usage: Option<GuardId>) -> bool {
    let around: Vec<GuardId> = std::iter::successors(usage, |&guard| module[guard].parent).collect();
    std::iter::successors(definition, |&guard| module[guard].parent)
        .any(|guard| module[guard].test == Test::Loop && around.contains(&guard))
}

/// Two sets of conditions that differ in the outcome of one only cover what they have in common.
fn merge(covered: &mut BTreeSet<Vec<Step>>) {
    loop {
        let joined = covered.iter().find_map(|set| {
            set.iter().enumerate().find_map(|(index, &(key, holds))| {
                let mut other = set.clone();
                other.remove(index);
                let common = other.clone();
                other.push((key, !holds));
                other.sort_unstable();
                let covers = covered.contains(&other) || covered.contains(&common);
                (covers && !covered.contains(&common)).then_some(common)
            })
        });
        match joined {
            Some(common) => {
                covered.insert(common);
            }
            None => return,
        }
    }
}
