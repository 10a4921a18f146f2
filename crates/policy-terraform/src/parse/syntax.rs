//! The syntax tree of Terraform configuration, compact and with a place for everything.

use std::sync::Arc;

use policy_text::Problem;
use policy_text::source::Span;

use super::deferred::Deferred;
use super::number::Number;

/// Attributes and blocks, each in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The attributes.
    pub attributes: Vec<Attribute>,
    /// The nested blocks.
    pub blocks: Vec<Block>,
}

/// What stands in for a body that cannot be read.
static EMPTY: Body = Body { attributes: Vec::new(), blocks: Vec::new() };

/// `name = expression`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// The place of the name.
    pub name_at: Span,
    /// The expression.
    pub value: Expr,
}

/// `kind "label" { … }`
#[derive(Clone, Debug)]
pub struct Block {
    /// The type.
    pub kind: Arc<str>,
    /// The labels.
    pub labels: Vec<Arc<str>>,
    /// The head: from the type to the last label.
    pub at: Span,
    pub(super) contents: Contents,
}

/// What is between the braces of a block.
#[derive(Clone, Debug)]
pub(super) enum Contents {
    Read(Body),
    Deferred(Box<Deferred>),
}

/// An expression and its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The place.
    pub at: Span,
    /// What it says.
    pub kind: ExprKind,
}

/// What an expression says.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string without interpolation.
    String(Arc<str>),
    /// A string or here-document with interpolation, directives or several lines that keep their own places.
    Template(Box<[Part]>),
    /// `[a, b]`
    List(Box<[Expr]>),
    /// `{ a = b }`: keys with values. A key that is a bare name is a [`ExprKind::String`].
    Object(Box<[(Expr, Expr)]>),
    /// A name on its own: `var`, `each`, a variable of a `for`.
    Variable(Arc<str>),
    /// An expression with what is accessed of it, from left to right.
    Access(Box<Expr>, Box<[Access]>),
    /// `condition ? a : b`
    Conditional(Box<[Expr; 3]>),
    /// `f(x, y...)`
    Call(Box<Call>),
    /// `-a`, `!a`
    Unary(UnaryOperator, Box<Expr>),
    /// `a + b`
    Binary(BinaryOperator, Box<[Expr; 2]>),
    /// `[for …]`, `{for …}`
    For(Box<For>),
    /// What this reader does not take on, with the reason.
    Unreadable(&'static str),
}

/// A step into a value.
#[derive(Clone, Debug)]
pub enum Access {
    /// `.name`
    Name(Arc<str>),
    /// `[key]`, `.0`
    Index(Expr),
    /// `.*`: applies the names that follow to every element.
    AttributeSplat,
    /// `[*]`: applies all that follows to every element.
    Splat,
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function, with its namespace: `provider::aws::arn_parse`.
    pub name: Arc<str>,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// Whether the last argument is expanded: `f(list...)`.
    pub expand_last: bool,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub struct For {
    /// The variable for the key or index.
    pub key_name: Option<Arc<str>>,
    /// The variable for the element.
    pub value_name: Arc<str>,
    /// What is gone through.
    pub collection: Expr,
    /// The key of a result that is an object. `None` for a list.
    pub key: Option<Expr>,
    /// The element of the result.
    pub value: Expr,
    /// `if …`
    pub condition: Option<Expr>,
    /// `...`: values with one key become a list.
    pub grouped: bool,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Characters, with strip markers and indentation already applied.
    Literal(Arc<str>, Span),
    /// `${ … }`
    Interpolation(Expr),
    /// `%{ if … }`
    If(Box<TemplateIf>),
    /// `%{ for … }`
    For(Box<TemplateFor>),
}

/// `%{ if condition } … %{ else } … %{ endif }`
#[derive(Clone, Debug)]
pub struct TemplateIf {
    /// The condition.
    pub condition: Expr,
    /// The template where it holds.
    pub then: Box<[Part]>,
    /// The template where it does not.
    pub otherwise: Box<[Part]>,
    /// The whole directive.
    pub at: Span,
}

/// `%{ for key, value in collection } … %{ endfor }`
#[derive(Clone, Debug)]
pub struct TemplateFor {
    /// The variable for the key or index.
    pub key_name: Option<Arc<str>>,
    /// The variable for the element.
    pub value_name: Arc<str>,
    /// What is gone through.
    pub collection: Expr,
    /// The template for each element.
    pub body: Box<[Part]>,
    /// The whole directive.
    pub at: Span,
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `&&`
    And,
    /// `||`
    Or,
}

impl Body {
    /// The attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The nested blocks of type `kind`.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Block {
    /// What is between the braces: nothing where that cannot be read.
    pub fn body(&self) -> &Body {
        match &self.contents {
            Contents::Read(body) => body,
            Contents::Deferred(deferred) => deferred.body().unwrap_or(&EMPTY),
        }
    }

    /// What is between the braces, taken out.
    pub(super) fn into_body(self) -> Body {
        match self.contents {
            Contents::Read(body) => body,
            Contents::Deferred(deferred) => deferred.body().cloned().unwrap_or_default(),
        }
    }

    /// The same block with something else between the braces.
    pub(crate) fn with_body(&self, body: Body) -> Self {
        Self {
            kind: self.kind.clone(),
            labels: self.labels.clone(),
            at: self.at,
            contents: Contents::Read(body),
        }
    }

    /// Whether what is between the braces can be read.
    pub(crate) fn is_readable(&self) -> bool {
        match &self.contents {
            Contents::Read(_) => true,
            Contents::Deferred(deferred) => deferred.body().is_ok(),
        }
    }

    /// What is wrong with what is between the braces, where somebody has asked for it.
    pub(super) fn problem(&self) -> Option<&Problem> {
        match &self.contents {
            Contents::Read(_) => None,
            Contents::Deferred(deferred) => deferred.problem(),
        }
    }

    /// Whether the block may have an argument or a nested block called `name`.
    pub(crate) fn may_hold(&self, name: &str) -> bool {
        match &self.contents {
            Contents::Read(_) => true,
            Contents::Deferred(deferred) => deferred.mentions(name),
        }
    }
}

impl Expr {
    /// The text of a string without interpolation.
    pub fn as_literal(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }
}
