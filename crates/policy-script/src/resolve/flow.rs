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

/// What is looked through to tell what reaches a use.
#[derive(Debug, Default)]
pub(super) struct Work(pub(super) usize);

/// More definitions than this that reach one use are not told apart. Conditions inside one another are not followed further
/// either.
pub(super) const MAX_REACHING: usize = 128;

/// More definitions reach a use than are told apart.
#[derive(Debug)]
pub(super) struct TooMany;

/// Why a name is not known then.
pub(super) const TOO_MANY: &str = "more values are given to it than can be followed";

/// The definitions that can reach a use, in the order of the text, and whether the name can also be unset there.
pub(super) fn reaching<'m>(
    module: &Module,
    definitions: impl DoubleEndedIterator<Item = &'m Definition> + Clone,
    usage: Use,
    work: &mut Work,
) -> Result<(Vec<&'m Definition>, bool), TooMany> {
    // What is given under no condition contradicts none: most names are given one value.
    let is_guarded = definitions.clone().any(|definition| definition.guard.is_some());
    let used_under = if is_guarded { steps(module, usage.guard) } else { Vec::new() };
    let mut reached = Vec::new();
    let mut covered: BTreeSet<Vec<Step>> = BTreeSet::new();
    let mut closed = false;
    let mut all = definitions.clone();
    for definition in definitions.rev() {
        if reached.len() > MAX_REACHING {
            return Err(TooMany);
        }
        let given_under = steps(module, definition.guard);
        work.0 += 1 + used_under.len() + given_under.len();
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
        let given: BTreeSet<Step> = given_under.into_iter().collect();
        let extra: Vec<Step> =
            given.into_iter().filter(|step| used_under.binary_search(step).is_err()).collect();
        cover(&mut covered, extra, work);
        if covered.contains(&Vec::new()) {
            closed = true;
            // What other functions set earlier in the text can still be there, unless the use's own overwrites it first.
            if definition.function == module[usage.scope].function {
                break;
            }
        }
    }
    reached.reverse();
    let open = !closed && all.all(|definition| usage.is_in_order(module, definition));
    Ok((reached, open))
}

/// Whether control that reaches a use has gone through the definition, where the conditions around it hold.
pub(super) fn goes_before(module: &Module, definition: &Definition, usage: Use) -> bool {
    usage.is_in_order(module, definition)
        && definition.at <= usage.at
        && !is_uncertain(module, definition.guard, usage.guard)
}

/// A condition under which a later definition overwrites an earlier one before a use, and its outcome.
pub(super) type Overwriting = (ExprId, ConditionKey, bool);

/// The conditions of those `later` definitions that hang on one condition only; where one hangs on several, or nothing
/// tells, it is not known to overwrite anything.
pub(super) fn overwriting(
    module: &Module,
    earlier: &Definition,
    later: &[&Definition],
    usage: Use,
    work: &mut Work,
) -> Vec<Overwriting> {
    if later.is_empty() {
        return Vec::new();
    }
    let around: BTreeSet<Test> = module.tests(usage.guard).chain(module.tests(earlier.guard)).collect();
    work.0 += around.len();
    let mut all = Vec::new();
    for later in later {
        if earlier.function != later.function || !goes_before(module, later, usage) {
            continue;
        }
        let mut own =
            module.tests(later.guard).inspect(|_| work.0 += 1).filter(|test| !around.contains(test));
        match (own.next(), own.next()) {
            (Some(Test::Holds(condition, key)), None) => all.push((condition, key, true)),
            (Some(Test::Fails(condition, key)), None) => all.push((condition, key, false)),
            _ => {}
        }
    }
    all
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

/// Conditions and their outcomes, sorted.
fn steps(module: &Module, guard: Option<GuardId>) -> Vec<Step> {
    let mut steps: Vec<Step> = module
        .tests(guard)
        .filter_map(|test| match test {
            Test::Holds(_, key) => Some((key, true)),
            Test::Fails(_, key) => Some((key, false)),
            Test::Loop | Test::Perhaps => None,
        })
        .collect();
    steps.sort_unstable();
    steps
}

/// Whether one of two sorted lists holds the opposite of what is in the other.
fn contradicts(left: &[Step], right: &[Step]) -> bool {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    short.iter().any(|&(key, holds)| long.binary_search(&(key, !holds)).is_ok())
}

/// The guards around a place, the innermost first.
fn around(module: &Module, guard: Option<GuardId>) -> impl Iterator<Item = GuardId> {
    std::iter::successors(guard, |&guard| module[guard].parent)
}

/// The innermost guard that is around both places. Each guard was made after those around it.
fn shared(module: &Module, one: Option<GuardId>, other: Option<GuardId>) -> Option<GuardId> {
    let (mut one, mut other) = (one, other);
    while one != other {
        match (one, other) {
            (Some(inner), Some(outer)) if inner > outer => one = module[inner].parent,
            (Some(_), Some(outer)) => other = module[outer].parent,
            _ => return None,
        }
    }
    one
}

/// Whether control may pass the definition by without any condition saying so: by a guard that is not also one of the use.
fn is_uncertain(module: &Module, definition: Option<GuardId>, usage: Option<GuardId>) -> bool {
    beyond(module, definition, usage).any(|test| matches!(test, Test::Loop | Test::Perhaps))
}

/// The tests of `inner` that are not also around `outer`, the innermost first.
pub(super) fn beyond(
    module: &Module,
    inner: Option<GuardId>,
    outer: Option<GuardId>,
) -> impl Iterator<Item = Test> {
    let shared = shared(module, inner, outer);
    around(module, inner).take_while(move |&guard| Some(guard) != shared).map(|guard| module[guard].test)
}

/// Whether a loop goes around both.
fn shares_loop(module: &Module, definition: Option<GuardId>, usage: Option<GuardId>) -> bool {
    around(module, shared(module, definition, usage)).any(|guard| module[guard].test == Test::Loop)
}

/// Adds a set of conditions to those that are covered, and what follows from it: two sets that differ in the outcome of one
/// condition only cover what they have in common.
fn cover(covered: &mut BTreeSet<Vec<Step>>, added: Vec<Step>, work: &mut Work) {
    let mut added = vec![added];
    while let Some(set) = added.pop() {
        if set.len() > MAX_REACHING || !covered.insert(set.clone()) {
            continue;
        }
        work.0 += set.len() * set.len();
        for (index, &(key, holds)) in set.iter().enumerate() {
            let mut common = set.clone();
            common.remove(index);
            let mut other = common.clone();
            let place = other.partition_point(|step| *step < (key, !holds));
            other.insert(place, (key, !holds));
            if covered.contains(&other) {
                added.push(common);
            }
        }
    }
}
