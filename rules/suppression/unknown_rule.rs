//! A directive that names a rule which does not exist.

use std::collections::HashMap;

use policy_core::RuleId;
use policy_core::config::nearest;
use policy_core::directive::MAX_NAMES;
use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::rule::Directives;
use policy_core::source::Span;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    let known: Vec<String> = directives.known.iter().map(ToString::to_string).collect();
    let mut meant = HashMap::new();
    let mut findings = Vec::new();
    for directive in directives.all.iter().map(|judged| &judged.directive) {
        for (name, at) in &directive.rules {
            if !directives.known.iter().any(|id| *id == **name) {
                let meant =
                    meant.entry(name).or_insert_with(|| nearest(name, known.iter().map(String::as_str)));
                let family = directives.known.iter().find(|id| id.family.name() == name);
                findings.push(match family {
                    Some(rule) => family_of(*rule, *at),
                    None => unknown_rule(name, *at, *meant),
                });
            }
        }
        findings.extend(directive.unread.map(too_many_names));
    }
    findings
}

fn too_many_names(at: Span) -> Finding {
    Finding::new(
        format!("this `allow` comment names more than {MAX_NAMES} rules, and the rest are ignored"),
        Label::new(at, "these names are ignored"),
    )
    .help("name fewer rules; `portcullis rules` lists all of them")
}

fn family_of(rule: RuleId, at: Span) -> Finding {
    let family = rule.family;
    Finding::new(
        format!("this comment allows `{family}`, which is a family of rules: a comment allows single rules"),
        Label::new(at, "this is a family"),
    )
    .help(format!(
        "name the rule, such as `{rule}`; `portcullis explain {family}` lists them, and `portcullis.toml` sets the \
         severity of a family"
    ))
}

fn unknown_rule(name: &str, at: Span, meant: Option<&str>) -> Finding {
    let finding = Finding::new(
        format!("this comment allows `{name}`, but there is no such rule"),
        Label::new(at, "no rule has this name"),
    );
    match meant {
        None => finding.help("use the name of a rule; `portcullis rules` lists them"),
        Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(Fix {
            title: format!("name `{meant}`"),
            applicability: Applicability::Unsafe,
            edits: vec![Edit::Replace { span: at, text: meant.to_owned() }],
        }),
    }
}
