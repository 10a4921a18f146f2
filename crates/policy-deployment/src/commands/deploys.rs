//! Commands that make a service run an image: of clouds, of clusters, and of programs that deploy to them.

use policy_shell::resolve::Word;
use policy_text::value::{Origin, Text};

use super::flags::{self, Arguments};
use super::{Caller, add, says};
use crate::found::Found;
use crate::model::image::ImageRole;

/// Adds the image that a command deploys.
pub(super) fn read(program: &str, words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    let given = |flags: &[&str]| Arguments::parse(words, flags).values(flags);
    let is = |group: &str, verbs: &[&str]| says(words, 0, &[group]) && says(words, 1, verbs);
    match program {
        "aws" if is("ecs", &["register-task-definition"]) => {
            for word in given(&["--container-definitions", "--cli-input-json"]) {
                for image in word.values.iter().flat_map(|json| values_in_json(json, "image")) {
                    delivery.image(&image, word.at, ImageRole::Deployed, caller.name);
                }
            }
        }
        "aws" if is("lambda", &["update-function-code", "create-function"]) => {
            add_each(&given(&["--image-uri"]), caller, delivery);
            for word in given(&["--code"]) {
                for (_, image) in word.values.iter().flat_map(|code| settings(code, |key| key == "ImageUri"))
                {
                    delivery.image(&image, word.at, ImageRole::Deployed, caller.name);
                }
            }
        }
        "gcloud" if says(words, 0, &["run"]) => add_each(&given(&["--image"]), caller, delivery),
        "aws" if is("apprunner", &["create-service", "update-service"]) => {
            for word in given(&["--source-configuration"]) {
                for image in word.values.iter().flat_map(|json| values_in_json(json, "ImageIdentifier")) {
                    delivery.image(&image, word.at, ImageRole::Deployed, caller.name);
                }
            }
        }
        "ecs-deploy" | "ecs-deploy.sh" => add_each(&given(&["-i", "--image"]), caller, delivery),
        "az" if says(words, 0, &["containerapp", "container"]) => {
            add_each(&given(&["--image"]), caller, delivery);
        }
        // What an app is created with is often replaced by the next command.
        "az" if is("webapp", &["config"]) || is("functionapp", &["config"]) => {
            add_each(&given(&AZURE_WEB_APP), caller, delivery);
        }
        "fly" | "flyctl" if says(words, 0, &["deploy"]) || is("machine", &["run", "update"]) => {
            add_each(&given(&["-i", "--image"]), caller, delivery);
        }
        "nomad" if says(words, 0, &["run", "plan"]) || is("job", &["run"]) => {
            for word in given(&["-var"]) {
                for (key, tag) in word.values.iter().flat_map(|set| settings(set, |key| key.ends_with("tag")))
                {
                    add_tag(&key, &tag, "the job names the image", &word, caller, delivery);
                }
            }
        }
        "kubectl" | "oc" if caller.deploys && is("create", &["deployment", "deploy"]) => {
            add_each(&given(&["--image"]), caller, delivery);
        }
        "kustomize" if caller.deploys && is("edit", &["set"]) && says(words, 2, &["image"]) => {
            let images = words.get(3..).unwrap_or_default().iter();
            for (word, value) in images.flat_map(|word| word.values.iter().map(move |value| (word, value))) {
                // `web=r.io/web:1` names another image, `web:1` another tag.
                let image = value.split_once('=').map_or_else(|| value.clone(), |(_, image)| image);
                delivery.image(&image, word.at, ImageRole::Deployed, caller.name);
            }
        }
        "helm" if caller.deploys && says(words, 0, &["upgrade", "install"]) => {
            for word in given(&["--set", "--set-string"]) {
                let is_tag = |key: &str| key == "image.tag" || key.ends_with(".image.tag");
                for (key, tag) in word.values.iter().flat_map(|set| settings(set, is_tag)) {
                    add_tag(&key, &tag, "the chart names the image", &word, caller, delivery);
                }
            }
        }
        _ => {}
    }
}

/// Flags of `az webapp config container set` that name an image, old and new.
const AZURE_WEB_APP: [&str; 3] = ["--docker-custom-image-name", "--container-image-name", "-i"];

/// `docker service update --image r.io/web:1 web` and `docker service create r.io/web:1`.
pub(super) fn swarm_service(words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    let Some((verb, rest)) = words.split_first() else { return };
    match verb.known().as_deref() {
        Some("update") => {
            add_each(&Arguments::parse(rest, &["--image"]).values(&["--image"]), caller, delivery);
        }
        Some("create") => {
            let arguments = Arguments::parse(rest, &[flags::RUN, flags::SERVICE].concat());
            if let Some(word) = arguments.positional.first() {
                add(word, ImageRole::Deployed, caller, delivery);
            }
        }
        _ => {}
    }
}

/// A tag by itself, as the value of `key`: what it is the tag of, is said elsewhere.
fn add_tag(key: &str, tag: &Text, why: &'static str, word: &Word, caller: &Caller<'_>, delivery: &mut Found) {
    let mut reference = Text::hole(Origin::Other(why.into()), word.at);
    reference.append(&Text::literal(":", word.at));
    reference.append(tag);
    delivery.image(&reference, word.at, ImageRole::Deployed, &format!("`{key}` in {}", caller.name));
}

fn add_each(words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    for word in words {
        add(word, ImageRole::Deployed, caller, delivery);
    }
}

/// The values of all keys of that name in a JSON text of which parts may be unknown.
fn values_in_json(json: &Text, key: &str) -> Vec<Text> {
    let (key, written) = (format!("\"{key}\""), json.render('\u{1}'));
    let mut values = Vec::new();
    for (at, _) in written.match_indices(&key) {
        let rest = written.get(at + key.len()..).unwrap_or_default();
        let Some(value) = rest.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        let Some(value) = value.strip_prefix('"') else { continue };
        let start = written.len() - value.len();
        let length = value.find('"').unwrap_or(value.len());
        values.push(json.slice(start..start + length));
    }
    values
}

/// The keys and values in `web.image.tag=1,replicas=2` whose keys are wanted.
fn settings(list: &Text, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, Text)> {
    let value = |setting: Text| {
        let (key, value) = setting.split_once('=')?;
        let key = key.to_string();
        (is_wanted(&key) && !value.is_empty()).then_some((key, value))
    };
    list.items(&[',']).into_iter().filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use policy_shell::parse as shell;
    use policy_shell::resolve::State;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::commands::carry_out;

    fn deployed(script: &str, caller: &Caller<'_>) -> Vec<String> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut delivery = Found::default();
        carry_out(&script, State::default(), caller, &mut delivery);
        delivery.images.iter().map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn services_are_told_their_image() {
        for (script, image) in [
            (
                "I=r.io/api:${1:-latest}\naws ecs register-task-definition --family a --container-definitions \"[{\\\"name\\\":\\\"a\\\",\\\"image\\\": \\\"$I\\\"}]\"\n",
                "r.io/api:latest",
            ),
            (
                "aws lambda update-function-code --function-name f --image-uri r.io/f:latest\n",
                "r.io/f:latest",
            ),
            ("aws lambda create-function --function-name f --code ImageUri=r.io/f:latest\n", "r.io/f:latest"),
            ("gcloud run deploy web --image gcr.io/p/web:latest --quiet\n", "gcr.io/p/web:latest"),
            ("az containerapp update -n web --image r.io/web:latest\n", "r.io/web:latest"),
            ("helm upgrade --install web ./chart --set replicas=2,image.tag=latest\n", "${…}:latest"),
            (
                "aws apprunner update-service --source-configuration '{\"ImageRepository\": {\"ImageIdentifier\": \"r.io/web:latest\"}}'\n",
                "r.io/web:latest",
            ),
            ("./ecs-deploy -c main -n web -i r.io/web:latest\n", "r.io/web:latest"),
            (
                "az webapp config container set -n web --docker-custom-image-name r.io/web:latest\n",
                "r.io/web:latest",
            ),
            ("kubectl create deployment web --image=r.io/web:latest --replicas=2\n", "r.io/web:latest"),
            ("cd k8s && kustomize edit set image web=r.io/web:latest\n", "r.io/web:latest"),
            ("kustomize edit set image r.io/web:latest\n", "r.io/web:latest"),
            ("flyctl deploy --image r.io/web:latest --remote-only\n", "r.io/web:latest"),
            ("nomad job run -var image_tag=latest web.nomad.hcl\n", "${…}:latest"),
            ("docker service update --image r.io/web:latest web\n", "r.io/web:latest"),
            ("docker service create --name web --replicas 2 -p 80:80 r.io/web:latest\n", "r.io/web:latest"),
        ] {
            assert_eq!(deployed(script, &Caller::of_a_pipeline("x")), [image], "{script}");
        }
    }

    #[test]
    fn what_names_no_image_says_nothing() {
        for script in [
            "aws ecs register-task-definition --container-definitions \"$DEFS\"\n",
            "aws lambda update-function-code --zip-file fileb://x.zip\n",
            "helm upgrade web ./chart --set imagePullPolicy=Always --set image.tag=\n",
            "gcloud run services list\n",
            "kubectl create job web --image=r.io/web:latest\n",
            "kustomize edit set namespace web\n",
            "nomad job run -var count=2 web.nomad.hcl\n",
            "az webapp create -n web --deployment-container-image-name nginx:latest\n",
        ] {
            assert!(deployed(script, &Caller::of_a_pipeline("x")).is_empty(), "{script}");
        }
        for local in [
            "helm upgrade web ./chart --set image.tag=latest\n",
            "kubectl create deployment web --image=r.io/web:latest\n",
            "kustomize edit set image web=r.io/web:latest\n",
        ] {
            assert!(deployed(local, &Caller::of_a_developer("x")).is_empty(), "{local}");
        }
    }
}
