//! Converts the parser's tree to the reduced one.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::syntax::{At, Call, Class, Expr, Function, Imported, Kind, Module, Parameter, Statement, Takes};

/// Expressions inside one another. What lies deeper is not followed.
const DEEPEST_EXPRESSION: usize = 64;
/// Blocks inside one another.
const DEEPEST_BLOCK: usize = 32;

/// What of `tree` matters.
pub(super) fn module(text: &str, tree: &ast::Mod) -> Module {
    let body = match tree {
        ast::Mod::Module(module) => block(&module.body, 0),
        ast::Mod::Expression(_) => Vec::new(),
    };
    Module { body, length: text.len() }
}

fn at(range: TextRange) -> At {
    At::new(range.start().to_u32(), range.end().to_u32())
}

fn block(statements: &[ast::Stmt], depth: usize) -> Vec<Statement> {
    if depth > DEEPEST_BLOCK {
        return Vec::new();
    }
    let mut converted = Vec::new();
    for statement in statements {
        push(&mut converted, statement, depth);
    }
    converted
}

fn push(into: &mut Vec<Statement>, statement: &ast::Stmt, depth: usize) {
    let range = at(statement.range());
    let inner = |statements: &[ast::Stmt]| block(statements, depth + 1);
    into.push(match statement {
        ast::Stmt::Import(import) => {
            into.extend(import.names.iter().map(|name| Statement::Import {
                module: name.name.as_str().into(),
                alias: name.asname.as_ref().map(|alias| alias.as_str().into()),
            }));
            return;
        }
        ast::Stmt::ImportFrom(import) => Statement::From {
            level: import.level,
            module: import.module.as_ref().map(ast::Identifier::as_str).unwrap_or_default().into(),
            names: imported(&import.names),
        },
        ast::Stmt::Assign(assign) => Statement::Assign {
            targets: assign.targets.iter().map(expression).collect(),
            value: expression(&assign.value),
        },
        ast::Stmt::AnnAssign(assign) => match &assign.value {
            Some(value) => {
                Statement::Assign { targets: vec![expression(&assign.target)], value: expression(value) }
            }
            None => return,
        },
        ast::Stmt::AugAssign(assign) if assign.op == ast::Operator::Add => {
            Statement::Extend { target: expression(&assign.target), value: expression(&assign.value) }
        }
        ast::Stmt::AugAssign(assign) => {
            Statement::Assign { targets: vec![expression(&assign.target)], value: other(range) }
        }
        ast::Stmt::Expr(statement) => match expression(&statement.value) {
            Expr { kind: Kind::Text(_) | Kind::Other, .. } => return,
            expression => Statement::Expression(expression),
        },
        ast::Stmt::Return(statement) => Statement::Return(statement.value.as_deref().map(expression)),
        ast::Stmt::Raise(statement) => Statement::Raise(statement.exc.as_deref().map(expression)),
        ast::Stmt::Break(_) => Statement::Leave { goes_on: false },
        ast::Stmt::Continue(_) => Statement::Leave { goes_on: true },
        ast::Stmt::FunctionDef(statement) => function(statement, depth),
        ast::Stmt::ClassDef(statement) => class(statement, depth),
        ast::Stmt::If(statement) => choice(statement, depth),
        ast::Stmt::For(statement) => Statement::For {
            target: expression(&statement.target),
            iterated: expression(&statement.iter),
            body: inner(&statement.body),
            at: at(statement.iter.range()),
        },
        ast::Stmt::While(statement) => {
            Statement::Perhaps { body: inner(&statement.body), at: at(statement.test.range()) }
        }
        ast::Stmt::Match(statement) => Statement::Perhaps {
            body: statement.cases.iter().flat_map(|case| inner(&case.body)).collect(),
            at: at(statement.subject.range()),
        },
        ast::Stmt::Try(statement) => {
            let handlers = statement.handlers.iter();
            Statement::Try {
                body: inner(&statement.body),
                handlers: handlers
                    .map(|ast::ExceptHandler::ExceptHandler(handler)| inner(&handler.body))
                    .collect(),
                otherwise: [&statement.orelse, &statement.finalbody]
                    .into_iter()
                    .flat_map(|statements| inner(statements))
                    .collect(),
                at: range,
            }
        }
        ast::Stmt::With(statement) => Statement::With {
            items: statement
                .items
                .iter()
                .map(|item| (expression(&item.context_expr), item.optional_vars.as_deref().map(expression)))
                .collect(),
            body: inner(&statement.body),
        },
        ast::Stmt::Delete(_)
        | ast::Stmt::TypeAlias(_)
        | ast::Stmt::Assert(_)
        | ast::Stmt::Global(_)
        | ast::Stmt::Nonlocal(_)
        | ast::Stmt::Pass(_)
        | ast::Stmt::IpyEscapeCommand(_) => return,
    });
}

fn function(function: &ast::StmtFunctionDef, depth: usize) -> Statement {
    Statement::Function(Arc::new(Function {
        name: function.name.as_str().into(),
        parameters: parameters(&function.parameters),
        decorators: function.decorator_list.iter().map(|each| expression(&each.expression)).collect(),
        body: block(&function.body, depth + 1),
    }))
}

fn class(class: &ast::StmtClassDef, depth: usize) -> Statement {
    Statement::Class(Arc::new(Class {
        name: class.name.as_str().into(),
        bases: class.arguments.iter().flat_map(|given| given.args.iter().map(expression)).collect(),
        decorators: class.decorator_list.iter().map(|each| expression(&each.expression)).collect(),
        body: block(&class.body, depth + 1),
        at: at(class.name.range()),
    }))
}

fn choice(statement: &ast::StmtIf, depth: usize) -> Statement {
    let inner = |statements: &[ast::Stmt]| block(statements, depth + 1);
    let clauses = &statement.elif_else_clauses;
    // Each `elif` would be a block inside the one before.
    if depth + clauses.len() > DEEPEST_BLOCK {
        let bodies = clauses.iter().flat_map(|clause| inner(&clause.body));
        let body = inner(&statement.body).into_iter().chain(bodies).collect();
        return Statement::Perhaps { body, at: at(statement.range) };
    }
    let otherwise = clauses.iter().rev().fold(Vec::new(), |rest, clause| match &clause.test {
        None => inner(&clause.body),
        Some(test) => vec![Statement::If {
            test: expression(test),
            body: inner(&clause.body),
            otherwise: rest,
            at: at(test.range()),
        }],
    });
    let test = expression(&statement.test);
    Statement::If { at: test.at, test, body: inner(&statement.body), otherwise }
}

fn imported(names: &[ast::Alias]) -> Imported {
    if names.iter().any(|name| name.name.as_str() == "*") {
        return Imported::All;
    }
    let names = names.iter().map(|name| {
        let bound = name.asname.as_ref().unwrap_or(&name.name);
        (name.name.as_str().into(), bound.as_str().into())
    });
    Imported::Names(names.collect())
}

fn parameters(parameters: &ast::Parameters) -> Vec<Parameter> {
    let one = |takes| {
        move |parameter: &ast::ParameterWithDefault| Parameter {
            name: parameter.parameter.name.as_str().into(),
            default: parameter.default.as_deref().map(expression),
            takes,
        }
    };
    let rest = [(&parameters.vararg, Takes::Rest), (&parameters.kwarg, Takes::RestNamed)];
    let positional = parameters.posonlyargs.iter().chain(&parameters.args);
    positional
        .map(one(Takes::One))
        .chain(parameters.kwonlyargs.iter().map(one(Takes::Named)))
        .chain(rest.into_iter().filter_map(|(parameter, takes)| {
            let name = parameter.as_ref()?.name.as_str().into();
            Some(Parameter { name, default: None, takes })
        }))
        .collect()
}

fn expression(expression: &ast::Expr) -> Expr {
    convert(expression, 0)
}

fn other(at: At) -> Expr {
    Expr { kind: Kind::Other, at }
}

fn convert(expression: &ast::Expr, depth: usize) -> Expr {
    let range = at(expression.range());
    if depth > DEEPEST_EXPRESSION {
        return other(range);
    }
    let one = |expression: &ast::Expr| convert(expression, depth + 1);
    let boxed = |expression: &ast::Expr| Box::new(convert(expression, depth + 1));
    let all = |expressions: &[ast::Expr]| expressions.iter().map(one).collect();
    let kind = match expression {
        ast::Expr::NoneLiteral(_) => Kind::None,
        ast::Expr::BooleanLiteral(literal) => Kind::Bool(literal.value),
        ast::Expr::NumberLiteral(literal) => match &literal.value {
            ast::Number::Int(number) => number.as_i64().map_or(Kind::Other, Kind::Number),
            ast::Number::Float(_) | ast::Number::Complex { .. } => Kind::Other,
        },
        ast::Expr::StringLiteral(literal) => Kind::Text(literal.value.to_str().into()),
        ast::Expr::FString(format) => Kind::Format(formatted(format, depth)),
        ast::Expr::Name(name) => Kind::Name(name.id.as_str().into()),
        ast::Expr::Attribute(attribute) => {
            Kind::Attribute(boxed(&attribute.value), attribute.attr.as_str().into())
        }
        ast::Expr::Subscript(subscript) => Kind::Item(boxed(&subscript.value), boxed(&subscript.slice)),
        ast::Expr::Call(call) => Kind::Call(Box::new(Call {
            function: one(&call.func),
            positional: all(&call.arguments.args),
            named: call
                .arguments
                .keywords
                .iter()
                .map(|keyword| (keyword.arg.as_ref().map(|name| name.as_str().into()), one(&keyword.value)))
                .collect(),
        })),
        ast::Expr::List(list) => Kind::List(all(&list.elts)),
        ast::Expr::Tuple(tuple) => Kind::List(all(&tuple.elts)),
        ast::Expr::Set(set) => Kind::List(all(&set.elts)),
        ast::Expr::Dict(dict) => {
            Kind::Dict(dict.items.iter().map(|item| (item.key.as_ref().map(one), one(&item.value))).collect())
        }
        ast::Expr::Starred(starred) => Kind::Spread(boxed(&starred.value)),
        ast::Expr::BinOp(operation) if operation.op == ast::Operator::Add => {
            Kind::Add(boxed(&operation.left), boxed(&operation.right))
        }
        ast::Expr::UnaryOp(operation) if operation.op == ast::UnaryOp::Not => {
            Kind::Not(boxed(&operation.operand))
        }
        ast::Expr::BoolOp(operation) => match operation.op {
            ast::BoolOp::And => Kind::And(all(&operation.values)),
            ast::BoolOp::Or => Kind::Or(all(&operation.values)),
        },
        ast::Expr::Compare(compare) => comparison(compare, depth),
        ast::Expr::If(choice) => Kind::Either {
            test: boxed(&choice.test),
            then: boxed(&choice.body),
            otherwise: boxed(&choice.orelse),
        },
        ast::Expr::ListComp(each) => comprehension(&each.elt, &each.generators, depth),
        ast::Expr::SetComp(each) => comprehension(&each.elt, &each.generators, depth),
        ast::Expr::Generator(each) => comprehension(&each.elt, &each.generators, depth),
        ast::Expr::Await(awaited) => return one(&awaited.value),
        ast::Expr::Named(named) => return one(&named.value),
        ast::Expr::Lambda(_) => Kind::Lambda,
        _ => Kind::Other,
    };
    Expr { kind, at: range }
}

fn formatted(format: &ast::ExprFString, depth: usize) -> Vec<Expr> {
    let mut pieces = Vec::new();
    for part in &format.value {
        match part {
            ast::FStringPart::Literal(literal) => {
                pieces.push(Expr { kind: Kind::Text(literal.value.clone()), at: at(literal.range) });
            }
            ast::FStringPart::FString(format) => pieces.extend(format.elements.iter().map(|element| {
                let range = at(element.range());
                match element {
                    ast::InterpolatedStringElement::Literal(literal) => {
                        Expr { kind: Kind::Text(literal.value.clone()), at: range }
                    }
                    ast::InterpolatedStringElement::Interpolation(hole)
                        if hole.format_spec.is_none()
                            && hole.debug_text.is_none()
                            && hole.conversion == ast::ConversionFlag::None =>
                    {
                        convert(&hole.expression, depth + 1)
                    }
                    ast::InterpolatedStringElement::Interpolation(_) => other(range),
                }
            })),
        }
    }
    pieces
}

fn comparison(compare: &ast::ExprCompare, depth: usize) -> Kind {
    let ([operator], [right]) = (&*compare.ops, &*compare.comparators) else { return Kind::Other };
    let left = Box::new(convert(&compare.left, depth + 1));
    let right = Box::new(convert(right, depth + 1));
    match operator {
        ast::CmpOp::Eq | ast::CmpOp::Is => Kind::Equal { left, right, negated: false },
        ast::CmpOp::NotEq | ast::CmpOp::IsNot => Kind::Equal { left, right, negated: true },
        ast::CmpOp::In => Kind::In { left, right, negated: false },
        ast::CmpOp::NotIn => Kind::In { left, right, negated: true },
        _ => Kind::Other,
    }
}

fn comprehension(each: &ast::Expr, generators: &[ast::Comprehension], depth: usize) -> Kind {
    let [generator] = generators else { return Kind::Other };
    Kind::Each {
        each: Box::new(convert(each, depth + 1)),
        target: Box::new(convert(&generator.target, depth + 1)),
        iterated: Box::new(convert(&generator.iter, depth + 1)),
        filtered: !generator.ifs.is_empty(),
    }
}
