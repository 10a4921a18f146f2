//! Commands that build images.

use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, NamedContexts, local_context};
use policy_shell::resolve::{Command, State, Word};
use policy_text::value::Text;

use super::flags::{self, Arguments};
use super::{Caller, add};
use crate::found::Found;
use crate::model::image::ImageRole;

/// `docker build` and its kin, which may push what they build.
pub(super) fn docker(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    let arguments = Arguments::parse(words, flags::BUILD);
    let pushes = arguments.has(&["--push"])
        || arguments.values(&["-o", "--output"]).iter().any(|word| {
            word.known().is_some_and(|word| word.contains("push=true") || word.contains("type=registry"))
        });
    for word in arguments.values(&["-t", "--tag"]) {
        add(&word, ImageRole::Built, caller, delivery);
        if pushes {
            add(&word, ImageRole::Pushed, caller, delivery);
        }
    }
    let Some(context) = arguments.positional.last() else { return };
    if let Some(request) = request(command, context, &arguments, caller) {
        delivery.build(request);
    }
}

/// `/kaniko/executor --context dir --dockerfile path --destination image` builds and pushes.
pub(super) fn kaniko(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    let arguments = Arguments::parse(words, flags::KANIKO);
    for word in arguments.values(&["-d", "--destination"]) {
        add(&word, ImageRole::Built, caller, delivery);
        if !arguments.has(&["--no-push"]) {
            add(&word, ImageRole::Pushed, caller, delivery);
        }
    }
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| {
        let text = word.first().filter(|_| word.values.len() == 1)?;
        let local = text.known_prefix().starts_with("dir://");
        place.resolve(&if local { text.split_at("dir://".len()).1 } else { text.clone() })
    };
    let context = arguments.values(&["-c", "--context"]).pop();
    let Some(context) = context.map_or_else(|| command.folder.clone(), |word| path(&word)) else { return };
    let dockerfile = match arguments.values(&["-f", "--dockerfile"]).pop() {
        Some(word) => match path(&word) {
            Some(path) => Some(path),
            None => return,
        },
        None => None,
    };
    delivery.build(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target: arguments
            .values(&["--target"])
            .pop()
            .and_then(|word| word.known().map(std::borrow::Cow::into_owned)),
        args: build_arguments(&arguments),
        named_contexts: BTreeMap::new(),
        at: command.at,
        by: Asker::Tool { tool: "kaniko", by: Box::new(caller.name.clone()) },
    });
}

/// The build, where its folder and its Dockerfile are known.
fn request(
    command: &Command,
    context: &Word,
    arguments: &Arguments<'_>,
    caller: &Caller<'_>,
) -> Option<BuildRequest> {
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first().filter(|_| word.values.len() == 1)?);
    let text = context.known()?;
    local_context(&text)?;
    let file = arguments.values(&["-f", "--file"]).pop();
    let dockerfile = match &file {
        // `-f -` reads the Dockerfile from standard input.
        Some(word) if word.known().as_deref() == Some("-") => return None,
        Some(word) => Some(path(word)?),
        None => None,
    };
    Some(BuildRequest {
        context: path(context)?,
        dockerfile: dockerfile.into(),
        target: arguments
            .values(&["--target"])
            .pop()
            .and_then(|word| word.known().map(std::borrow::Cow::into_owned)),
        args: build_arguments(arguments),
        named_contexts: named_contexts(arguments, &place),
        at: command.at,
        by: Asker::Tool { tool: "`docker build`", by: Box::new(caller.name.clone()) },
    })
}

fn build_arguments(arguments: &Arguments<'_>) -> BTreeMap<String, Text> {
    let pairs = arguments.values(&["--build-arg"]).into_iter().filter_map(|word| {
        let (name, value) = word.first()?.split_once('=')?;
        Some((name.known()?.into_owned(), value))
    });
    pairs.collect()
}

/// What each `--build-context name=place` names.
fn named_contexts(arguments: &Arguments<'_>, place: &State) -> NamedContexts {
    let pairs = arguments.values(&["--build-context"]).into_iter().filter_map(|word| {
        let value = word.first()?;
        let name = value.known_prefix().split_once('=')?.0.to_owned();
        let written = value.split_at(name.len() + 1).1;
        let is_local = word.values.len() == 1 && !written.known_prefix().contains(':');
        let folder = if is_local { place.resolve(&written) } else { None };
        Some((name, folder))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::delivery;
    use super::*;

    #[test]
    fn kaniko_builds_and_pushes() {
        let found = delivery(
            "/kaniko/executor --context $CI_PROJECT_DIR/app --dockerfile $CI_PROJECT_DIR/app/web.Dockerfile --destination r.io/web:latest\n",
        );
        assert_eq!(found.builds[0].context.as_str(), "app");
        assert_eq!(found.builds[0].dockerfile.path().unwrap().as_str(), "app/web.Dockerfile");
        let pushed = found.images.iter().find(|image| image.role == ImageRole::Pushed).unwrap();
        assert_eq!(pushed.reference.to_string(), "r.io/web:latest");
    }

    #[test]
    fn builds_are_placed_in_their_folder() {
        let found = delivery(
            "cd app\ndocker build -f ../docker/web.Dockerfile --target prod --build-arg V=1 -t w .\n",
        )
        .builds;
        let build = &found[0];
        assert_eq!((build.context.as_str(), build.target.as_deref()), ("app", Some("prod")));
        assert_eq!(build.dockerfile.path().unwrap().as_str(), "docker/web.Dockerfile");
        assert_eq!(build.args.get("V").unwrap().known().as_deref(), Some("1"));
        let nowhere = "docker build - < x\ndocker build https://example.com/a.git\ndocker build $DIR\ndocker build -f - .\n";
        assert!(delivery(nowhere).builds.is_empty());
    }
}
