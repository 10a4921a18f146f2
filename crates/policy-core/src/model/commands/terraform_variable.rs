//! Tags that a pipeline hands to Terraform, as `-var image_tag=…` or in `TF_VAR_image_tag`: Terraform deploys them.

use super::flags::Arguments;
use crate::model::delivery::Delivery;
use crate::model::image::ImageRole;
use crate::resolve::alternatives::Alternatives;
use crate::resolve::shell::Word;
use crate::resolve::{Origin, Text};
use crate::source::Span;

/// The tags among the variables of a `terraform` command.
pub(super) fn of_command(words: &[Word], user: &str, delivery: &mut Delivery) {
    for word in Arguments::parse(words, &["-var", "--var"]).values(&["-var", "--var"]) {
        let Some(first) = word.first() else { continue };
        let written = first.render('\u{1}');
        let Some(equals) = written.find('=') else { continue };
        let values = word.values.iter().map(|value| value.split_at(equals + 1).1).collect();
        add(written.get(..equals).unwrap_or_default(), &values, word.at, user, delivery);
    }
}

/// The tag in an environment variable that Terraform reads.
pub(in crate::model) fn of_environment(
    name: &str,
    values: &Alternatives,
    at: Span,
    user: &str,
    delivery: &mut Delivery,
) {
    if let Some(variable) = name.strip_prefix("TF_VAR_") {
        add(variable, values, at, user, delivery);
    }
}

fn add(variable: &str, values: &Alternatives, at: Span, user: &str, delivery: &mut Delivery) {
    let names_tag = ["image_tag", "container_tag", "docker_tag"].iter().any(|name| variable.ends_with(name));
    if !names_tag {
        return;
    }
    for tag in values.iter().filter(|tag| !tag.pieces().is_empty()) {
        let mut reference = Text::hole(Origin::Other("the image is named in Terraform".into()), at);
        reference.append(&Text::literal(":", at));
        reference.append(tag);
        delivery.image(&reference, at, ImageRole::Deployed, user);
    }
}
