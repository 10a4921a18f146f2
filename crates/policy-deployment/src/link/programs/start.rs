//! What a container starts: the words of its task definition or of its image, and the commands that they run.

use std::borrow::Cow;

use policy_shell::resolve::Word;
use policy_text::source::Sources;

use crate::model::built_image::BuiltImage;
use crate::model::setting::Setting;
use crate::model::task_definition::Words;
use crate::start::{self, Place};

/// What is started.
pub(super) struct Start {
    /// The words; none where the base of the image decides.
    pub(super) words: Vec<String>,
    written: Vec<Word>,
}

impl Start {
    /// What a container starts that runs `image` with this entry point and command of its own, or why that is not known.
    pub(super) fn of(
        entry_point: &Setting<Words>,
        command: &Setting<Words>,
        image: &BuiltImage,
    ) -> Result<Self, String> {
        let unknown = || "its start command is unknown".to_owned();
        let written = start::words(entry_point, command, &image.stage).ok_or_else(unknown)?;
        let known = written.iter().map(|word| word.known().map(Cow::into_owned));
        let words: Option<Vec<String>> = known.collect();
        Ok(Self { words: words.ok_or_else(unknown)?, written })
    }

    /// The commands that are run, the last one first: what serves comes after what prepares it.
    pub(super) fn commands(&self, image: &BuiltImage, sources: &Sources<'_>) -> Vec<Vec<String>> {
        let environment = start::environment(&image.stage);
        let place = Place { layout: &image.stage.layout, environment: &environment, sources };
        let followed = start::follow(&self.written, place);
        let shown = |word: &Word| word.first().map(ToString::to_string).unwrap_or_default();
        let commands = followed.commands.iter().rev();
        commands.map(|command| command.words.iter().map(shown).collect()).collect()
    }
}
