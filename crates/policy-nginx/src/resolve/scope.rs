//! What a block hands down to those in it: folders, headers, resolver, variables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use crate::model::Folder;
use crate::parse::{Directive, Word};

/// How many variables of one block are followed.
const MAX_VARIABLES: usize = 512;

/// How long the value of a variable may be, in bytes and in parts: one that holds another twice doubles it.
const LONGEST: usize = 1 << 14;
const MAX_PARTS: usize = 256;

/// The settings that count in a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) files: Option<Folder>,
    pub(super) headers: Arc<[(String, Text)]>,
    pub(super) http_version: Option<String>,
    pub(super) resolver: Option<Span>,
    pub(super) when_missing: Option<Text>,
    /// What `set` gives to variables; a hole where a condition decides it.
    variables: Arc<BTreeMap<String, Text>>,
}

impl Scope {
    /// The settings in `block`, which stands in a block with these. A list of headers replaces the one above altogether.
    pub(super) fn within(&self, block: &[Directive]) -> Self {
        let mut own = self.clone();
        own.set_variables(block);
        let mut headers = Vec::new();
        let mut when_missing = None;
        for directive in block {
            let argument = |index: usize| directive.argument(index);
            match (directive.name.text.as_str(), argument(0)) {
                ("root" | "alias", Some(path)) => {
                    own.files = Some(Folder { path: own.value(path).0, alias: directive.is("alias") });
                }
                ("proxy_set_header" | "grpc_set_header", Some(name)) => {
                    let value = argument(1).map(|value| own.value(value).0).unwrap_or_default();
                    headers.push((name.text.to_ascii_lowercase(), value));
                }
                ("proxy_http_version", Some(version)) => own.http_version = Some(version.text.clone()),
                ("resolver", Some(first)) => {
                    own.resolver = Some(directive.at).filter(|_| first.text != "off");
                }
                ("error_page", Some(_)) => {
                    if let [codes @ .., page] = directive.arguments.as_slice()
                        && codes.iter().any(|code| code.text == "404")
                    {
                        when_missing = Some(own.value(page).0);
                    }
                }
                _ => {}
            }
        }
        if !headers.is_empty() {
            own.headers = headers.into();
        }
        if block.iter().any(|directive| directive.is("error_page")) {
            own.when_missing = when_missing;
        }
        own
    }

    fn set_variables(&mut self, block: &[Directive]) {
        for directive in block {
            match (directive.name.text.as_str(), directive.arguments.as_slice()) {
                ("set", [name, value]) => {
                    let value = self.value(value).0;
                    self.set(name.text.trim_start_matches('$'), value);
                }
                ("if", _) => {
                    for inner in directive.body().iter().filter(|inner| inner.is("set")) {
                        let Some(name) = inner.argument(0) else { continue };
                        let name = name.text.trim_start_matches('$');
                        self.set(name, unknown(name, inner.at));
                    }
                }
                _ => {}
            }
        }
    }

    fn set(&mut self, name: &str, value: Text) {
        let variables = Arc::make_mut(&mut self.variables);
        let is_small = value.len() <= LONGEST && value.pieces().len() <= MAX_PARTS;
        if is_small && (variables.len() < MAX_VARIABLES || variables.contains_key(name)) {
            variables.insert(name.to_owned(), value);
        } else {
            variables.remove(name);
        }
    }

    /// The value of a word, and whether it has variables.
    pub(super) fn value(&self, word: &Word) -> (Text, bool) {
        let mut value = Text::empty();
        let mut has_variables = false;
        let mut rest = word.text.as_str();
        while let Some(at) = rest.find('$') {
            let (before, after) = rest.split_at(at);
            value.append(&Text::literal(before, word.at));
            let Some((name, end)) = variable(after) else {
                value.append(&Text::literal("$", word.at));
                rest = after.get(1..).unwrap_or_default();
                continue;
            };
            has_variables = true;
            match self.variables.get(name) {
                Some(known) => value.append(known),
                None => value.append(&unknown(name, word.at)),
            }
            rest = after.get(end..).unwrap_or_default();
        }
        value.append(&Text::literal(rest, word.at));
        (value, has_variables)
    }
}

fn unknown(name: &str, at: Span) -> Text {
    Text::hole(Origin::Other(Cow::Owned(format!("`${name}` has a value only while nginx runs"))), at)
}

/// The name of the variable that `text` begins with, and where it ends.
pub(super) fn variable(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix('$')?;
    if let Some(inner) = rest.strip_prefix('{') {
        let length = inner.find('}')?;
        return Some((inner.get(..length)?, length + 3));
    }
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = rest.get(..length).filter(|name| !name.is_empty())?;
    Some((name, length + 1))
}

/// Whether anything may stand where this directive does: an include that nobody can follow, or a part of a template.
pub(super) fn is_gap(directive: &Directive) -> bool {
    directive.is("include")
        || !directive.name.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || directive.name.text.contains(['$', '{', '<', '%'])
}
