//! How nginx is configured in a container.

use policy_text::source::Span;
use policy_text::value::Text;

use crate::model::built_image::BuiltImage;
use crate::model::nginx_image::{Configured, variables};
use crate::model::setting::Setting;
use crate::model::task_definition::{Container, Words};

/// The configuration with the variables of the container; the error says why it is not known. `None` where the container runs
/// no nginx that is built here.
pub(super) fn of_container(
    container: &Container,
    built: &[BuiltImage],
) -> Result<Option<Configured>, &'static str> {
    let images = container.image.built(built);
    if images.iter().all(|image| image.nginx.is_none()) {
        return Ok(None);
    }
    let [image] = images.as_slice() else { return Err("several builds may create its image") };
    let Some(nginx) = &image.nginx else { return Ok(None) };
    if nginx.doubt.is_some() {
        return Err("a command changes the configuration in its image, and portcullis does not follow it");
    }
    if !starts_nginx(&container.command) || container.entry_point.is_set() {
        return Err("the task starts it with a command of its own");
    }
    let configured = nginx.configured(&variables(&image.stage, Some(&container.environment)));
    if !configured.configuration.gaps.is_empty() {
        return Err("its configuration includes files that are not in the repository");
    }
    Ok(Some(configured))
}

fn starts_nginx(command: &Setting<Words>) -> bool {
    match command {
        Setting::Unset => true,
        Setting::Known(words, _) => {
            words.is_empty()
                || words
                    .first()
                    .is_some_and(|(word, _): &(Text, Span)| word.known().as_deref() == Some("nginx"))
        }
        Setting::Unknown(..) => false,
    }
}
