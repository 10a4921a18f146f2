//! What templates write, given the values of a chart.

use std::collections::BTreeMap;

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Piece, Text};
use policy_text::yaml::Node;

use super::expression::{Action, Expr};
use super::template::{Kind, Part, Templates};

/// How many helpers may include one another.
const MAX_DEPTH: usize = 8;

/// How many actions one image may take.
const MAX_STEPS: usize = 2_000;

/// What the parts of a template in `file` write, where all of them are followed.
pub(super) fn write(
    templates: &Templates,
    values: &[Node<'_>],
    file: FileId,
    parts: &[Part],
) -> Option<Text> {
    Evaluation { templates, values, steps: MAX_STEPS }.write(file, parts, &Given::Root, 0)
}

/// What `.` is.
#[derive(Clone)]
enum Given {
    /// All that the chart has.
    Root,
    /// What a `dict` holds: of each name, the keys that lead to it below the root.
    Dict(BTreeMap<String, Vec<String>>),
}

/// What an expression is.
enum Made {
    Known(Text),
    /// It is empty, or not there.
    Empty,
}

struct Evaluation<'e> {
    templates: &'e Templates,
    values: &'e [Node<'e>],
    steps: usize,
}

impl Evaluation<'_> {
    /// What the parts of a template write.
    fn write(&mut self, file: FileId, parts: &[Part], given: &Given, depth: usize) -> Option<Text> {
        let mut written = Text::empty();
        let mut variables: BTreeMap<String, Option<Text>> = BTreeMap::new();
        // For each open condition: whether one of its branches was taken, and whether this one is.
        let mut branches: Vec<(bool, bool)> = Vec::new();
        for part in parts {
            self.steps = self.steps.checked_sub(1)?;
            let at = Span::new(file, part.at.clone());
            let runs = branches.iter().all(|(_, runs)| *runs);
            let mut scope = Scope { at, given, variables: &variables, depth };
            match &part.kind {
                Kind::Action(Action::If(condition)) => {
                    let holds = runs && self.holds(condition, &mut scope)?;
                    branches.push((holds, holds));
                }
                Kind::Action(Action::Else(condition)) => {
                    let (taken, _) = branches.pop()?;
                    let outer = branches.iter().all(|(_, runs)| *runs);
                    let holds = outer
                        && !taken
                        && match condition {
                            Some(condition) => self.holds(condition, &mut scope)?,
                            None => true,
                        };
                    branches.push((taken || holds, holds));
                }
                Kind::Action(Action::End) => {
                    branches.pop()?;
                }
                _ if !runs => {}
                Kind::Text(text) => written.append(&Text::literal(text.as_str(), at)),
                Kind::Action(Action::Write(expr)) => match self.evaluate(expr, &mut scope)? {
                    Made::Known(text) => written.append(&text),
                    Made::Empty => return None,
                },
                Kind::Action(Action::Assign(name, expr)) => {
                    let value = match self.evaluate(expr, &mut scope)? {
                        Made::Known(text) => Some(text),
                        Made::Empty => None,
                    };
                    variables.insert(name.clone(), value);
                }
                Kind::Action(Action::Nothing) => {}
                Kind::Action(Action::Block | Action::Define(_) | Action::Unknown) => return None,
            }
        }
        Some(written)
    }

    fn holds(&mut self, condition: &Expr, scope: &mut Scope<'_>) -> Option<bool> {
        if let Expr::Call(name, arguments) = condition
            && name == "not"
            && let [argument] = arguments.as_slice()
        {
            return Some(!self.holds(argument, scope)?);
        }
        match self.evaluate(condition, scope)? {
            Made::Empty => Some(false),
            Made::Known(text) => text.known().map(|text| text != "false"),
        }
    }

    fn evaluate(&mut self, expr: &Expr, scope: &mut Scope<'_>) -> Option<Made> {
        self.steps = self.steps.checked_sub(1)?;
        match expr {
            Expr::Literal(text) if text.is_empty() => Some(Made::Empty),
            Expr::Literal(text) => Some(Made::Known(Text::literal(text.as_str(), scope.at))),
            Expr::Path(keys) => self.value(&scope.path(keys)?, scope.at),
            Expr::Variable(name, keys) if keys.is_empty() => {
                Some(scope.variables.get(name)?.clone().map_or(Made::Empty, Made::Known))
            }
            Expr::Variable(..) => None,
            Expr::Call(name, arguments) => self.call(name, arguments, scope),
        }
    }

    /// What the chart has at a place.
    fn value(&self, keys: &[String], at: Span) -> Option<Made> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["Chart", "AppVersion" | "Version"] => {
                Some(Made::Known(Text::hole(Origin::Other("the chart decides it".into()), at)))
            }
            ["Values", keys @ ..] => {
                let Some(node) = self.values.iter().find_map(|root| root.path(keys)) else {
                    return Some(Made::Empty);
                };
                let text = node.as_str()?;
                Some(if text.is_empty() {
                    Made::Empty
                } else {
                    Made::Known(Text::literal(text, node.span()))
                })
            }
            _ => None,
        }
    }

    fn call(&mut self, name: &str, arguments: &[Expr], scope: &mut Scope<'_>) -> Option<Made> {
        match (name, arguments) {
            ("quote" | "squote" | "toString" | "trim" | "required" | "tpl", [.., last]) => {
                // Of `tpl` the last argument is the context.
                let value = if name == "tpl" { arguments.first()? } else { last };
                self.evaluate(value, scope)
            }
            ("default", [default, value]) => match self.evaluate(value, scope)? {
                Made::Empty => self.evaluate(default, scope),
                known @ Made::Known(_) => Some(known),
            },
            ("coalesce", values) => {
                for value in values {
                    if let known @ Made::Known(_) = self.evaluate(value, scope)? {
                        return Some(known);
                    }
                }
                Some(Made::Empty)
            }
            ("printf", [Expr::Literal(format), values @ ..]) => self.printf(format, values, scope),
            ("include" | "template", [Expr::Literal(name), context]) if scope.depth < MAX_DEPTH => {
                let (file, body) = self.templates.helpers.get(name)?;
                let given = scope.context(context)?;
                let text = self.write(*file, body, &given, scope.depth + 1)?;
                let is_empty = text.known().is_some_and(|text| text.trim().is_empty());
                Some(if is_empty { Made::Empty } else { Made::Known(trimmed(&text)) })
            }
            _ => None,
        }
    }

    fn printf(&mut self, format: &str, values: &[Expr], scope: &mut Scope<'_>) -> Option<Made> {
        let mut values = values.iter();
        let mut text = Text::empty();
        for (index, literal) in format.replace("%v", "%s").split("%s").enumerate() {
            if index > 0 {
                match self.evaluate(values.next()?, scope)? {
                    Made::Known(value) => text.append(&value),
                    Made::Empty => return None,
                }
            }
            if literal.contains('%') {
                return None;
            }
            if !literal.is_empty() {
                text.append(&Text::literal(literal, scope.at));
            }
        }
        values.next().is_none().then_some(Made::Known(text))
    }
}

/// What an expression can name.
struct Scope<'s> {
    at: Span,
    given: &'s Given,
    variables: &'s BTreeMap<String, Option<Text>>,
    depth: usize,
}

impl Scope<'_> {
    /// The keys that lead to what a path names, from the root. In a helper `$` is what it was given.
    fn path(&self, keys: &[String]) -> Option<Vec<String>> {
        match self.given {
            Given::Root => Some(keys.to_vec()),
            Given::Dict(entries) => {
                let (first, rest) = keys.split_first()?;
                Some([entries.get(first)?.as_slice(), rest].concat())
            }
        }
    }

    fn is_at_root(&self) -> bool {
        matches!(self.given, Given::Root)
    }

    /// What a helper is given.
    fn context(&self, expr: &Expr) -> Option<Given> {
        match expr {
            Expr::Path(keys) if keys.is_empty() => Some(self.given.clone()),
            Expr::Call(name, pairs) if name == "dict" => {
                let entries = pairs.chunks(2).map(|pair| match pair {
                    [Expr::Literal(name), Expr::Path(keys)] if !keys.is_empty() || self.is_at_root() => {
                        Some((name.clone(), self.path(keys)?))
                    }
                    _ => None,
                });
                Some(Given::Dict(entries.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }
}

/// The text without the white space around it.
fn trimmed(text: &Text) -> Text {
    let count = text.pieces().len();
    let mut trimmed = Text::empty();
    for (index, piece) in text.pieces().iter().enumerate() {
        match piece {
            Piece::Literal(literal, from) => {
                let kept = if index == 0 { literal.trim_start() } else { literal };
                let kept = if index + 1 == count { kept.trim_end() } else { kept };
                if !kept.is_empty() {
                    trimmed.push(Piece::Literal(kept.into(), from.clone()));
                }
            }
            hole @ Piece::Hole(_) => trimmed.push(hole.clone()),
        }
    }
    trimmed
}
