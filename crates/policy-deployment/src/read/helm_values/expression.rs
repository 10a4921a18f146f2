//! Expressions in the templates of charts: pipelines of values, functions and helpers.

/// How deep parentheses may nest, and how many functions a pipeline may have.
const MAX_DEPTH: usize = 16;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// A text that is written out.
    Literal(String),
    /// What is reached from the context by these keys: `.Values.web.tag`, `$.Values.web.tag`.
    Path(Vec<String>),
    /// What is reached from a variable.
    Variable(String, Vec<String>),
    /// A function with its arguments, of which a pipeline gives the last.
    Call(String, Vec<Self>),
}

/// What stands between `{{` and `}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// It writes a value.
    Write(Expr),
    /// `$tag := …`
    Assign(String, Expr),
    /// `if …`
    If(Expr),
    /// `else`, with a further condition.
    Else(Option<Expr>),
    /// `end`
    End,
    /// A comment.
    Nothing,
    /// `define`, with the name of the helper.
    Define(String),
    /// Something else that has an end: `range`, `with`.
    Block,
    /// What is not understood.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Pipe,
    Text(String),
    Word(String),
}

/// Reads what stands between the braces.
pub(super) fn action(written: &str) -> Action {
    if written.starts_with("/*") {
        return Action::Nothing;
    }
    let (first, rest) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    match first {
        "if" => expression(rest).map_or(Action::Block, Action::If),
        "else" => match rest.trim().strip_prefix("if") {
            Some(rest) => expression(rest).map_or(Action::Unknown, |given| Action::Else(Some(given))),
            None if rest.trim().is_empty() => Action::Else(None),
            None => Action::Unknown,
        },
        "end" => Action::End,
        "define" => Action::Define(rest.trim().trim_matches(['"', '`']).to_owned()),
        "range" | "with" | "block" => Action::Block,
        _ => {
            let assigned = written
                .split_once(":=")
                .filter(|(name, _)| name.starts_with('$') && !name.contains(['"', '(', '|']));
            match assigned {
                Some((name, value)) => expression(value)
                    .map_or(Action::Unknown, |value| Action::Assign(name.trim().to_owned(), value)),
                None => expression(written).map_or(Action::Unknown, Action::Write),
            }
        }
    }
}

/// A whole expression.
fn expression(written: &str) -> Option<Expr> {
    let tokens = tokens(written)?;
    let mut at = 0;
    let expr = pipeline(&tokens, &mut at, 0)?;
    (at == tokens.len()).then_some(expr)
}

/// `a | f b | g`: what stands before is the last argument of what follows.
fn pipeline(tokens: &[Token], at: &mut usize, depth: usize) -> Option<Expr> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut value: Option<Expr> = None;
    for _ in 0..MAX_DEPTH {
        let mut operands = Vec::new();
        while let Some(token) = tokens.get(*at) {
            match token {
                Token::Pipe | Token::Close => break,
                Token::Open => {
                    *at += 1;
                    let inner = pipeline(tokens, at, depth + 1)?;
                    if tokens.get(*at) != Some(&Token::Close) {
                        return None;
                    }
                    operands.push(Operand::Value(inner));
                }
                Token::Text(text) => operands.push(Operand::Value(Expr::Literal(text.clone()))),
                Token::Word(word) => operands.push(operand(word)),
            }
            *at += 1;
        }
        value = Some(command(operands, value)?);
        match tokens.get(*at) {
            Some(Token::Pipe) => *at += 1,
            _ => return value,
        }
    }
    None
}

enum Operand {
    Function(String),
    Value(Expr),
}

fn operand(word: &str) -> Operand {
    let keys = |path: &str| path.split('.').filter(|key| !key.is_empty()).map(ToOwned::to_owned).collect();
    if let Some(rest) = word.strip_prefix('$') {
        let (name, path) = rest.split_once('.').unwrap_or((rest, ""));
        return Operand::Value(if name.is_empty() {
            Expr::Path(keys(path))
        } else {
            Expr::Variable(format!("${name}"), keys(path))
        });
    }
    match word.strip_prefix('.') {
        Some(path) => Operand::Value(Expr::Path(keys(path))),
        None => Operand::Function(word.to_owned()),
    }
}

fn command(operands: Vec<Operand>, piped: Option<Expr>) -> Option<Expr> {
    let mut operands = operands.into_iter();
    match operands.next()? {
        Operand::Value(value) => (operands.next().is_none() && piped.is_none()).then_some(value),
        Operand::Function(name) => {
            let own = operands.map(|operand| match operand {
                Operand::Value(value) => Some(value),
                Operand::Function(_) => None,
            });
            let arguments: Option<Vec<Expr>> = own.chain(piped.map(Some)).collect();
            Some(Expr::Call(name, arguments?))
        }
    }
}

fn tokens(written: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = written.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '|' => (Token::Pipe, 1),
            '"' | '`' => {
                let inner = rest.get(1..)?;
                let end = inner.find(first)?;
                let text = inner.get(..end).filter(|text| !text.contains('\\'))?;
                (Token::Text(text.to_owned()), end + 2)
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"' | '`'));
                let word = rest.get(..end.unwrap_or(rest.len()))?;
                (Token::Word(word.to_owned()), word.len())
            }
        };
        tokens.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}
