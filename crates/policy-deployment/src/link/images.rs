//! Every place that names an image: those that builds and commands name, those that Dockerfiles start from, and those that
//! infrastructure deploys.

use policy_docker::build::BuildRequest;
use policy_text::source::Sources;

use super::{base_image, given_variable, task_definition_file, unnamed_values};
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::image::ImageUse;
use crate::model::outsiders::Outsiders;
use crate::read;

/// All of them: those `named` already, and what `builds` start from and `roots` deploy, with what `outsiders` replace.
pub(super) fn images(
    named: Vec<ImageUse>,
    builds: &[BuildRequest],
    roots: &[AwsRoot],
    outsiders: Outsiders,
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> Vec<ImageUse> {
    let mut deployed = read::deployed_image::read(roots, outsiders);
    given_variable::leave_open(&mut deployed, roots, parsed, sources);
    let without_values = unnamed_values::images(&deployed, roots, parsed, sources);
    let mut images = named;
    images.extend(base_image::images(builds, parsed, sources));
    images.extend(deployed);
    images.extend(without_values);
    images.extend(task_definition_file::images(&images, parsed, sources));
    images
}
