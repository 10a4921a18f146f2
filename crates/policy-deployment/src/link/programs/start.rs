//! What a container starts: the words of its task definition, or those of its image.

use policy_text::source::Span;
use policy_text::value::Text;

use crate::model::built_image::{self, BuiltImage};
use crate::model::setting::Setting;
use crate::model::task_definition::{Container, Words};

/// What is started.
pub(super) struct Start {
    /// The words; none where the base of the image decides.
    pub(super) words: Vec<String>,
    /// Where they are written.
    pub(super) at: Option<Span>,
}

impl Start {
    /// What `container` starts, where it runs `image`; or why that is not known.
    pub(super) fn of(container: &Container, image: &BuiltImage) -> Result<Self, String> {
        let unknown = || "nothing tells what it starts".to_owned();
        let entry = words(&container.entry_point, image.stage.entry_point.as_ref()).ok_or_else(unknown)?;
        // What the image gives to its own entry point is nothing for another one.
        let own_command = image.stage.command.as_ref().filter(|_| !container.entry_point.is_set());
        let command = words(&container.command, own_command).ok_or_else(unknown)?;
        let all: Vec<(Text, Span)> = entry.into_iter().chain(command).collect();
        let known: Option<Vec<String>> =
            all.iter().map(|(word, _)| word.known().map(std::borrow::Cow::into_owned)).collect();
        Ok(Self { words: known.ok_or_else(unknown)?, at: all.last().map(|(_, at)| *at) })
    }
}

/// The words of a task definition, or those of an image where it has none.
fn words(given: &Setting<Words>, own: Option<&built_image::Start>) -> Option<Words> {
    match given {
        Setting::Known(words, _) => Some(words.clone()),
        Setting::Unknown(..) => None,
        Setting::Unset => Some(own.map(|own| own.words.clone()).unwrap_or_default()),
    }
}
