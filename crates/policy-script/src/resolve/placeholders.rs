//! Places in a text that are filled in before a browser sees it: by the templates of a server, by a step of the deployment.

use std::sync::LazyLock;

use policy_text::source::Span;
use policy_text::value::{Origin, Text};
use regex::Regex;

/// `{{ host }}`, `{% url %}`, `<%= host %>`, `${HOST}` in a text that is no template, `__HOST__`, `%HOST%`.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[A-Za-z0-9_]+\}|__[A-Z][A-Z0-9_]*?__|%[A-Z][A-Z_]{2,}%")
        .ok()
});

/// A literal with a hole for each of its placeholders.
pub(super) fn literal(text: &str, at: Span) -> Text {
    let whole = Text::literal(text, at);
    if !text.contains(['{', '%', '_']) {
        return whole;
    }
    let Some(pattern) = PLACEHOLDER.as_ref() else { return whole };
    let mut filled = Text::empty();
    let (mut rest, mut seen) = (whole, 0);
    for found in pattern.find_iter(text) {
        let (before, after) = rest.split_at(found.start() - seen);
        filled.append(&before);
        filled.append(&Text::hole(Origin::Other("a template fills it in".into()), at));
        rest = after.split_at(found.len()).1;
        seen = found.end();
    }
    filled.append(&rest);
    filled
}
