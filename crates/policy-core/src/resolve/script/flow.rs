//! Which of the values given to a name can be there where it is used.

use std::collections::BTreeSet;

use crate::parse::script::syntax::{ConditionKey, Definition, FunctionId, GuardId, Module, Test};

/// Where a name is used.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) at: u32,
    pub(super) guard: Option<GuardId>,
    pub(super) function: Option<FunctionId>,
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
    for definition in definitions.iter().rev() {
        let given_under = steps(module, definition.guard);
        if contradicts(&used_under, &given_under) {
            continue;
        }
        if definition.function != usage.function {
            // Another function runs at another time: what it sets may be there, and kills nothing.
            reached.push(definition);
            continue;
        }
        let repeats = shares_loop(module, definition.guard, usage.guard);
        if definition.at > usage.at && !repeats {
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
            // What other functions set earlier in the text can still be there, unless this one overwrites it first.
            reached.reverse();
            return (reached, false);
        }
    }
    reached.reverse();
    let open = !definitions.iter().any(|definition| definition.function != usage.function);
    (reached, open)
}

/// Whether control that reaches a use has gone through the definition, where the conditions around it hold.
pub(super) fn goes_before(module: &Module, definition: &Definition, usage: Use) -> bool {
    definition.function == usage.function
        && definition.at <= usage.at
        && !is_uncertain(module, definition.guard, usage.guard)
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
