//! A directive that names a rule there is none of.

use std::collections::HashMap;

use policy_core::config::nearest;
use policy_core::directive::MAX_NAMES;
use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::rule::Directives;
use policy_core::source::Span;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    let mut meant = HashMap::new();
    let mut findings = Vec::new();
    for directive in directives.all.iter().map(|judged| &judged.directive) {
        for (name, at) in &directive.rules {
            if !directives.known.contains(&name.as_str()) {
                let meant =
                    meant.entry(name).or_insert_with(|| nearest(name, directives.known.iter().copied()));
                findings.push(unknown_rule(name, *at, *meant));
            }
        }
        findings.extend(directive.unread.map(too_many_names));
    }
    findings
}

fn too_many_names(at: Span) -> Finding {
    Finding::new(
        format!("this directive names more than {MAX_NAMES} rules, and there are not so many"),
        Label::new(at, "these names are not read"),
    )
    .help("`portcullis rules` lists all names")
}

fn unknown_rule(name: &str, at: Span, meant: Option<&str>) -> Finding {
    let finding = Finding::new(
        format!("this directive allows `{name}`, and there is no such rule"),
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
