//! Commands that build images, and may push them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, NamedContexts, Places, Platforms, local_context};
use policy_docker::cache;
use policy_shell::resolve::{Failure, State, Word};
use policy_text::value::alternatives::append;
use policy_text::value::{Origin, Text};

use super::caller::{Caller, add};
use super::effect::{BuildCommand, Context, Pushes, Registry};
use super::flags::Arguments;
use super::row::Call;
use crate::found::Found;
use crate::model::image::ImageRole;

impl BuildCommand {
    /// Adds the images that `call` builds and pushes, and the build.
    pub(super) fn read(&self, call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
        let images = call.arguments.values(self.image);
        if images.is_empty() && self.only_named {
            return;
        }
        let pushes = self.pushes(&call.arguments);
        let mut names = Vec::new();
        for image in images {
            let image = match &self.registry {
                Some(registry) => registry.of(&image, &call.arguments),
                None => image,
            };
            add(&image, ImageRole::Built, caller, found);
            if pushes {
                add(&image, ImageRole::Pushed, caller, found);
            }
            names.extend(image.values.iter().cloned());
        }
        for entry in call.arguments.values(&["--cache-to"]) {
            let values = entry.values.iter().filter_map(cache::written_to).collect();
            add(&Word { values, at: entry.at }, ImageRole::Cache, caller, found);
        }
        if let Some(request) = self.request(call, names, caller) {
            found.build(request);
        }
    }

    fn pushes(&self, arguments: &Arguments<'_>) -> bool {
        let asked = match self.pushes {
            Pushes::With(flag) => arguments.has(&[flag]),
            Pushes::Unless(flag) => !arguments.has(&[flag]),
            Pushes::Always => true,
        };
        asked
            || arguments.values(&["-o", "--output"]).iter().any(|word| {
                word.known().is_some_and(|word| word.contains("push=true") || word.contains("type=registry"))
            })
    }

    /// The build, where its folder and its Dockerfile are known.
    fn request(&self, call: &Call<'_>, images: Vec<Text>, caller: &Caller<'_>) -> Option<BuildRequest> {
        let arguments = &call.arguments;
        let place = State::starting_in(call.command.folder.clone(), None);
        let path =
            |word: &Word| place.resolve(&without_scheme(word.first().filter(|_| word.values.len() == 1)?));
        let context = match self.context {
            Context::Word | Context::WordOrHere => arguments.positional.last().map(|word| (*word).clone()),
            Context::FlagOrHere(flags) => arguments.values(flags).pop(),
        };
        let context = match (context, self.context) {
            (Some(word), _) => {
                local_context(&without_scheme(word.first()?).known()?)?;
                path(&word)?
            }
            (None, Context::Word) => return None,
            (None, _) => call.command.folder.clone()?,
        };
        let dockerfile = match arguments.values(self.dockerfile).pop() {
            // `-f -` reads the Dockerfile from standard input.
            Some(word) if word.known().as_deref() == Some("-") => return None,
            Some(word) => Some(path(&word)?),
            None => None,
        };
        let place_of = |flags: &[&'static str]| arguments.values(flags).pop().map(|word| word.at);
        Some(BuildRequest {
            context,
            dockerfile: dockerfile.into(),
            target: arguments.values(&["--target"]).pop().and_then(|word| word.known().map(Cow::into_owned)),
            args: build_arguments(arguments),
            images,
            platforms: platforms(arguments),
            named_contexts: named_contexts(arguments, &place),
            is_tentative: call.command.failure == Failure::Expected,
            at: call.command.at,
            places: Places { dockerfile: place_of(self.dockerfile), target: place_of(&["--target"]) },
            by: Asker::Tool { tool: self.by, by: Box::new(caller.name.clone()) },
        })
    }
}

/// A folder as kaniko may be given it, `dir:///workspace`.
fn without_scheme(folder: &Text) -> Text {
    const LOCAL: &str = "dir://";
    folder.strip_prefix(LOCAL).unwrap_or_else(|| folder.clone())
}

impl Registry {
    /// An image with the registry before it, unless its name has one.
    fn of(&self, image: &Word, arguments: &Arguments<'_>) -> Word {
        let named = arguments.values(self.flags).pop();
        let mut registries = match named {
            Some(word) => word.values.iter().map(|name| self.domain_of(name, &word)).collect(),
            None => {
                vec![Text::hole(Origin::Other("the registry of the account's defaults".into()), image.at)]
            }
        };
        append(&mut registries, &[Text::literal("/", image.at)], image.at);
        let with_registry = |name: &Text| {
            let first = name.split_once('/').map(|(first, _)| first.render('.'));
            if first.is_some_and(|first| first.contains(['.', ':'])) {
                return vec![name.clone()];
            }
            let mut references = registries.clone();
            append(&mut references, std::slice::from_ref(name), image.at);
            references
        };
        Word { values: image.values.iter().flat_map(with_registry).collect(), at: image.at }
    }

    fn domain_of(&self, name: &Text, word: &Word) -> Text {
        let mut domain = name.clone();
        if !name.ends_with(self.domain) {
            domain.append(&Text::literal(self.domain, word.at));
        }
        domain
    }
}

fn build_arguments(arguments: &Arguments<'_>) -> BTreeMap<String, Text> {
    let pairs = arguments.values(&["--build-arg"]).into_iter().filter_map(|word| {
        let (name, value) = word.first()?.split_once('=')?;
        Some((name.known()?.into_owned(), value))
    });
    pairs.collect()
}

/// What `--platform` says.
fn platforms(arguments: &Arguments<'_>) -> Platforms {
    match arguments.values(&["--platform"]).pop() {
        Some(word) => Platforms::listed(word.known().as_deref(), word.at),
        None if arguments.has(&["--platform"]) => Platforms::Unknown,
        None => Platforms::Unsaid,
    }
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
    use super::super::tests::found_by;
    use super::*;

    #[test]
    fn kaniko_builds_and_pushes() {
        let found = found_by(
            "/kaniko/executor --context $CI_PROJECT_DIR/app --dockerfile $CI_PROJECT_DIR/app/web.Dockerfile --destination r.io/web:latest\n",
        );
        assert_eq!(found.builds[0].context.as_str(), "app");
        assert_eq!(found.builds[0].dockerfile.path().unwrap().as_str(), "app/web.Dockerfile");
        let pushed = found.images.iter().find(|image| image.role == ImageRole::Pushed).unwrap();
        assert_eq!(pushed.reference.to_string(), "r.io/web:latest");
    }

    #[test]
    fn azure_builds_in_the_registry_and_pushes_there() {
        let pushed = |script: &str| -> Vec<String> {
            let pushed = found_by(script).images.into_iter().filter(|image| image.role == ImageRole::Pushed);
            pushed.map(|image| image.reference.to_string()).collect()
        };
        let build = "az acr build --registry team -t web:1 --image api/web:2 --build-arg V=1 -f docker/web.Dockerfile --target prod web\n";
        assert_eq!(pushed(build), ["team.azurecr.io/web:1", "team.azurecr.io/api/web:2"]);
        let build = &found_by(build).builds[0];
        assert_eq!((build.context.as_str(), build.target.as_deref()), ("web", Some("prod")));
        assert_eq!(build.dockerfile.path().unwrap().as_str(), "docker/web.Dockerfile");
        assert_eq!(build.args.get("V").unwrap().known().as_deref(), Some("1"));
        for (script, image) in [
            ("az acr build -r team.azurecr.io -t web:1 .\n", "team.azurecr.io/web:1"),
            ("az acr build -r $ACR -t $ACR.azurecr.io/web:1 .\n", "${ACR}.azurecr.io/web:1"),
            ("az acr build -r team -t '{{.Run.Registry}}/web:1' .\n", "{{.Run.Registry}}/web:1"),
            ("az acr build -t web:1 .\n", "${…}/web:1"),
        ] {
            assert_eq!(pushed(script), [image], "{script}");
        }
        assert!(pushed("az acr build -r team -t web:1 --no-push .\n").is_empty());
        let elsewhere = found_by("az acr build -r team -t web:1 https://github.com/team/web.git\n");
        assert!(elsewhere.builds.is_empty());
    }

    #[test]
    fn google_builds_a_dockerfile_only_where_the_image_is_named() {
        let found = found_by("gcloud builds submit --project x -t gcr.io/x/web:1 --timeout 900s\n");
        assert_eq!(found.builds[0].context.as_str(), "");
        let found = found_by("cd app && gcloud builds submit web --tag=gcr.io/x/web:1\n");
        assert_eq!(found.builds[0].context.as_str(), "app/web");
        for script in [
            "gcloud builds submit --config cloudbuild.yaml .\n",
            "gcloud builds submit .\n",
            "gcloud builds list --filter tags=web\n",
        ] {
            let found = found_by(script);
            assert!(found.builds.is_empty() && found.images.is_empty(), "{script}");
        }
    }

    #[test]
    fn builds_are_placed_in_their_folder() {
        let found = found_by(
            "cd app\ndocker build -f ../docker/web.Dockerfile --target prod --build-arg V=1 -t w .\n",
        )
        .builds;
        let build = &found[0];
        assert_eq!((build.context.as_str(), build.target.as_deref()), ("app", Some("prod")));
        assert_eq!(build.dockerfile.path().unwrap().as_str(), "docker/web.Dockerfile");
        assert_eq!(build.args.get("V").unwrap().known().as_deref(), Some("1"));
        let nowhere = "docker build - < x\ndocker build https://example.com/a.git\ndocker build $DIR\ndocker build -f - .\n";
        assert!(found_by(nowhere).builds.is_empty());
    }
}
