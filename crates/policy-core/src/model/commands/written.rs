//! Compose files that a script writes with a here-document where it runs.

use crate::model::compose;
use crate::model::image::ImageUse;
use crate::parse::yaml;
use crate::resolve::shell::{Command, Word};

/// The images of the services in a compose file that `command` writes.
pub(in crate::model) fn compose_images(command: &Command) -> Vec<ImageUse> {
    let writes_yaml = command
        .words
        .iter()
        .chain(&command.output)
        .filter_map(Word::first)
        .any(|word| matches!(word.known_suffix().rsplit_once('.'), Some((_, "yml" | "yaml"))));
    let input = command.input.as_ref().map(|document| &document.text);
    let Some(text) = input.filter(|text| writes_yaml && text.as_str().contains("services:")) else {
        return Vec::new();
    };
    let (yaml, _) = yaml::parse_tree(text);
    compose::images_written(&yaml).collect()
}
