//! The tags that `docker/metadata-action` makes from its list of rules.

use super::action::{lines, listed};
use super::expression::interpolate;
use super::scope::Scope;
use crate::parse::embedded::Embedded;
use crate::parse::yaml::Node;
use crate::resolve::alternatives::{Alternatives, append};
use crate::resolve::{Origin, Text};
use crate::source::Span;

/// Each image with each tag. The `latest` that the action adds by itself on releases is left out: nobody wrote it.
pub(super) fn tags(inputs: Node<'_>, scope: &Scope) -> Alternatives {
    let list = |key: &str| inputs.get(key).and_then(Node::embedded);
    let images: Vec<Alternatives> = list("images")
        .map(|images| listed(&images).iter().map(|image| interpolate(image, scope)).collect())
        .unwrap_or_default();
    let rules = list("tags").map(|rules| lines(&rules)).unwrap_or_default();
    let mut tags: Vec<Text> = rules.iter().flat_map(|rule| tag(rule, scope)).collect();
    let flavor = list("flavor").map(|flavor| lines(&flavor)).unwrap_or_default();
    tags.extend(
        flavor
            .iter()
            .filter(|line| line.as_str() == "latest=true")
            .map(|line| Text::literal("latest", line.span(0..line.as_str().len()))),
    );
    let mut references = Vec::new();
    for image in &images {
        for tag in &tags {
            let Some(at) = tag.place() else { continue };
            let mut tagged = image.clone();
            append(&mut tagged, &[Text::literal(":", at)], at);
            append(&mut tagged, std::slice::from_ref(tag), at);
            references.extend(tagged);
        }
    }
    references
}

/// The tags of one rule: `type=raw,value=latest,enable={{is_default_branch}}`.
fn tag(rule: &Embedded, scope: &Scope) -> Alternatives {
    let fields = listed(rule);
    let field = |name: &str| {
        fields.iter().find_map(|field| {
            let value = field.as_str().strip_prefix(name)?.strip_prefix('=')?;
            let mut part = Embedded::new(field.file());
            part.push_from(field, field.as_str().len() - value.len()..field.as_str().len());
            Some(part)
        })
    };
    let at = rule.span(0..rule.as_str().len());
    if field("enable").is_some_and(|enable| enable.as_str() == "false") {
        return Vec::new();
    }
    let kind = field("type");
    match kind.as_ref().map_or("raw", Embedded::as_str) {
        "raw" => {
            let value = field("value").or_else(|| kind.is_none().then(|| rule.clone()));
            value
                .map(|value| interpolate(&value, scope).iter().map(|value| given(value, at)).collect())
                .unwrap_or_default()
        }
        "sha" | "schedule" => vec![Text::hole(Origin::Unique("commit".into()), at)],
        "semver" | "pep440" | "match" => vec![Text::hole(Origin::Unique("version".into()), at)],
        "edge" => vec![Text::literal("edge", at)],
        _ => vec![Text::hole(Origin::Parameter("github.ref_name".into()), at)],
    }
}

/// A tag that an expression gives. Where it gives rules of its own, as an input's default can, the tags are not known.
fn given(value: &Text, at: Span) -> Text {
    if value.render('\u{1}').contains("type=") {
        return Text::hole(Origin::Other("a list of rules".into()), at);
    }
    without_templates(value)
}

/// A value with the action's own templates, such as `{{sha}}` and `{{branch}}`, as holes.
fn without_templates(value: &Text) -> Text {
    let written = value.render('\u{1}');
    let Some(open) = written.find("{{") else { return value.clone() };
    let close =
        written.get(open..).and_then(|rest| rest.find("}}")).map_or(written.len(), |close| open + close + 2);
    let name = written.get(open + 2..close.saturating_sub(2)).unwrap_or_default().trim();
    let at = value.place();
    let origin = if name.contains("sha") || name.contains("date") {
        Origin::Unique(name.into())
    } else {
        Origin::Parameter(name.into())
    };
    let (mut text, rest) = (value.split_at(open).0, value.split_at(close).1);
    if let Some(at) = at {
        text.append(&Text::hole(origin, at));
    }
    text.append(&without_templates(&rest));
    text
}
