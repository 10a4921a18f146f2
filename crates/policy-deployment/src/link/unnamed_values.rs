//! Files of values that Terraform loads only when they are named: a run without them takes the defaults of variables.

use std::collections::BTreeSet;

use memchr::memmem;
use policy_docker::image;
use policy_terraform::parse::Role;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::{Piece, Provenance, Text};
use rayon::prelude::*;

use super::variable_value::{VariableValue, VariableValues};
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::image::{Caveat, ImageRole, ImageUse};

/// The flag that names a file of values. Where the repository writes it anywhere, its people know.
const FLAG: &str = "-var-file";

/// What moves.
const LATEST: &str = "latest";

/// The images that `deployed` run where nobody names the file of values that gives their tag: those whose variable is
/// `latest` by default.
pub(super) fn images(
    deployed: &[ImageUse],
    roots: &[AwsRoot],
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> Vec<ImageUse> {
    let has_values = parsed.terraform.iter().any(|(_, file)| file.role == Role::Values);
    if !has_values || deployed.is_empty() {
        return Vec::new();
    }
    let values = VariableValues::of(roots, parsed, sources, |_| true);
    let mut seen: BTreeSet<(Span, Span)> = BTreeSet::new();
    let stays = |image: &&ImageUse| !matches!(image.caveat, Some((Caveat::Replaced, _)));
    let images = deployed.iter().filter(|image| image.role == ImageRole::Deployed).filter(stays);
    let without: Vec<ImageUse> = images
        .filter_map(|image| {
            let (default, given_in) = default_of(image, &values, sources)?;
            let reference = with_default(&image.reference, &values, default);
            (image::is_latest(&reference) && seen.insert((image.at, default.at))).then(|| ImageUse {
                reference,
                caveat: Some((Caveat::WithoutValues(default.name.to_owned()), given_in)),
                ..image.clone()
            })
        })
        .collect();
    if without.is_empty() || is_named_somewhere(sources) { Vec::new() } else { without }
}

/// The default that stands behind the value which a named file gives to a part of the image, and that value.
fn default_of<'p>(
    image: &ImageUse,
    values: &VariableValues<'p>,
    sources: &Sources<'_>,
) -> Option<(VariableValue<'p>, Span)> {
    image.reference.pieces().iter().find_map(|piece| {
        let Piece::Literal(_, from) = piece else { return None };
        let given = values.at(from.at).filter(|value| value.role == Role::Values)?;
        if is_loaded_by_itself(sources.path(given.at.file)) {
            return None;
        }
        let default = values.default_of(given.name, |at| is_latest(at, sources))?;
        Some((default, given.at))
    })
}

fn is_loaded_by_itself(path: &RepoPath) -> bool {
    let name = path.file_name();
    let name = name.strip_suffix(".json").unwrap_or(name);
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

fn is_latest(at: Span, sources: &Sources<'_>) -> bool {
    let Ok(decoded) = sources.read(at.file) else { return false };
    decoded.text.get(at.range()).is_some_and(|value| value.trim_matches('"') == LATEST)
}

/// The reference with `default` in the place of what a file of values gives the same variable.
fn with_default(reference: &Text, values: &VariableValues<'_>, default: VariableValue<'_>) -> Text {
    let mut text = Text::empty();
    for piece in reference.pieces() {
        match piece {
            Piece::Literal(_, from) if values.at(from.at).is_some_and(|value| value.name == default.name) => {
                text.push(Piece::Literal(LATEST.into(), Provenance::at(default.at)));
            }
            piece => text.push(piece.clone()),
        }
    }
    text
}

/// Whether a pipeline, a script or a page of documentation names files of values.
fn is_named_somewhere(sources: &Sources<'_>) -> bool {
    let files: Vec<FileId> = sources.files().map(|(file, _)| file).collect();
    let finder = memmem::Finder::new(FLAG);
    files.par_iter().any(|&file| {
        let text = sources.read_handwritten(file).ok().flatten();
        text.is_some_and(|text| finder.find(text.as_bytes()).is_some())
    })
}
