//! A directive that names a rule there is none of.

use policy_core::config::nearest;
use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::rule::Directives;
use policy_core::source::Span;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    directives
        .all
        .iter()
        .flat_map(|judged| &judged.directive.rules)
        .filter(|(name, _)| !directives.known.contains(&name.as_str()))
        .map(|(name, at)| unknown_rule(name, *at, nearest(name, directives.known.iter().copied())))
        .collect()
}

fn unknown_rule(name: &str, at: Span, meant: Option<&str>) -> Finding {
    let finding = Finding::new(
        format!("This directive allows `{name}`, and there is no such rule"),
        Label::new(at, "names no rule"),
    );
    match meant {
        None => finding.help("`portcullis rules` lists all names"),
        Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(Fix {
            title: format!("name `{meant}`"),
            applicability: Applicability::Unsafe,
            edits: vec![Edit::Replace { span: at, text: meant.to_owned() }],
        }),
    }
}
