//! Programs that register their handlers by calls: routers are followed through variables, fields and functions, statement by
//! statement. What cannot be followed leaves the program open.

mod calls;
mod chain;
mod closures;
mod functions;
mod groups;
mod methods;
mod routers;
mod statements;
mod values;
mod ways;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use policy_text::budget::Budget;
use policy_text::source::Span;

use crate::code::Code;
use crate::scan::Condition;

pub(crate) use calls::LAUNCHERS;
pub(crate) use closures::{function_literal, lambda};
pub(crate) use functions::{Function, FunctionId, Functions};
pub(crate) use groups::{GroupId, Groups, Joins};
pub(crate) use methods::{Effect, Framework, Meant, Row, Slash, row};
use statements::{statement_end, target, value_end};
pub(crate) use values::Value;

/// Functions that call one another.
const DEEPEST: usize = 24;
/// Expressions within one another, over all functions that are being followed.
const DEEPEST_EXPRESSION: usize = 96;

/// What a token counts as, in bytes of what is worked on.
const BYTES: usize = 8;

/// What the engine asks of a language.
pub(crate) trait World {
    /// The file of that index.
    fn code(&self, file: usize) -> Option<&Code>;
    /// All functions of the program.
    fn functions(&self) -> &Functions;
    /// What a name that is no variable stands for, as text: a constant.
    fn constant(&self, file: usize, names: &[&str]) -> Option<String>;
    /// The router that a call of `qualifier.name` gives.
    fn makes(&self, file: usize, qualifier: &str, name: &str) -> Option<Maker>;
    /// The framework whose only router `qualifier` stands for, as a package does.
    fn stands_for(&self, file: usize, qualifier: &str) -> Option<&'static Framework>;
    /// The frameworks whose routers a file may use.
    fn frameworks_of(&self, file: usize) -> Vec<&'static Framework>;
    /// Whether `qualifier` is code of the program: a package or a class of it.
    fn is_own(&self, file: usize, qualifier: &str) -> bool;
    /// The type of a field of that name, where all fields of the name have one.
    fn field_type(&self, name: &str) -> Option<&str>;
    /// Whether what handles requests by this expression takes sockets.
    fn takes_sockets(&self, file: usize, handler: Range<usize>) -> bool;
    /// Whether what a router is given to be passed before its handlers, by this expression, passes every request on, but those
    /// that it refuses.
    fn passes_on(&self, file: usize, given: Range<usize>, framework: &Framework) -> bool;
    /// Whether a method of a router of that name is to be noted, for what only this language knows of it.
    fn notes(&self, name: &str) -> bool;
}

/// The router of a framework that a call gives.
#[derive(Clone, Copy)]
pub(crate) enum Maker {
    /// A new one.
    New(&'static Framework),
    /// The one that the program has.
    Only(&'static Framework),
}

/// The variables of a function.
pub(crate) type Scope = HashMap<String, Value>;

/// A method of a router that was noted.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) name: String,
    /// Its first argument, where that is a text that is known.
    pub(crate) text: Option<String>,
    /// How many arguments it has.
    pub(crate) arguments: usize,
    pub(crate) at: Span,
    pub(crate) doubt: Option<&'static str>,
}

/// A walk through a program.
pub(crate) struct Flow<'w> {
    world: &'w dyn World,
    pub(crate) groups: Groups,
    pub(crate) noted: Vec<Noted>,
    /// The calls of routers' methods that were come upon, by their files and the places of their names.
    reached: HashSet<(usize, usize)>,
    /// What fields hold, by their name alone.
    fields: HashMap<String, Value>,
    /// How often fields were set to something else.
    sets: usize,
    /// Functions that did nothing for these arguments, and what they gave.
    idle: HashMap<FunctionId, Vec<Idle>>,
    budget: Budget,
    /// The functions that are being followed.
    running: Vec<FunctionId>,
    /// How many expressions are being followed.
    depth: usize,
    /// Whether some of it is not followed because that would take too much work.
    is_cut_short: bool,
}

/// A call: its name, its arguments, and its place.
struct Call<'a> {
    name: &'a str,
    arguments: &'a [Range<usize>],
    at: Span,
    /// Where its name stands.
    place: usize,
    /// Whether it is called on something, or of a package.
    has_owner: bool,
}

/// A function that was followed and did nothing: as long as nothing else is done, it does not do so the next time either.
struct Idle {
    arguments: Vec<Value>,
    doubt: Option<&'static str>,
    /// What was done until then.
    done: usize,
    given: Value,
}

/// Ways to call one function that are remembered.
const MOST_IDLE: usize = 16;

/// Where the walk is.
#[derive(Clone, Copy)]
struct Here<'c> {
    file: usize,
    code: &'c Code,
    /// Why what is registered here may not be.
    doubt: Option<&'static str>,
}

const CONDITION: &str = "a condition decides whether it is there";

impl<'w> Flow<'w> {
    /// Nothing is followed yet. The work that it may take depends on how much code there is.
    pub(crate) fn new(world: &'w dyn World) -> Self {
        let tokens: usize = (0..).map_while(|file| world.code(file)).map(Code::len).sum();
        Self {
            world,
            groups: Groups::default(),
            noted: Vec::new(),
            reached: HashSet::new(),
            fields: HashMap::new(),
            sets: 0,
            idle: HashMap::new(),
            budget: Budget::for_bytes(tokens.saturating_mul(BYTES)),
            running: Vec::new(),
            depth: 0,
            is_cut_short: false,
        }
    }

    /// Follows a function that nothing of the program calls.
    pub(crate) fn start(&mut self, id: FunctionId, arguments: &[Value]) {
        self.follow(id, arguments, None);
    }

    /// A call that looks like the registration of a handler and that the walk never came upon.
    fn unreached(&self) -> Option<Span> {
        let mut files = (0..).map_while(|file| Some((file, self.world.code(file)?)));
        files.find_map(|(file, code)| {
            let frameworks = self.world.frameworks_of(file);
            let registers = |at: &usize| {
                code.is_mark(at.wrapping_sub(1), '.')
                    && code.closing(at + 1, '(').is_some()
                    && code.pieces(at + 2).is_some_and(|pieces| values::may_be_path(&pieces))
                    && code.word(*at).is_some_and(|name| {
                        frameworks
                            .iter()
                            .filter_map(|framework| framework.effect(name))
                            .any(Effect::registers)
                    })
            };
            let missed = (0..code.len()).find(|at| registers(at) && !self.reached.contains(&(file, *at)))?;
            Some(code.span(missed..missed + 1))
        })
    }

    /// Pays for so much work before it is done.
    fn affords(&mut self, steps: usize) -> bool {
        let is_paid = self.budget.spend(steps).is_ok();
        self.is_cut_short |= !is_paid;
        is_paid
    }

    /// The variables of a function that stands within another: those around it, and its parameters, which hide what is called so
    /// around it. `None` where that would take too much work.
    fn within(
        &mut self,
        scope: &Scope,
        parameters: impl IntoIterator<Item = (String, Value)>,
    ) -> Option<Scope> {
        self.affords(scope.len()).then(|| {
            let mut inner = scope.clone();
            inner.extend(parameters);
            inner
        })
    }

    /// Follows statements that stand outside of functions.
    pub(crate) fn statements(&mut self, file: usize, range: Range<usize>, scope: &mut Scope) {
        if let Some(code) = self.world.code(file) {
            self.run(Here { file, code, doubt: None }, range, scope);
        }
    }

    fn follow(&mut self, id: FunctionId, arguments: &[Value], doubt: Option<&'static str>) -> Value {
        let Some(function) = self.world.functions().get(id) else { return Value::Unknown };
        let Some(code) = self.world.code(function.file) else { return Value::Unknown };
        let is_too_deep = self.running.len() >= DEEPEST;
        self.is_cut_short |= is_too_deep;
        if is_too_deep || self.running.contains(&id) {
            for argument in arguments {
                if let Value::Group(group) = argument {
                    let at = code.span(function.body.clone());
                    self.anything(*group, at, format!("`{}` is not followed any deeper", function.name));
                }
            }
            return Value::Unknown;
        }
        // Whoever is given no router comes to the same end again and again: calls by way of interfaces lead to all that are
        // called so.
        let is_given = arguments.iter().any(Value::is_router);
        let before = self.done();
        let is_same =
            |idle: &&Idle| (idle.done, idle.doubt) == (before, doubt) && idle.arguments == arguments;
        if let Some(idle) = self.idle.get(&id).and_then(|known| known.iter().find(is_same)) {
            return idle.given.clone();
        }
        let mut scope: Scope = HashMap::new();
        if let Some((name, owner)) = &function.receiver {
            scope.insert(name.clone(), Value::Object(owner.clone()));
        }
        for (index, (name, kind)) in function.parameters.iter().enumerate() {
            let value = match arguments.get(index) {
                None | Some(Value::Unknown) => Value::Object(kind.clone()),
                Some(value) => value.clone(),
            };
            scope.insert(name.clone(), value);
        }
        self.running.push(id);
        let given = self.run(Here { file: function.file, code, doubt }, function.body.clone(), &mut scope);
        self.running.pop();
        let given = match given {
            Value::Unknown => function.gives.clone().map_or(Value::Unknown, Value::Object),
            given => given,
        };
        if !is_given && self.done() == before {
            let known = self.idle.entry(id).or_default();
            known.retain(|idle| idle.done == before);
            if known.len() < MOST_IDLE {
                known.push(Idle { arguments: arguments.to_vec(), doubt, done: before, given: given.clone() });
            }
        }
        given
    }

    /// How much was done so far: whatever else the walk comes upon changes nothing.
    fn done(&self) -> usize {
        self.groups.done() + self.noted.len() + self.reached.len() + self.sets
    }

    /// Follows the statements of a range. What they give: what is returned, else the last value.
    fn run(&mut self, here: Here<'_>, range: Range<usize>, scope: &mut Scope) -> Value {
        if self.depth >= DEEPEST_EXPRESSION {
            self.is_cut_short = true;
            return Value::Unknown;
        }
        self.depth += 1;
        let value = self.statements_of(here, range, scope);
        self.depth -= 1;
        value
    }

    fn statements_of(&mut self, here: Here<'_>, range: Range<usize>, scope: &mut Scope) -> Value {
        let Here { code, .. } = here;
        let (mut returned, mut last) = (Value::Unknown, Value::Unknown);
        let mut at = range.start;
        while at < range.end {
            if !self.affords(1) {
                return Value::Unknown;
            }
            match code.word(at) {
                Some("if" | "for" | "foreach" | "while" | "switch" | "select" | "else") => {
                    at = self.conditional(here, at, range.end, scope);
                }
                Some("return") => {
                    let end = statement_end(code, at + 1, range.end);
                    let parts = code.split(at + 1..end, ',');
                    for part in parts {
                        let value = self.run(here, part, scope);
                        if !returned.is_router() && !matches!(value, Value::Unknown) {
                            returned = if matches!(returned, Value::Unknown) || value.is_router() {
                                value
                            } else {
                                returned
                            };
                        }
                    }
                    at = end;
                }
                Some(_) => {
                    let (value, end) = self.statement(here, at, range.end, scope);
                    if !matches!(value, Value::Unknown) {
                        last = value;
                    }
                    at = end.max(at + 1);
                }
                None => {
                    // What is between brackets is followed as it comes.
                    if range.len() == 1
                        && let Some(text) = self.text(here, range.clone(), scope)
                    {
                        last = Value::Text(text);
                    }
                    at += 1;
                }
            }
        }
        if matches!(returned, Value::Unknown) { last } else { returned }
    }

    /// `if … { … }`, and what is like it. Where it ends.
    fn conditional(&mut self, here: Here<'_>, at: usize, end: usize, scope: &mut Scope) -> usize {
        let code = here.code;
        let mut open = at + 1;
        // A condition of C# has brackets, and what follows may have none.
        if code.closing(open, '(').is_some() && code.language.condition == Condition::InBrackets {
            let after = code.after(open);
            self.run(here, open + 1..after - 1, scope);
            open = after;
        } else {
            while open < end
                && code.closing(open, '{').is_none()
                && !(code.is_mark(open, ';') && code.language.condition == Condition::InBrackets)
            {
                open = code.after(open);
            }
            self.run(here, at + 1..open.min(end), scope);
        }
        let body = match code.closing(open, '{') {
            Some(closing) => open + 1..closing,
            None if code.is_word(open, "if") => return open,
            None => open..statement_end(code, open, end),
        };
        let after = body.end + usize::from(code.closing(open, '{').is_some());
        let doubt = here.doubt.or(Some(CONDITION));
        self.run(Here { doubt, ..here }, body.start..body.end.min(end), scope);
        after.max(at + 1)
    }

    /// An assignment, a declaration or an expression that begins at a word. Its value, and where it ends.
    fn statement(&mut self, here: Here<'_>, at: usize, end: usize, scope: &mut Scope) -> (Value, usize) {
        let code = here.code;
        let Some(target) = target(code, at, end) else { return self.chain(here, at, end, scope) };
        let value_end = value_end(code, target.value, end);
        let range = target.value..value_end;
        let value = match self.text(here, range.clone(), scope) {
            Some(text) => Value::Text(text),
            None => self.run(here, range, scope),
        };
        if !target.is_field {
            // What a condition sets to something else may be either.
            let is_new = code.is_mark(target.value.wrapping_sub(2), ':');
            let may_be_other = here.doubt.is_some() && matches!(value, Value::Text(_)) && !is_new;
            let may_be_other = may_be_other && scope.get(target.name).is_some_and(|known| *known != value);
            let set = if may_be_other { Value::Unknown } else { value.clone() };
            scope.insert(target.name.to_owned(), set);
        } else if value != Value::Unknown {
            self.set_field(target.name, value.clone());
        }
        (value, value_end)
    }

    fn set_field(&mut self, name: &str, value: Value) {
        match self.fields.get(name) {
            Some(known) if *known == value || *known == Value::Unknown => {}
            Some(_) => {
                self.sets += 1;
                // Two routers in fields of one name: neither is followed through it.
                self.fields.insert(name.to_owned(), Value::Unknown);
            }
            None => {
                self.sets += 1;
                self.fields.insert(name.to_owned(), value);
            }
        }
    }

    /// What an expression says, where texts, constants and variables make it up.
    fn text(&self, here: Here<'_>, range: Range<usize>, scope: &Scope) -> Option<String> {
        here.code.text(range, |names| match (names, names.first().and_then(|name| scope.get(*name))) {
            ([_], Some(Value::Text(text))) => Some(text.clone()),
            ([_], Some(_)) => None,
            _ => self.world.constant(here.file, names),
        })
    }
}
