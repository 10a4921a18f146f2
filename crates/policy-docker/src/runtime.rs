//! The runtime of an image: the user at the end of its last stage, and what is known about the base image.

use policy_text::source::Span;
use policy_text::value::Text;

use super::stages::{StageSource, Stages};
use crate::dockerfile::{Kind, expand};

/// What decides the user of the image that a build makes.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// The last `USER`, with its place. `None` where the image below decides.
    pub user: Option<(Text, Span)>,
    /// The image at the bottom.
    pub base: Text,
    /// The `FROM` of the stage that is built.
    pub from: Span,
    /// The stage's name, where it has one.
    pub stage: Option<String>,
    /// What the stages of the image say to run: the words of all commands and entry points.
    pub starts: Vec<String>,
}

/// Whether `user`, with or without a group, is root.
pub fn is_root(user: &str) -> bool {
    let name = user.split_once(':').map_or(user, |(name, _)| name);
    name == "root" || name == "0"
}

/// What the stage `target` runs as.
pub fn of(stages: &Stages<'_>, target: usize, escape: char) -> Option<Runtime> {
    let mut chain = stages.ancestors(target);
    chain.push(target);
    let base = match stages.base(*chain.first()?)? {
        StageSource::Image(reference) => reference.clone(),
        StageSource::Stage(_) => return None,
    };
    let built = stages.stage(target)?;
    let stage = built.name.as_ref().map(|name| name.text.clone());
    let mut runtime = Runtime { user: None, base, from: built.at, stage, starts: Vec::new() };
    for index in chain {
        stages.walk(index, |instruction, scope| match &instruction.kind {
            Kind::User(word) => runtime.user = Some((expand(word, scope, escape), instruction.at)),
            Kind::Cmd(command) | Kind::Entrypoint(command) => {
                let words = command.words().flat_map(|word| word.text.split_whitespace());
                runtime.starts.extend(words.map(ToOwned::to_owned));
            }
            _ => {}
        });
    }
    Some(runtime)
}
