//! What an expression can be: a bounded set of values, each with the conditions under which it is that.

use std::sync::Arc;

use policy_text::source::{FileId, Span};
use policy_text::value::{Address, Origin, Piece, Text};

use super::tooling::EnvironmentObject;
use crate::parse::syntax::{ClassId, ConditionKey, ExprId, FunctionId};

/// More values than this are not told apart.
pub(super) const MAX_ALTERNATIVES: usize = 24;

/// A value as far as it can be followed. What an object holds is looked at only when it is asked for.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Text),
    /// A number as JavaScript prints it.
    Number(Text),
    Bool(bool),
    /// A condition that a public page served over TLS answers so, and production does not decide.
    Likely(bool),
    /// `null` or `undefined`.
    Nothing,
    /// An object literal.
    Object(Site),
    /// An array literal.
    Array(Site),
    Function(FileId, FunctionId, Env),
    Class(FileId, ClassId, Env),
    /// An object made by `new`, with the arguments of its constructor.
    Instance(FileId, ClassId, Env),
    /// A module as a whole.
    Module(FileId),
    /// `new URL(…)`, with all that was assigned to it since.
    Url(Box<Address>),
    /// Something that the browser or the runtime provides.
    Global(Global),
    /// What `useState`, `useRef`, `ref` or `signal` keeps a value in.
    State(Box<Value>),
    /// What a text was split into.
    Parts(Vec<Text>),
    /// A regular expression.
    Pattern(Arc<str>),
    /// A method that the language provides, with what it is called on.
    Method(Box<Value>, Arc<str>),
    /// What a package outside the repository exports.
    External(Arc<str>, Arc<str>),
    /// What an export of a package outside the repository made, with the call that made it.
    Made(Arc<str>, Arc<str>, Site),
    Unknown(Origin, Span),
}

/// What the browser or the runtime provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Global {
    /// `window`, `self`, `globalThis`.
    Window,
    Document,
    Location,
    ImportMeta,
    Process,
    /// What only the windows of desktop and mobile applications have: absent in a browser.
    Native,
    /// An element `<meta>` of the page, by its name.
    Meta(Arc<str>),
    /// `navigator.userAgent`
    UserAgent,
    /// `process.env`, `import.meta.env`.
    Environment(EnvironmentObject),
    /// A global function or class by name: `URL`, `String`, `WebSocket`.
    Named(Arc<str>),
}

/// An expression of a module, with the arguments of the calls it is evaluated in.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) expr: ExprId,
    pub(super) env: Env,
}

impl Site {
    pub(super) fn beside(&self, expr: ExprId) -> Self {
        Self { expr, ..self.clone() }
    }
}

/// The calls that an expression is evaluated in, the innermost first.
#[derive(Clone, Debug, Default)]
pub(super) struct Env(Option<Arc<Frame>>);

/// The arguments of one call.
#[derive(Debug)]
struct Frame {
    file: FileId,
    function: FunctionId,
    arguments: Vec<Site>,
    outer: Env,
    /// How many calls lie below.
    depth: usize,
}

impl Env {
    pub(super) fn call(&self, file: FileId, function: FunctionId, arguments: Vec<Site>) -> Self {
        let depth = self.depth() + 1;
        Self(Some(Arc::new(Frame { file, function, arguments, outer: self.clone(), depth })))
    }

    pub(super) fn depth(&self) -> usize {
        self.0.as_ref().map_or(0, |frame| frame.depth)
    }

    /// The arguments that `function` was called with. `None` where no call is followed.
    pub(super) fn arguments(&self, file: FileId, function: FunctionId) -> Option<&[Site]> {
        let mut next = self;
        while let Some(frame) = &next.0 {
            if frame.file == file && frame.function == function {
                return Some(&frame.arguments);
            }
            next = &frame.outer;
        }
        None
    }

    /// Tells two chains of calls apart.
    pub(super) fn identity(&self) -> usize {
        self.0.as_ref().map_or(0, |frame| Arc::as_ptr(frame) as usize)
    }
}

/// One of the values that an expression can have.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) value: Value,
    pub(super) when: Conditions,
}

/// Conditions that hold or fail together with a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    /// Sorted.
    outcomes: Vec<(FileId, ConditionKey, bool)>,
    /// Whether one of them hardly comes out so on a public page that is served over TLS.
    unlikely: bool,
}

impl Conditions {
    pub(super) fn of(file: FileId, key: ConditionKey, holds: bool, unlikely: bool) -> Self {
        Self { outcomes: vec![(file, key, holds)], unlikely }
    }

    /// All of them together. `None` where one contradicts another.
    pub(super) fn all(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut all = Self::default();
        for condition in conditions {
            all.outcomes.extend(condition.outcomes);
            all.unlikely |= condition.unlikely;
        }
        all.outcomes.sort_unstable();
        all.outcomes.dedup();
        let contradicts = |pair: &[(FileId, ConditionKey, bool)]| matches!(pair, [one, other] if (one.0, one.1) == (other.0, other.1));
        (!all.outcomes.windows(2).any(contradicts)).then_some(all)
    }

    pub(super) fn is_unlikely(&self) -> bool {
        self.unlikely
    }

    /// Both sets together. `None` where one contradicts the other.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        if self.outcomes.is_empty() || other.outcomes.is_empty() {
            let outcomes = if self.outcomes.is_empty() { &other.outcomes } else { &self.outcomes };
            return Some(Self { outcomes: outcomes.clone(), unlikely: self.unlikely || other.unlikely });
        }
        Self::all([self.clone(), other.clone()])
    }
}

/// More pieces than this of one text are not followed.
pub(super) const MAX_PIECES: usize = 256;
/// Why a text is not known then.
pub(super) const TOO_LONG: &str = "it is too long to follow";
/// Characters of a text that weigh as much as one more piece.
const BYTES_PER_PIECE: usize = 256;

/// Things that are looked at in one step: definitions, conditions, pieces of a text.
const LOOKED_AT_PER_STEP: usize = 16;

/// The steps that it takes to look at so many things.
pub(super) fn steps(looked_at: usize) -> usize {
    looked_at / LOOKED_AT_PER_STEP
}

/// How much there is to copy of values.
pub(super) fn weight(values: &[Case]) -> usize {
    values.iter().map(|case| case.when.outcomes.len() + case.value.weight()).sum()
}

/// Whether one of the texts is longer than what is followed.
pub(super) fn is_too_long(texts: &[Case]) -> bool {
    texts.iter().any(|case| matches!(&case.value, Value::Text(text) if text.pieces().len() > MAX_PIECES))
}

/// The values that an expression can have; never empty.
pub(super) type Cases = Vec<Case>;

pub(super) fn one(value: Value) -> Cases {
    vec![Case { value, when: Conditions::default() }]
}

/// Adds `more` to `all` up to the bound; past it, the rest is one unknown.
pub(super) fn extend(all: &mut Cases, more: impl IntoIterator<Item = Case>, at: Span) {
    for alternative in more {
        if all.len() >= MAX_ALTERNATIVES {
            all.pop();
            let origin = Origin::Other(format!("more than {MAX_ALTERNATIVES} values are possible").into());
            all.extend(one(Value::Unknown(origin, at)));
            return;
        }
        all.push(alternative);
    }
}

/// The values where `when` holds too, without those that contradict it.
pub(super) fn under(values: Cases, when: &Conditions) -> impl Iterator<Item = Case> {
    values.into_iter().filter_map(|value| Some(Case { when: value.when.and(when)?, ..value }))
}

/// Every text of `starts` with every one of `ends` behind it, where their conditions agree.
pub(super) fn followed_by(starts: &[Case], ends: &[(Text, Conditions)], at: Span) -> Cases {
    let mut all = Vec::new();
    for start in starts {
        let Value::Text(before) = &start.value else { continue };
        let longer = ends.iter().filter_map(|(end, when)| {
            let when = start.when.and(when)?;
            let mut text = before.clone();
            text.append(end);
            Some(Case { value: Value::Text(text), when })
        });
        extend(&mut all, longer, at);
    }
    all
}

impl Value {
    fn weight(&self) -> usize {
        let of_text = |text: &Text| {
            let pieces = text.pieces();
            pieces.len()
                + pieces.iter().filter_map(Piece::as_literal).map(str::len).sum::<usize>() / BYTES_PER_PIECE
        };
        match self {
            Self::Text(text) | Self::Number(text) => of_text(text),
            Self::Parts(parts) => parts.iter().map(of_text).sum(),
            Self::Url(address) => {
                [&address.scheme, &address.host, &address.rest].into_iter().map(of_text).sum()
            }
            Self::State(inner) | Self::Method(inner, _) => inner.weight(),
            _ => 1,
        }
    }

    /// The value as text in a template or a sum. `at` is where it is used.
    pub(super) fn to_text(&self, at: Span) -> Text {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Bool(value) => Text::literal(value.to_string(), at),
            Self::Nothing => Text::literal("undefined", at),
            Self::Url(address) => address.to_text(),
            Self::State(inner) => inner.to_text(at),
            Self::Global(Global::Location) => {
                Text::hole(Origin::Page(policy_text::value::PagePart::Href), at)
            }
            Self::Unknown(origin, at) => Text::hole(origin.clone(), *at),
            Self::External(specifier, name) => {
                let why = if specifier.starts_with('.') {
                    format!("the module `{specifier}` is not in the repository")
                } else {
                    format!("the value of `{name}` is unknown")
                };
                Text::hole(Origin::Other(why.into()), at)
            }
            Self::Global(Global::Named(name)) => {
                Text::hole(Origin::Other(format!("`{name}` is set when the page loads").into()), at)
            }
            _ => Text::hole(Origin::Other("it is not a string".into()), at),
        }
    }
}
