//! Commands that make a service run an image: of AWS, Google Cloud, Azure and Helm.

use super::flags::Arguments;
use super::{Caller, add, says};
use crate::model::delivery::Delivery;
use crate::model::image::ImageRole;
use crate::resolve::shell::Word;
use crate::resolve::{Origin, Text};

/// Adds the image that a command deploys.
pub(super) fn read(program: &str, words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let given = |flags: &[&str]| Arguments::parse(words, flags).values(flags);
    let is = |group: &str, verbs: &[&str]| says(words, 0, &[group]) && says(words, 1, verbs);
    match program {
        "aws" if is("ecs", &["register-task-definition"]) => {
            for word in given(&["--container-definitions", "--cli-input-json"]) {
                for image in word.values.iter().flat_map(images_in_json) {
                    delivery.image(&image, word.at, ImageRole::Deployed, caller.name);
                }
            }
        }
        "aws" if is("lambda", &["update-function-code", "create-function"]) => {
            add_each(&given(&["--image-uri"]), caller, delivery);
        }
        "gcloud" if says(words, 0, &["run"]) => add_each(&given(&["--image"]), caller, delivery),
        "az" if says(words, 0, &["containerapp", "container"]) => {
            add_each(&given(&["--image"]), caller, delivery);
        }
        "helm" if caller.deploys && says(words, 0, &["upgrade", "install"]) => {
            for word in given(&["--set", "--set-string"]) {
                for tag in word.values.iter().flat_map(image_tags) {
                    let mut reference =
                        Text::hole(Origin::Other("the chart names the image".into()), word.at);
                    reference.append(&Text::literal(":", word.at));
                    reference.append(&tag);
                    delivery.image(&reference, word.at, ImageRole::Deployed, caller.name);
                }
            }
        }
        _ => {}
    }
}

fn add_each(words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    for word in words {
        add(word, ImageRole::Deployed, caller, delivery);
    }
}

/// The values of all `"image"` keys in a JSON text of which parts may be unknown.
fn images_in_json(json: &Text) -> Vec<Text> {
    let written = json.render('\u{1}');
    let mut images = Vec::new();
    for (at, key) in written.match_indices("\"image\"") {
        let rest = written.get(at + key.len()..).unwrap_or_default();
        let Some(value) = rest.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        let Some(value) = value.strip_prefix('"') else { continue };
        let start = written.len() - value.len();
        let length = value.find('"').unwrap_or(value.len());
        images.push(json.split_at(start).1.split_at(length).0);
    }
    images
}

/// The tags in `web.image.tag=1,replicas=2`.
fn image_tags(settings: &Text) -> Vec<Text> {
    let written = settings.render('\u{1}');
    let mut tags = Vec::new();
    let mut start = 0;
    for setting in written.split(',') {
        if let Some((key, value)) = setting.split_once('=')
            && (key == "image.tag" || key.ends_with(".image.tag"))
            && !value.is_empty()
        {
            tags.push(settings.split_at(start + key.len() + 1).1.split_at(value.len()).0);
        }
        start += setting.len() + 1;
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::commands::carry_out;
    use crate::parse::embedded::Embedded;
    use crate::parse::shell;
    use crate::resolve::shell::State;
    use crate::source::FileId;

    fn deployed(script: &str, caller: &Caller<'_>) -> Vec<String> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut delivery = Delivery::default();
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
            ("gcloud run deploy web --image gcr.io/p/web:latest --quiet\n", "gcr.io/p/web:latest"),
            ("az containerapp update -n web --image r.io/web:latest\n", "r.io/web:latest"),
            ("helm upgrade --install web ./chart --set replicas=2,image.tag=latest\n", "${…}:latest"),
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
        ] {
            assert!(deployed(script, &Caller::of_a_pipeline("x")).is_empty(), "{script}");
        }
        let local = "helm upgrade web ./chart --set image.tag=latest\n";
        assert!(deployed(local, &Caller::of_a_developer("x")).is_empty());
    }
}
