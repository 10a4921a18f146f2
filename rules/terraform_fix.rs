//! Fixes of Terraform: an argument put into a block, or one value in the place of another.
//!
//! None is safe: what the configuration builds changes.

use policy_core::finding::{Applicability, Edit, Fix};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::Provenance;

/// Puts `lines` at the end of the resource with this head, where it is written as `terraform fmt` writes it.
pub(crate) fn insert(context: &Context<'_>, head: Span, title: &str, lines: &[&str]) -> Option<Fix> {
    let text = context.text(head.file)?;
    let first = text.line_of(head.start as usize);
    let line = |number: usize| text.slice(text.line_range(number));
    let indent = line(first).strip_suffix(line(first).trim_start())?;
    if !line(first).trim_start().starts_with("resource ") || !line(first).trim_end().ends_with('{') {
        return None;
    }
    let close = format!("{indent}}}");
    let last = (first + 1..=text.line_count()).find(|&number| line(number) == close)?;
    let at = text.line_range(last).start;
    let end = if text.as_str().contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if last == first + 1 { "" } else { end };
    let lines = lines.iter().map(|line| format!("{indent}  {line}{end}"));
    let edit = Edit::Replace {
        span: Span::new(head.file, at..at),
        text: lines.fold(gap.to_owned(), |text, line| text + &line),
    };
    Some(unsafe_fix(title, edit))
}

/// Puts `new` in the place of the value `old`, where that is written in the block itself: elsewhere it may mean more.
pub(crate) fn replace(context: &Context<'_>, from: &Provenance, old: &str, new: &str) -> Option<Fix> {
    let text = context.text(from.at.file)?;
    let written = text.slice(from.at.range());
    let value = written.trim_matches('"');
    if from.steps().next().is_some() || value != old {
        return None;
    }
    let edit = Edit::Replace { span: from.at, text: written.replacen(old, new, 1) };
    Some(unsafe_fix(&format!("write `{new}`"), edit))
}

fn unsafe_fix(title: &str, edit: Edit) -> Fix {
    Fix { title: title.to_owned(), applicability: Applicability::Unsafe, edits: vec![edit] }
}
