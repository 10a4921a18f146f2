//! The tags that `docker/metadata-action` makes from its list of rules.

use policy_text::value::alternatives::{Alternatives, append};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

use super::action::{lines, listed};
use super::expression::interpolate;
use super::scope::Scope;
use crate::model::image::RELEASE_VERSION;

/// How many references a list of images and one of tags may come to.
const MAX_TAGGED: usize = 10_000;

/// Each image with each tag. The `latest` that the action adds by itself on releases is left out: nobody wrote it.
pub(super) fn tags(inputs: Node<'_>, scope: &Scope) -> Alternatives {
    let list = |key: &str| inputs.get(key).and_then(Node::embedded);
    let images: Vec<Alternatives> = list("images")
        .map(|images| listed(&images).iter().map(|image| interpolate(image, scope)).collect())
        .unwrap_or_default();
    let rules = list("tags").map(|rules| lines(&rules)).unwrap_or_default();
    // An expression can stand for several rules.
    let rules = rules.iter().flat_map(|line| interpolate(line, scope)).flat_map(|rules| rules.items(&['\n']));
    let mut tags: Vec<Text> =
        rules.filter(|rule| !rule.starts_with("#")).filter_map(|rule| tag(&rule)).collect();
    let flavor = list("flavor").map(|flavor| lines(&flavor)).unwrap_or_default();
    tags.extend(
        flavor
            .iter()
            .filter(|line| line.as_str() == "latest=true")
            .map(|line| Text::literal("latest", line.span(0..line.as_str().len()))),
    );
    tags.truncate(MAX_TAGGED / images.len().max(1));
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

/// The tag of one rule: `type=raw,value=latest,enable={{is_default_branch}}`.
fn tag(rule: &Text) -> Option<Text> {
    let fields = rule.items(&[',']);
    let field = |name: &str| fields.iter().find_map(|field| field.strip_prefix(name)?.strip_prefix("="));
    let at = rule.place()?;
    if field("enable").is_some_and(|enable| enable.known().as_deref() == Some("false")) {
        return None;
    }
    // A field without a name is the value.
    let bare = || fields.iter().find(|field| !field.contains('=')).cloned();
    let unique = |name: &'static str| Text::hole(Origin::Unique(name.into()), at);
    let kind = field("type").map(|kind| kind.to_string());
    let tag = match kind.as_deref() {
        None | Some("raw") => without_templates(&field("value").or_else(bare)?),
        Some("sha") => unique("commit"),
        Some("schedule") => unique("date"),
        Some("semver" | "pep440" | "match") => unique(RELEASE_VERSION),
        Some("edge") => Text::literal("edge", at),
        Some(_) => Text::hole(Origin::Parameter("github.ref_name".into()), at),
    };
    let before = match (field("prefix"), kind.as_deref()) {
        (Some(prefix), _) => without_templates(&prefix),
        (None, Some("sha")) => Text::literal("sha-", at),
        (None, _) => Text::empty(),
    };
    let mut whole = before;
    whole.append(&tag);
    if let Some(suffix) = field("suffix") {
        whole.append(&without_templates(&suffix));
    }
    Some(whole)
}

/// How many templates of the action one tag may have.
const MAX_TEMPLATES: usize = 16;

/// A value with the action's own templates, such as `{{sha}}` and `{{branch}}`, as holes.
fn without_templates(value: &Text) -> Text {
    let mut text = Text::empty();
    let mut rest = value.clone();
    for _ in 0..MAX_TEMPLATES {
        let Some((before, template)) = rest.split_once("{{") else { break };
        let (name, behind) = template.split_once("}}").unwrap_or((template, Text::empty()));
        let written = name.trim().to_string().into();
        let origin = if name.contains("sha") || name.contains("date") {
            Origin::Unique(written)
        } else {
            Origin::Parameter(written)
        };
        text.append(&before);
        if let Some(at) = value.place() {
            text.append(&Text::hole(origin, at));
        }
        rest = behind;
    }
    text.append(&rest);
    text
}
