//! Variables of Terraform whose values a pipeline gives: what files say of them is not what runs.

use std::collections::{BTreeMap, BTreeSet};

use policy_docker::image;
use policy_terraform::parse::Role;
use policy_text::source::{FileId, Sources};
use policy_text::value::{Origin, Piece, Text};
use policy_text::yaml::{Node, Yaml};

use super::variable_value::{VariableValue, VariableValues};
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::image::{ImageRole, ImageUse};

/// Which values give way to what a pipeline gives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    /// In `TF_VAR_tag`: the default does.
    InEnvironment,
    /// As `-var tag=…`, or in a file of values that is written there: files of values do, too.
    OnCommandLine,
}

/// Leaves open what a pipeline gives: the `latest` of an image that a default or a file of values decides and the pipeline
/// overrides.
pub(super) fn leave_open(images: &mut [ImageUse], roots: &[AwsRoot], parsed: &Parsed, sources: &Sources<'_>) {
    let moves = |used: &ImageUse| used.role == ImageRole::Deployed && image::is_latest(&used.reference);
    let moving = images.iter().filter(|image| moves(image));
    let files: BTreeSet<FileId> =
        moving.filter_map(|image| Some(image.reference.last_literal()?.at.file)).collect();
    let values = VariableValues::of(roots, parsed, sources, |file| files.contains(&file));
    let mut given = BTreeMap::new();
    for image in images.iter_mut().filter(|image| moves(image)) {
        let Some(from) = image.reference.last_literal() else { continue };
        let Some(VariableValue { name, role, .. }) = values.at(from.at) else { continue };
        let given = *given.entry(name).or_insert_with(|| how_given(name, parsed));
        if overrides(given, role) {
            image.reference = opened(&image.reference, &values, name);
        }
    }
}

/// Whether a pipeline or a script ever gives Terraform another value for the variable than this one.
pub(super) fn is_overridden(value: VariableValue<'_>, parsed: &Parsed) -> bool {
    overrides(how_ever_given(value.name, parsed), value.role)
}

fn overrides(given: Option<Given>, role: Role) -> bool {
    match role {
        Role::Configuration => given.is_some(),
        Role::Values => given == Some(Given::OnCommandLine),
    }
}

/// The reference with a hole for each part that the variable `name` holds.
fn opened(reference: &Text, values: &VariableValues<'_>, name: &str) -> Text {
    let mut opened = Text::empty();
    for piece in reference.pieces() {
        match piece {
            Piece::Literal(_, from) if values.at(from.at).is_some_and(|value| value.name == name) => {
                let origin = Origin::Other("a pipeline gives Terraform its value".into());
                opened.append(&Text::hole(origin, from.at));
            }
            piece => opened.push(piece.clone()),
        }
    }
    opened
}

/// How anything in the repository gives the variable another value than `latest`, if nothing leaves it to the default.
fn how_given(name: &str, parsed: &Parsed) -> Option<Given> {
    let mut shell = parsed.shell.iter().map(|(_, script)| script.text.as_str());
    // A script that applies without the variable leaves it to the default, whatever pipelines do.
    let applies_without =
        |text: &str| text.contains("terraform") && text.contains(" apply") && !text.contains(name);
    if shell.any(applies_without) { None } else { how_ever_given(name, parsed) }
}

/// How anything in the repository gives the variable another value than `latest`.
fn how_ever_given(name: &str, parsed: &Parsed) -> Option<Given> {
    let variable = format!("TF_VAR_{name}");
    let set_by_make = parsed.makefiles.iter().flat_map(|(_, file)| &file.variables);
    let set_by_jenkins = parsed.jenkinsfiles.iter().any(|(_, file)| file.values.contains_key(&*variable));
    let set = set_by_jenkins || set_by_make.into_iter().any(|(set, _)| *set == *variable);
    let gives = |node: Node<'_>| {
        let value = node.get(&variable)?;
        (!is_latest(value.as_str().unwrap_or_default())).then_some(Given::InEnvironment)
    };
    let texts = parsed.texts_of_commands().filter_map(|text| in_text(text, name));
    let entries = parsed.pipelines().flat_map(Yaml::nodes).filter_map(gives);
    texts.chain(entries).chain(set.then_some(Given::InEnvironment)).max()
}

/// How a text of commands gives the variable its value.
fn in_text(text: &str, name: &str) -> Option<Given> {
    let writes_values = text.contains("tfvars");
    let places = text.match_indices(name).filter_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + name.len()..)?);
        let value = behind.trim_start_matches([' ', '\t']).strip_prefix('=')?;
        if is_latest(value) {
            return None;
        }
        if behind.starts_with('=') && before.ends_with("TF_VAR_") {
            return Some(Given::InEnvironment);
        }
        let begins_word =
            !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let flag = before.trim_end_matches([' ', '\t', '"', '\'', '\\', '\n', '=']);
        let is_flag = behind.starts_with('=') && flag.ends_with("-var") && flag.len() < before.len();
        (begins_word && (is_flag || writes_values)).then_some(Given::OnCommandLine)
    });
    places.max()
}

/// Whether a value is `latest` as well: then nothing else runs.
fn is_latest(value: &str) -> bool {
    let value = value.trim_start_matches([' ', '\t', '"', '\'', '\\']);
    value
        .strip_prefix("latest")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_a_file_and_the_environment_give_values() {
        for text in [
            "terraform apply -var tag=$SHA",
            "terraform apply -var=\"tag=$SHA\"",
            "terraform apply \\\n  -var 'tag=$(TAG)'",
            "echo \"tag = \\\"$SHA\\\"\" > ci.auto.tfvars",
        ] {
            assert!(in_text(text, "tag") == Some(Given::OnCommandLine), "{text}");
        }
        assert!(in_text("export TF_VAR_tag=$SHA", "tag") == Some(Given::InEnvironment));
    }

    #[test]
    fn another_name_a_comparison_and_latest_give_none() {
        for text in [
            "terraform apply -var image_tag=$SHA",
            "terraform apply -var tag_prefix=x",
            "terraform apply -var tag=latest",
            "tag=$SHA; terraform apply",
            "TF_VAR_tag=latest terraform apply",
        ] {
            assert!(in_text(text, "tag").is_none(), "{text}");
        }
    }
}
