//! Templates that the entry point of nginx's image fills: `${NAME}` from the variables of the container.

use policy_text::embedded::Embedded;
use policy_text::source::Span;

/// A variable that a template uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Its name.
    pub name: String,
    /// Where the template has it.
    pub at: Span,
}

/// Fills the template: each variable that is set gives its value, and the others stay as they are, since they are nginx's
/// own. Returns the text, which has its places in the template, and the variables that were filled.
pub fn filled<'v>(
    template: &Embedded,
    value: impl Fn(&str) -> Option<&'v str>,
) -> (Embedded, Vec<Placeholder>) {
    let text = template.as_str();
    let mut result = Embedded::new(template.file());
    let mut used = Vec::new();
    let mut from = 0;
    let mut next = 0;
    while let Some(found) = text.get(next..).and_then(|rest| rest.find('$')) {
        let start = next + found;
        next = start + 1;
        let Some((name, end)) = name_at(text, next) else { continue };
        let Some(value) = value(name) else { continue };
        let at = template.span(start..end);
        result.push_from(template, from..start);
        result.push_for(value, at);
        used.push(Placeholder { name: name.to_owned(), at });
        from = end;
        next = end;
    }
    result.push_from(template, from..text.len());
    (result, used)
}

/// The names of all that may be variables of the container, in their order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| name_at(text, at + 1).map(|(name, _)| name))
}

/// The name of the variable whose `$` stands before `start`, and where it ends.
fn name_at(text: &str, start: usize) -> Option<(&str, usize)> {
    let rest = text.get(start..)?;
    let (inner, braces) = rest.strip_prefix('{').map_or((rest, false), |inner| (inner, true));
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    let name = inner.get(..length)?;
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !braces {
        return Some((name, start + length));
    }
    inner.get(length..)?.starts_with('}').then_some((name, start + length + 2))
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    #[test]
    fn variables_that_are_set_are_filled_and_others_are_nginxs() {
        let template =
            Embedded::whole(FileId(0), "proxy_pass ${API}:$PORT$uri;\nset $x '${UNSET}$1${API';\n");
        let set = |name: &str| match name {
            "API" => Some("http://api"),
            "PORT" => Some("80"),
            _ => None,
        };
        let (text, used) = filled(&template, set);
        assert_eq!(text.as_str(), "proxy_pass http://api:80$uri;\nset $x '${UNSET}$1${API';\n");
        let used: Vec<_> = used.iter().map(|used| (used.name.as_str(), used.at.range())).collect();
        assert_eq!(used, [("API", 11..17), ("PORT", 18..23)]);
        assert_eq!(text.span(11..21).range(), 11..17);
    }
}
