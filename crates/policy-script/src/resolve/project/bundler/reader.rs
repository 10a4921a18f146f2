//! Values of a bundler's configuration, followed through the names and the calls of small functions in it.

use std::cell::Cell;
use std::sync::Arc;

use policy_text::source::{FileId, RepoPath, Span};
use policy_text::value::{Origin, Text};

use crate::parse::syntax::{ExprId, ExprKind, FunctionId, Logic, Module, NameUse, Property};

/// How far a path in a configuration is followed through names and calls.
const MAX_DEPTH: usize = 12;

/// How many expressions are read off one configuration, counting one each time that something leads to it.
const FUEL: u32 = 100_000;

/// The longest path, in bytes, that an expression may give.
const MAX_PATH: usize = 4096;

/// A name that stands for a file or a folder.
#[derive(Debug)]
pub(super) struct Alias {
    pub(super) name: String,
    /// Relative names can mean the folder of the configuration or of the package.
    pub(super) targets: Vec<RepoPath>,
}

/// An expression that is replaced by a value: `process.env.API_URL`, `__WS_URL__`.
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) name: Arc<str>,
    pub(super) values: Vec<Text>,
}

impl Alias {
    /// What `specifier` names below the alias; empty for the alias itself.
    pub(super) fn rest<'n>(&self, specifier: &'n str) -> Option<&'n str> {
        let rest = specifier.strip_prefix(self.name.trim_end_matches(['/', '*', '$']))?;
        let below = rest.is_empty() || (rest.starts_with('/') && !self.name.ends_with('$'));
        below.then(|| rest.trim_start_matches('/'))
    }
}

/// Reads values off a configuration.
pub(super) struct Reader<'m> {
    file: FileId,
    module: &'m Module,
    /// What is left of [`FUEL`].
    fuel: Cell<u32>,
}

impl<'m> Reader<'m> {
    pub(super) fn new(file: FileId, module: &'m Module) -> Self {
        Self { file, module, fuel: Cell::new(FUEL) }
    }

    /// The entries of an `alias` table, or of a list of `{find, replacement}`.
    pub(super) fn aliases(&self, table: ExprId, folders: [&RepoPath; 2]) -> Vec<Alias> {
        let entry = |name: String, target: ExprId| {
            let path = self.path(target)?;
            let below = |folder: &RepoPath| folder.join(path.trim_start_matches('/'));
            Some(Alias { name, targets: folders.iter().filter_map(|folder| below(folder)).collect() })
        };
        match &self.module[self.definition(table)].kind {
            ExprKind::Object(properties) => literal_properties(properties)
                .filter_map(|(name, target)| entry(name.to_owned(), target))
                .collect(),
            ExprKind::Array(entries) => entries
                .iter()
                .filter_map(|item| {
                    let name = match &self.module[self.property(*item, "find")?].kind {
                        ExprKind::String(name) => name.to_string(),
                        ExprKind::Regex(pattern) => plain_prefix(pattern)?,
                        _ => return None,
                    };
                    entry(name, self.property(*item, "replacement")?)
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of a `define` table; those of `env` are variables of the environment and plain values.
    pub(super) fn constants(&self, table: ExprId, variables: bool) -> Vec<Constant> {
        let ExprKind::Object(properties) = &self.module[self.definition(table)].kind else {
            return Vec::new();
        };
        literal_properties(properties)
            .filter_map(|(name, value)| {
                let values = self.values(value, variables, MAX_DEPTH)?;
                let name = if variables { format!("process.env.{name}") } else { name.to_owned() };
                Some(Constant { name: name.into(), values })
            })
            .collect()
    }

    /// What an expression of a `define` table is replaced by. `None` where that cannot be read off.
    fn values(&self, expr: ExprId, plain: bool, depth: usize) -> Option<Vec<Text>> {
        let depth = self.step(depth)?;
        let expr = self.definition(expr);
        let at = Span::new(self.file, self.module[expr].range());
        match &self.module[expr].kind {
            ExprKind::String(text) => {
                // A string in the table is code: `'"ws://…"'` and `'8000'` give text, `'window.url'` does not.
                let inner = if plain || text.parse::<u64>().is_ok() {
                    Some(&**text)
                } else {
                    text.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']))
                };
                Some(vec![Text::literal(inner?, at)])
            }
            ExprKind::Number(number) => Some(vec![Text::literal(number.clone(), at)]),
            ExprKind::Call(callee, arguments) if self.module.last_name(*callee) == Some("stringify") => {
                self.values(*arguments.first()?, true, depth)
            }
            ExprKind::Member(object, name) if self.module.last_name(*object) == Some("env") => {
                Some(vec![Text::hole(Origin::Environment(name.clone()), at)])
            }
            ExprKind::Logical(Logic::Or | Logic::Coalesce, first, second) => {
                let mut values = self.values(*first, plain, depth)?;
                values.extend(self.values(*second, plain, depth)?);
                Some(values)
            }
            _ => None,
        }
    }

    /// The path that an expression gives, relative to the folder of the configuration.
    pub(super) fn path(&self, expr: ExprId) -> Option<String> {
        self.path_of(expr, &[], MAX_DEPTH)
    }

    fn path_of(&self, expr: ExprId, arguments: &[ExprId], depth: usize) -> Option<String> {
        let depth = self.step(depth)?;
        let follow = |expr: &ExprId| self.path_of(*expr, arguments, depth);
        match &self.module[expr].kind {
            ExprKind::String(text) => Some(text.to_string()),
            ExprKind::Concat(parts, _) => joined(parts.iter().map(follow), ""),
            ExprKind::Name(used) if matches!(&*used.name, "__dirname" | "__filename") => Some(".".to_owned()),
            ExprKind::Name(_) => {
                let value = self.definition(expr);
                if value == expr { None } else { self.path_of(value, arguments, depth) }
            }
            ExprKind::Parameter(_, index) => self.path_of(*arguments.get(*index)?, &[], depth),
            ExprKind::Member(object, name) => match &**name {
                "pathname" | "href" => follow(object),
                "dirname" | "url" if matches!(self.module[*object].kind, ExprKind::ImportMeta) => {
                    Some(".".to_owned())
                }
                _ => None,
            },
            ExprKind::New(callee, given) if self.module.last_name(*callee) == Some("URL") => {
                follow(given.first()?)
            }
            ExprKind::Call(callee, given) => match self.function(*callee) {
                Some(function) => self.path_of(self.module[function].returns.first()?.0, given, depth),
                None => match self.module.last_name(*callee)? {
                    "resolve" | "join" => joined(given.iter().map(follow), "/"),
                    "fileURLToPath" | "dirname" | "normalizePath" => follow(given.first()?),
                    "cwd" => Some(".".to_owned()),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    /// The depth that is left behind one more expression. `None` where nothing is, or the fuel is used up.
    fn step(&self, depth: usize) -> Option<usize> {
        self.fuel.set(self.fuel.get().checked_sub(1)?);
        depth.checked_sub(1)
    }

    /// The function of the configuration itself that a callee names.
    fn function(&self, callee: ExprId) -> Option<FunctionId> {
        match self.module[self.definition(callee)].kind {
            ExprKind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The expression that a name was given, where it was given one; else the expression itself.
    fn definition(&self, expr: ExprId) -> ExprId {
        let ExprKind::Name(NameUse { name, scope, .. }) = &self.module[expr].kind else {
            return expr;
        };
        let binding = self.module.lookup(name, *scope).map(|binding| &self.module[binding]);
        match binding.map(|binding| binding.definitions.as_slice()) {
            Some([only]) => only.value,
            _ => expr,
        }
    }

    fn property(&self, object: ExprId, name: &str) -> Option<ExprId> {
        match &self.module[object].kind {
            ExprKind::Object(properties) => {
                literal_properties(properties).find(|(own, _)| *own == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

/// The parts in a row. `None` where one is not known, or all are too long for a path.
fn joined(parts: impl Iterator<Item = Option<String>>, separator: &str) -> Option<String> {
    let mut path = String::new();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            path.push_str(separator);
        }
        path.push_str(&part?);
        if path.len() > MAX_PATH {
            return None;
        }
    }
    Some(path)
}

pub(super) fn literal_properties(properties: &[Property]) -> impl Iterator<Item = (&str, ExprId)> {
    properties.iter().filter_map(|property| match property {
        Property::Value(name, value) => Some((&**name, *value)),
        _ => None,
    })
}

/// The plain name that a regular expression such as `^@\/` stands for.
fn plain_prefix(pattern: &str) -> Option<String> {
    let plain = pattern.trim_start_matches('^').trim_end_matches("(.*)").replace("\\/", "/");
    let is_name = |c: char| c.is_ascii_alphanumeric() || "@~#/_-$".contains(c);
    plain.chars().all(is_name).then_some(plain)
}
