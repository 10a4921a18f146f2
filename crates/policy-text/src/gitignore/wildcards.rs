//! Patterns with stars, question marks and classes, compared as git's `wildmatch` does.

use super::Effort;

/// A pattern that has to be compared, component by component.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// What stands before the first wildcard. Git compares it by itself, and what follows as if it began there.
    start: Box<[u8]>,
    /// What follows; nothing matches where there is none.
    components: Vec<Component>,
}

#[derive(Clone, Debug)]
enum Component {
    /// `**`: any number of components.
    Any,
    /// A glob of one component, as it is written.
    Glob(Box<[u8]>),
}

impl Pattern {
    pub(super) fn parse(pattern: &[u8]) -> Self {
        let wildcard = pattern.iter().position(|byte| b"*?[\\".contains(byte));
        let (start, rest) = pattern.split_at(wildcard.unwrap_or(pattern.len()));
        Self { start: start.into(), components: components(rest).unwrap_or_default() }
    }

    /// What the pattern matches, if that is one text.
    pub(super) fn literal(pattern: &[u8]) -> Option<Box<[u8]>> {
        if pattern.iter().any(|byte| b"*?[".contains(byte)) {
            return None;
        }
        let mut literal = Vec::with_capacity(pattern.len());
        let mut rest = pattern.iter();
        while let Some(&byte) = rest.next() {
            // A backslash at the end is compared as no text can be; as itself it is as rare.
            literal.push(if byte == b'\\' { *rest.next().unwrap_or(&byte) } else { byte });
        }
        Some(literal.into())
    }

    /// The `.ending` of a pattern that is a star and this.
    pub(super) fn ending(pattern: &[u8]) -> Option<Box<[u8]>> {
        let ending = pattern.strip_prefix(b"*").filter(|rest| rest.starts_with(b"."))?;
        Self::literal(ending)
    }

    pub(super) fn matches_name(&self, name: &[u8], effort: &mut Effort) -> bool {
        match (name.strip_prefix(&*self.start), self.components.as_slice()) {
            (Some(name), [Component::Glob(glob)]) => component_matches(glob, name, effort).unwrap_or(false),
            (Some(_), [Component::Any]) => true,
            _ => false,
        }
    }

    pub(super) fn matches_path(&self, path: &[u8], effort: &mut Effort) -> bool {
        let path = path.strip_prefix(&*self.start).filter(|_| !self.components.is_empty());
        path.and_then(|path| self.path_matches(path, effort)).unwrap_or(false)
    }

    /// Goes through pattern and path together. Where they part, the last `**` takes one component more: an earlier one need
    /// not, as what stood between was matched as early as it can be.
    fn path_matches(&self, path: &[u8], effort: &mut Effort) -> Option<bool> {
        let (mut pattern, mut path) = (self.components.as_slice(), Some(path));
        let mut retry = None;
        loop {
            effort.step()?;
            match (pattern.split_first(), path) {
                (None, None) => return Some(true),
                // `a/**` is what lies in the folder, not the folder.
                (Some((Component::Any, [])), left) => return Some(left.is_some()),
                (Some((Component::Any, after)), _) => {
                    pattern = after;
                    retry = Some((after, path));
                    continue;
                }
                (Some((Component::Glob(glob), after)), Some(left)) => {
                    let (name, below) = first_component(left);
                    if component_matches(glob, name, effort)? {
                        (pattern, path) = (after, below);
                        continue;
                    }
                }
                (None, Some(_)) | (Some(_), None) => {}
            }
            let Some((after, Some(from))) = retry else { return Some(false) };
            let (_, below) = first_component(from);
            retry = Some((after, below));
            (pattern, path) = (after, below);
        }
    }
}

/// The components of a pattern. `None` where a class is not closed.
fn components(pattern: &[u8]) -> Option<Vec<Component>> {
    let component = |part: &[u8]| if part == b"**" { Component::Any } else { Component::Glob(part.into()) };
    let mut components = Vec::new();
    let (mut part, mut rest) = (pattern, pattern);
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'/' => {
                components.push(component(part.get(..part.len() - rest.len())?));
                part = after;
                after
            }
            // A slash in a class parts nothing.
            b'[' => after_class(after)?,
            b'\\' => after.get(1..).unwrap_or_default(),
            _ => after,
        };
    }
    components.push(component(part));
    Some(components)
}

/// The first component of a path, and what follows its slash.
fn first_component(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = path.splitn(2, |&byte| byte == b'/');
    (parts.next().unwrap_or_default(), parts.next())
}

/// Whether `glob` matches the whole of `name`. Where they part, the last star takes one character more.
fn component_matches(glob: &[u8], name: &[u8], effort: &mut Effort) -> Option<bool> {
    let (mut glob, mut name) = (glob, name);
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        effort.step()?;
        if let Some(after) = glob.strip_prefix(b"*") {
            if after.is_empty() {
                return Some(true);
            }
            retry = Some((after, name));
            glob = after;
            continue;
        }
        match name.split_first() {
            None if glob.is_empty() => return Some(true),
            // A star that takes more leaves less to the rest.
            None => return Some(false),
            Some((&byte, left)) => {
                if let Some(after) = one_matches(glob, byte, effort) {
                    (glob, name) = (after, left);
                    continue;
                }
            }
        }
        let Some((after, [_, left @ ..])) = retry else { return Some(false) };
        retry = Some((after, left));
        (glob, name) = (after, left);
    }
}

/// What of `glob` is left after it matched `byte`.
fn one_matches<'g>(glob: &'g [u8], byte: u8, effort: &mut Effort) -> Option<&'g [u8]> {
    match glob {
        [b'?', rest @ ..] => Some(rest),
        [b'[', class @ ..] => class_matches(class, byte, effort),
        [b'\\', written, rest @ ..] | [written, rest @ ..] => (*written == byte).then_some(rest),
        [] => None,
    }
}

/// What follows a class that `byte` is in. A class that is never closed matches nothing.
fn class_matches<'g>(class: &'g [u8], byte: u8, effort: &mut Effort) -> Option<&'g [u8]> {
    let (is_negated, mut rest) = match class {
        [b'!' | b'^', rest @ ..] => (true, rest),
        _ => (false, class),
    };
    let mut is_in = false;
    let mut is_first = true;
    loop {
        effort.take();
        match rest {
            [] => return None,
            [b']', after @ ..] if !is_first => return (is_in != is_negated).then_some(after),
            [b'[', b':', named @ ..] if let Some((set, after)) = named_set(named) => {
                is_in |= set(byte);
                rest = after;
            }
            _ => {
                let (low, after) = class_byte(rest)?;
                rest = after;
                let end = rest.strip_prefix(b"-").filter(|end| !end.starts_with(b"]"));
                let high = match end.and_then(class_byte) {
                    Some((high, after)) => {
                        rest = after;
                        high
                    }
                    None => low,
                };
                is_in |= (low..=high).contains(&byte);
            }
        }
        is_first = false;
    }
}

/// What follows a class, whatever is in it. `None` where it is not closed.
fn after_class(class: &[u8]) -> Option<&[u8]> {
    let mut rest = class.strip_prefix(b"!").or_else(|| class.strip_prefix(b"^")).unwrap_or(class);
    let mut is_first = true;
    loop {
        rest = match rest {
            [b']', after @ ..] if !is_first => return Some(after),
            [b'[', b':', named @ ..] if let Some((_, after)) = named_set(named) => after,
            _ => class_byte(rest)?.1,
        };
        is_first = false;
    }
}

/// A byte of a class, which a backslash may stand before, and what follows.
fn class_byte(class: &[u8]) -> Option<(u8, &[u8])> {
    match class {
        [b'\\', byte, rest @ ..] | [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

/// A set of characters that has a name.
type Set = fn(u8) -> bool;

/// The set of `[:name:]`, and what follows it.
fn named_set(named: &[u8]) -> Option<(Set, &[u8])> {
    let sets: [(&str, Set); 12] = [
        ("alnum:]", |byte| byte.is_ascii_alphanumeric()),
        ("alpha:]", |byte| byte.is_ascii_alphabetic()),
        ("blank:]", |byte| b" \t".contains(&byte)),
        ("cntrl:]", |byte| byte.is_ascii_control()),
        ("digit:]", |byte| byte.is_ascii_digit()),
        ("graph:]", |byte| byte.is_ascii_graphic()),
        ("lower:]", |byte| byte.is_ascii_lowercase()),
        ("print:]", |byte| (b' '..=b'~').contains(&byte)),
        ("punct:]", |byte| byte.is_ascii_punctuation()),
        ("space:]", |byte| byte.is_ascii_whitespace() || byte == b'\x0b'),
        ("upper:]", |byte| byte.is_ascii_uppercase()),
        ("xdigit:]", |byte| byte.is_ascii_hexdigit()),
    ];
    sets.into_iter().find_map(|(name, set)| Some((set, named.strip_prefix(name.as_bytes())?)))
}
