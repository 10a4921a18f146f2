//! From the tree of `hcl-edit` to the compact one: places for what has none there, and nothing kept but facts.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator as HclBinary, Expression, ForExpr, FuncCall, Object, ObjectKey, TraversalOperator,
    UnaryOperator as HclUnary,
};
use hcl_edit::structure::{self, BlockLabel};
use policy_text::source::{FileId, Span};

use super::number::Number;
use super::syntax::{
    Access, Attribute, BinaryOperator, Block, Body, Call, Contents, Expr, ExprKind, For, UnaryOperator,
};
use super::template;

/// The text that a tree was parsed from, and where it stands in its file.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) file: FileId,
    /// The text as it is in the file; what was parsed has the same length.
    pub(super) text: &'t str,
    /// The offset of `text` in the file.
    pub(super) base: usize,
}

impl Piece<'_> {
    pub(super) fn span(self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span::new(self.file, self.base + range.start..self.base + range.end)
    }

    pub(super) fn slice(&self, range: Option<Range<usize>>) -> &str {
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }
}

pub(super) fn body(piece: Piece<'_>, body: &structure::Body) -> Body {
    let mut converted = Body::default();
    for attribute in body.attributes() {
        converted.attributes.push(Attribute {
            name: Arc::from(attribute.key.as_str()),
            // In a block on one line, names have places and attributes have none.
            name_at: piece.span(attribute.key.span().or_else(|| attribute.span())),
            value: expression(piece, &attribute.value),
        });
    }
    for nested in body.blocks() {
        converted.blocks.push(block(piece, nested));
    }
    converted
}

fn block(piece: Piece<'_>, block: &structure::Block) -> Block {
    let name = piece.span(block.ident.span());
    let at = block.labels.last().map_or(name, |label| name.to(piece.span(label.span())));
    Block {
        kind: Arc::from(block.ident.as_str()),
        labels: block.labels.iter().map(BlockLabel::as_str).map(Arc::from).collect(),
        at,
        contents: Contents::Read(body(piece, &block.body)),
    }
}

pub(super) fn expression(piece: Piece<'_>, expression: &Expression) -> Expr {
    let range = expression.span();
    let at = piece.span(range.clone());
    let kind = match expression {
        Expression::Null(_) => ExprKind::Null,
        Expression::Bool(value) => ExprKind::Bool(**value),
        Expression::Number(_) => number(piece.slice(range)),
        Expression::String(text) => ExprKind::String(Arc::from(text.as_str())),
        Expression::Array(array) => {
            ExprKind::List(array.iter().map(|item| self::expression(piece, item)).collect())
        }
        Expression::Object(items) => object(piece, items),
        Expression::StringTemplate(parts) => template::quoted(piece, parts),
        Expression::HeredocTemplate(document) => {
            template::here_document(piece, &document.template, piece.slice(range).starts_with("<<-"))
        }
        Expression::Parenthesis(inner) => return self::expression(piece, inner.inner()),
        Expression::Variable(name) => ExprKind::Variable(Arc::from(name.as_str())),
        Expression::Conditional(it) => ExprKind::Conditional(Box::new(
            [&it.cond_expr, &it.true_expr, &it.false_expr].map(|side| self::expression(piece, side)),
        )),
        Expression::FuncCall(it) => call(piece, it),
        Expression::Traversal(it) => {
            let accesses = it.operators.iter().map(|operator| access(piece, operator)).collect();
            ExprKind::Access(Box::new(self::expression(piece, &it.expr)), accesses)
        }
        Expression::UnaryOp(it) => {
            let operator = match it.operator.value() {
                HclUnary::Neg => UnaryOperator::Negate,
                HclUnary::Not => UnaryOperator::Not,
            };
            ExprKind::Unary(operator, Box::new(self::expression(piece, &it.expr)))
        }
        Expression::BinaryOp(it) => ExprKind::Binary(
            binary_operator(*it.operator.value()),
            Box::new([&it.lhs_expr, &it.rhs_expr].map(|side| self::expression(piece, side))),
        ),
        Expression::ForExpr(it) => for_expression(piece, it),
    };
    Expr { at, kind }
}

/// A number by its digits, which say more than the 64 bits they were parsed into.
fn number(written: &str) -> ExprKind {
    let digits: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    Number::parse(&digits).map_or(ExprKind::Unreadable("a number that is too large"), ExprKind::Number)
}

fn object(piece: Piece<'_>, object: &Object) -> ExprKind {
    let items = object.iter().map(|(key, value)| {
        let key = match key {
            // The file's own text: where a key is repeated, the parsed text has another name for it.
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => Expr {
                at: piece.span(name.span()),
                kind: ExprKind::String(Arc::from(piece.slice(name.span()))),
            },
            ObjectKey::Expression(key) => object_key(piece, key),
        };
        (key, expression(piece, value.expr()))
    });
    ExprKind::Object(items.collect())
}

fn object_key(piece: Piece<'_>, key: &Expression) -> Expr {
    let converted = expression(piece, key);
    let written = piece.slice(key.span());
    match (&converted.kind, written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))) {
        (ExprKind::String(_), Some(plain)) if !plain.contains('\\') && !plain.contains('{') => {
            Expr { at: converted.at, kind: ExprKind::String(Arc::from(plain)) }
        }
        _ => converted,
    }
}

fn call(piece: Piece<'_>, call: &FuncCall) -> ExprKind {
    let mut name = String::new();
    for part in &call.name.namespace {
        name.push_str(part.as_str());
        name.push_str("::");
    }
    name.push_str(call.name.name.as_str());
    ExprKind::Call(Box::new(Call {
        name: Arc::from(name),
        arguments: call.args.iter().map(|argument| expression(piece, argument)).collect(),
        expand_last: call.args.expand_final(),
    }))
}

fn access(piece: Piece<'_>, operator: &TraversalOperator) -> Access {
    match operator {
        TraversalOperator::AttrSplat(_) => Access::AttributeSplat,
        TraversalOperator::FullSplat(_) => Access::Splat,
        TraversalOperator::GetAttr(name) => Access::Name(Arc::from(name.as_str())),
        TraversalOperator::Index(index) => Access::Index(expression(piece, index)),
        TraversalOperator::LegacyIndex(index) => Access::Index(Expr {
            at: piece.span(index.span()),
            kind: ExprKind::Number(Number::Integer(i128::from(*index.value()))),
        }),
    }
}

fn for_expression(piece: Piece<'_>, it: &ForExpr) -> ExprKind {
    ExprKind::For(Box::new(For {
        key_name: it.intro.key_var.as_ref().map(|name| Arc::from(name.as_str())),
        value_name: Arc::from(it.intro.value_var.as_str()),
        collection: expression(piece, &it.intro.collection_expr),
        key: it.key_expr.as_ref().map(|key| expression(piece, key)),
        value: expression(piece, &it.value_expr),
        condition: it.cond.as_ref().map(|condition| expression(piece, &condition.expr)),
        grouped: it.grouping,
    }))
}

fn binary_operator(operator: HclBinary) -> BinaryOperator {
    match operator {
        HclBinary::Eq => BinaryOperator::Equal,
        HclBinary::NotEq => BinaryOperator::NotEqual,
        HclBinary::LessEq => BinaryOperator::LessOrEqual,
        HclBinary::GreaterEq => BinaryOperator::GreaterOrEqual,
        HclBinary::Less => BinaryOperator::Less,
        HclBinary::Greater => BinaryOperator::Greater,
        HclBinary::Plus => BinaryOperator::Add,
        HclBinary::Minus => BinaryOperator::Subtract,
        HclBinary::Mul => BinaryOperator::Multiply,
        HclBinary::Div => BinaryOperator::Divide,
        HclBinary::Mod => BinaryOperator::Remainder,
        HclBinary::And => BinaryOperator::And,
        HclBinary::Or => BinaryOperator::Or,
    }
}
