//! Tags and images that a pipeline hands to Terraform, as `-var image_tag=…` or in `TF_VAR_image_tag`: Terraform deploys them.

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_text::Unresolved;
use policy_text::source::Span;
use policy_text::value::alternatives::Alternatives;
use policy_text::value::{Origin, Text};

use super::caller::Caller;
use super::row::Call;
use crate::found::Found;
use crate::image_names::{self, Holds};
use crate::model::image::{ImageRole, ImageUse};

/// The flags that give a variable its value.
pub(super) const FLAGS: &[&str] = &["-var", "--var"];

/// What keeps a run to some resources and what they need.
pub(super) const TARGETS: &[&str] = &["-target", "--target"];

/// The tags among the variables of a plan. One that is not kept is applied by nobody.
pub(super) fn of_plan(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    if caller.applies && call.arguments.has(&["-out", "--out"]) {
        of_apply(call, caller, found);
    }
}

/// The tags among the variables of what is applied. Every variable without a default needs a value, also where only one
/// resource is applied that has nothing to do with images.
pub(super) fn of_apply(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    if let Some(target) = call.arguments.values(TARGETS).first() {
        found.unresolved.push(Unresolved {
            at: target.at,
            what: "what this applies".into(),
            why: "what `-target` reaches is not followed".into(),
            needed_by: None,
        });
        return;
    }
    for word in call.arguments.values(FLAGS) {
        let Some(first) = word.first() else { continue };
        let Some(equals) = first.find('=') else { continue };
        let values = word.values.iter().map(|value| value.split_at(equals + 1).1).collect();
        add(&first.slice(0..equals).to_string(), &values, word.at, caller.name, found);
    }
}

/// The tag in an environment variable that Terraform reads.
pub(crate) fn of_environment(name: &str, values: &Alternatives, at: Span, user: &Asker, found: &mut Found) {
    if let Some(variable) = name.strip_prefix("TF_VAR_") {
        add(variable, values, at, user, found);
    }
}

fn add(variable: &str, values: &Alternatives, at: Span, user: &Asker, found: &mut Found) {
    let Some(holds) = image_names::held_by_variable(variable) else { return };
    let user = Asker::Setting { name: variable.to_owned(), by: Box::new(user.clone()) };
    for value in values.iter().filter(|value| !value.is_empty()) {
        let reference = match holds {
            Holds::Tag => {
                tagged(Text::hole(Origin::Other("the image is named in Terraform".into()), at), value, at)
            }
            Holds::Image if is_image(value) => value.clone(),
            Holds::Image => continue,
        };
        // A plan and the apply after it are given the same.
        let said = |image: &ImageUse| {
            matches!(&image.user, Asker::Setting { name, .. } if name == variable)
                && image.at != at
                && image.reference.to_string() == reference.to_string()
        };
        if !found.images.iter().any(said) {
            found.image(&reference, at, ImageRole::Deployed, &user);
        }
    }
}

/// Whether a value is the image of a container, and not that of a machine: a tag or a digest stands behind a path.
fn is_image(value: &Text) -> bool {
    value.rsplit_once('/').is_some_and(|(_, name)| name.contains([':', '@']))
}

#[cfg(test)]
mod tests {
    use policy_shell::parse as shell;
    use policy_shell::resolve::State;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::commands::carry_out;

    fn deployed(script: &str) -> Vec<String> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut found = Found::default();
        carry_out(&script, State::default(), &Caller::of_a_pipeline(&Asker::Command("deploy")), &mut found);
        found.images.iter().map(|image| format!("{}: {}", image.user, image.reference)).collect()
    }

    #[test]
    fn tags_and_images_are_handed_over_once() {
        assert_eq!(
            deployed("terraform plan -var image_tag=latest\nterraform apply -var image_tag=latest\n"),
            ["`image_tag` in `deploy`: ${…}:latest"]
        );
        assert_eq!(
            deployed("terraform plan -out=tfplan -var image_tag=latest\nterraform apply tfplan\n"),
            ["`image_tag` in `deploy`: ${…}:latest"]
        );
        assert_eq!(deployed("terraform plan -var image_tag=latest\n"), [""; 0]);
        assert_eq!(
            deployed("terraform apply -var=\"full_image=acme/web:latest\"\n"),
            ["`full_image` in `deploy`: acme/web:latest"]
        );
    }

    #[test]
    fn what_is_no_image_of_a_container_is_left_alone() {
        for value in
            ["image=ami-0a1", "image=placeholder:latest", "image=projects/p/global/images/i", "tag=latest"]
        {
            assert!(deployed(&format!("terraform apply -var {value}\n")).is_empty(), "{value}");
        }
    }
}
