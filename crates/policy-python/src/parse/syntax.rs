//! The reduced syntax tree: the statements that run when a module is imported, with their places.

use std::sync::Arc;

use policy_text::source::{FileId, Span};

/// A place in the file that is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    start: u32,
    end: u32,
}

impl At {
    pub(super) fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The place in `file`.
    pub(crate) fn within(self, file: FileId) -> Span {
        Span::new(file, self.start as usize..self.end as usize)
    }
}

/// A module.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Module {
    pub(crate) body: Vec<Statement>,
    /// How many bytes its text has.
    pub(crate) length: usize,
}

/// A statement.
#[derive(Debug, PartialEq)]
pub(crate) enum Statement {
    /// `import a.b`, or `import a.b as c`.
    Import {
        module: Box<str>,
        alias: Option<Box<str>>,
    },
    /// `from ..a import b as c`.
    From {
        level: u32,
        module: Box<str>,
        names: Imported,
    },
    Assign {
        targets: Vec<Expr>,
        value: Expr,
    },
    /// `a += b`.
    Extend {
        target: Expr,
        value: Expr,
    },
    Expression(Expr),
    Return(Option<Expr>),
    /// `raise`: what stands behind it is not reached.
    Raise(Option<Expr>),
    /// `break`, or `continue` where `goes_on`.
    Leave {
        goes_on: bool,
    },
    Function(Arc<Function>),
    Class(Arc<Class>),
    If {
        test: Expr,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
        at: At,
    },
    For {
        target: Expr,
        iterated: Expr,
        body: Vec<Statement>,
        at: At,
    },
    /// What may run, any number of times.
    Perhaps {
        body: Vec<Statement>,
        at: At,
    },
    Try {
        body: Vec<Statement>,
        handlers: Vec<Vec<Statement>>,
        otherwise: Vec<Statement>,
        at: At,
    },
    /// `with a as b:`.
    With {
        items: Vec<(Expr, Option<Expr>)>,
        body: Vec<Statement>,
    },
}

/// What `from a import …` brings in.
#[derive(Debug, PartialEq)]
pub(crate) enum Imported {
    /// `*`.
    All,
    /// Names, each with the one that it gets.
    Names(Vec<(Box<str>, Box<str>)>),
}

/// A function, or a method.
#[derive(Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: Box<str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) body: Vec<Statement>,
}

/// A parameter of a function.
#[derive(Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: Box<str>,
    pub(crate) default: Option<Expr>,
    pub(crate) takes: Takes,
}

/// Which arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// One, by position or name.
    One,
    /// One, by name alone.
    Named,
    /// `*args`.
    Rest,
    /// `**kwargs`.
    RestNamed,
}

/// A class.
#[derive(Debug, PartialEq)]
pub(crate) struct Class {
    pub(crate) name: Box<str>,
    pub(crate) bases: Vec<Expr>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) body: Vec<Statement>,
    pub(crate) at: At,
}

/// An expression.
#[derive(Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) at: At,
}

impl Expr {
    /// The argument of that name, where this is a call.
    pub(crate) fn named(&self, name: &str) -> Option<&Expr> {
        let Kind::Call(call) = &self.kind else { return None };
        let mut named = call.named.iter();
        named.find(|(given, _)| given.as_deref() == Some(name)).map(|(_, value)| value)
    }

    /// Whether this is that very name.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Name(own) if **own == *name)
    }

    /// The text that is written here.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is a name, or an attribute or call of one, that ends in one of `names`.
    pub(crate) fn is_named(&self, names: &[&str]) -> bool {
        match &self.kind {
            Kind::Name(name) | Kind::Attribute(_, name) => names.contains(&&**name),
            Kind::Call(call) => match &call.function.kind {
                Kind::Name(name) | Kind::Attribute(_, name) => names.contains(&&**name),
                _ => false,
            },
            _ => false,
        }
    }
}

/// What an expression is.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    /// What is not followed.
    Other,
    None,
    Bool(bool),
    Number(i64),
    Text(Box<str>),
    /// `f"…{a}…"`.
    Format(Vec<Expr>),
    Name(Box<str>),
    /// A function without a name.
    Lambda,
    Attribute(Box<Expr>, Box<str>),
    Item(Box<Expr>, Box<Expr>),
    Call(Box<Call>),
    /// A list, a tuple or a set.
    List(Vec<Expr>),
    /// `**a` has no key.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `*a`.
    Spread(Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// `a == b`, or `a != b` where `negated`.
    Equal {
        left: Box<Expr>,
        right: Box<Expr>,
        negated: bool,
    },
    /// `a in b`, or `a not in b` where `negated`.
    In {
        left: Box<Expr>,
        right: Box<Expr>,
        negated: bool,
    },
    /// `a if test else b`.
    Either {
        test: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `[each for target in iterated]`; `filtered` where an `if` follows.
    Each {
        each: Box<Expr>,
        target: Box<Expr>,
        iterated: Box<Expr>,
        filtered: bool,
    },
}

/// A call.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) function: Expr,
    /// `*a` is a [`Kind::Spread`].
    pub(crate) positional: Vec<Expr>,
    /// `**a` has no name.
    pub(crate) named: Vec<(Option<Box<str>>, Expr)>,
}
