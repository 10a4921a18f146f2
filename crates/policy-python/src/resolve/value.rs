//! Values of Python while modules are loaded: what is known of them.

use std::rc::Rc;

use policy_text::source::{FileId, RepoPath};

use super::Arguments;
use super::group::{Entry, GroupId};
use crate::parse::syntax::Function;

/// A value. What can be changed in place is a number of one of the tables of the interpreter.
#[derive(Clone, Debug)]
pub(crate) enum Value<'m> {
    Unknown,
    None,
    Bool(bool),
    Number(i64),
    Text(Text),
    List(ListId),
    Dict(DictId),
    Module(FileId),
    /// A package without `__init__.py`.
    Namespace(RepoPath),
    /// Something outside of the tree, by the dotted name that it has there.
    External(Rc<str>),
    Function(Callable<'m>),
    Class(ClassId),
    Instance(InstanceId),
    /// A group of handlers: an application, a router.
    Group(GroupId),
    /// A method of a group, or of one of its attributes.
    Method(GroupId, Rc<str>),
    /// What `super()` gives in that function, which runs for a group or an instance.
    Super(Box<Value<'m>>, &'m Function),
    /// A function with the first of its arguments.
    Partial(Rc<(Value<'m>, Arguments<'m>)>),
    /// A method of a value that Python itself has.
    Own(Box<Value<'m>>, Rc<str>),
    /// A handler or mounted group that belongs to nothing yet: what `Route(…)` or `path(…)` gives.
    Entries(Rc<[Entry]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DictId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClassId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InstanceId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScopeId(pub(super) usize);

/// A function, or a method with what it is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Callable<'m> {
    pub(crate) function: &'m Function,
    /// Where it is defined.
    pub(crate) scope: ScopeId,
    pub(crate) bound: Option<Box<Value<'m>>>,
}

/// Text of which parts may be unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text(Rc<str>);

/// What stands for an unknown part. The character is reserved by Unicode for objects that are no text.
pub(crate) const HOLE: char = '\u{fffc}';
/// A longer name of something outside of the tree grew in a loop.
pub(super) const LONGEST_NAME: usize = 256;
/// A longer text is no path.
pub(super) const LONGEST: usize = 4_096;

impl Text {
    /// Known text.
    pub(crate) fn new(text: &str) -> Self {
        if text.len() > LONGEST { Self::unknown() } else { Self(text.into()) }
    }

    /// Text of which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self(HOLE.to_string().into())
    }

    /// This, and what follows.
    pub(crate) fn then(&self, following: &Self) -> Self {
        Self::new(&format!("{}{}", self.0, following.0))
    }

    /// The text, where it is known completely.
    pub(crate) fn known(&self) -> Option<&str> {
        (!self.0.contains(HOLE)).then_some(&*self.0)
    }

    /// The text with a [`HOLE`] for each unknown part.
    pub(crate) fn with_holes(&self) -> &str {
        &self.0
    }
}

impl Value<'_> {
    /// Text that is known.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Text::new(text))
    }

    /// Something outside of the tree.
    pub(crate) fn external(dotted: &str) -> Self {
        if dotted.len() > LONGEST_NAME { Self::Unknown } else { Self::External(dotted.into()) }
    }

    /// What this is as text.
    pub(crate) fn as_text(&self) -> Text {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => Text::new(&number.to_string()),
            _ => Text::unknown(),
        }
    }

    /// The text, where it is one that is known.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.known(),
            _ => None,
        }
    }

    /// Whether this counts as true, where that is known.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::None => Some(false),
            Self::Bool(truth) => Some(*truth),
            Self::Number(number) => Some(*number != 0),
            Self::Text(text) => text.known().map(|text| !text.is_empty()),
            Self::Module(_) | Self::Namespace(_) | Self::Function(_) | Self::Class(_) | Self::Group(_) => {
                Some(true)
            }
            _ => None,
        }
    }

    /// Whether both are the same, where that is known.
    pub(crate) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => Some(left.known()? == right.known()?),
            (Self::Number(left), Self::Number(right)) => Some(left == right),
            (Self::Bool(left), Self::Bool(right)) => Some(left == right),
            (Self::None, Self::None) => Some(true),
            (Self::Group(left), Self::Group(right)) => Some(left == right),
            (Self::Unknown | Self::External(_), _) | (_, Self::Unknown | Self::External(_)) => None,
            (Self::None, _) | (_, Self::None) => Some(false),
            _ => None,
        }
    }

    /// Whether this is the very value that the other is, as far as a join of two branches can tell.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(left), Self::List(right)) => left == right,
            (Self::Dict(left), Self::Dict(right)) => left == right,
            (Self::Module(left), Self::Module(right)) => left == right,
            (Self::Namespace(left), Self::Namespace(right)) => left == right,
            (Self::External(left), Self::External(right)) => left == right,
            (Self::Class(left), Self::Class(right)) => left == right,
            (Self::Instance(left), Self::Instance(right)) => left == right,
            (Self::Function(left), Self::Function(right)) => std::ptr::eq(left.function, right.function),
            _ => self.equals(other) == Some(true),
        }
    }
}
