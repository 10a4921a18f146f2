//! Commands that copy images between registries, or give them another tag there.

use policy_docker::image::{Reference, tagged};
use policy_shell::resolve::Word;
use policy_text::value::{Origin, Text};

use super::caller::{Caller, add};
use super::row::Call;
use crate::found::Found;
use crate::model::image::ImageRole;

/// `skopeo copy docker-archive:x docker://a`, `crane push x.tar a`, `regctl image copy a b`.
pub(super) fn copy(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let [_, .., target] = call.arguments.positional.as_slice() else { return };
    for value in &target.values {
        let written = value.known_prefix();
        match written.split_once("://") {
            Some(("docker", _)) => {
                let reference = value.split_at("docker://".len()).1;
                found.image(&reference, target.at, ImageRole::Pushed, caller.name);
            }
            // A folder or an archive.
            Some(_) => {}
            None => found.image(value, target.at, ImageRole::Pushed, caller.name),
        }
    }
}

/// `crane tag a:1 latest`.
pub(super) fn retag(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let [image, tag] = call.arguments.positional.as_slice() else { return };
    for name in image.values.iter().filter_map(Reference::parse).map(|image| image.name) {
        add_tagged(&name, tag, caller, found);
    }
}

/// `aws ecr put-image --repository-name web --image-tag latest` gives an image that is there already another tag.
pub(super) fn put_image(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let flag = |name: &str| call.arguments.values(&[name]).pop();
    let Some((repository, tag)) = flag("--repository-name").zip(flag("--image-tag")) else { return };
    for repository in &repository.values {
        let mut name = Text::hole(Origin::Other("the account's registry".into()), tag.at);
        name.append(&Text::literal("/", tag.at));
        name.append(repository);
        add_tagged(&name, &tag, caller, found);
    }
}

fn add_tagged(name: &Text, tag: &Word, caller: &Caller<'_>, found: &mut Found) {
    let values = tag.values.iter().map(|value| tagged(name.clone(), value, tag.at));
    add(&Word { values: values.collect(), at: tag.at }, ImageRole::Pushed, caller, found);
}

#[cfg(test)]
mod tests {
    use policy_docker::asker::Asker;
    use policy_shell::parse as shell;
    use policy_shell::resolve::State;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::commands::carry_out;

    fn pushed(script: &str) -> Vec<String> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut found = Found::default();
        carry_out(&script, State::default(), &Caller::of_a_pipeline(&Asker::Command("deploy")), &mut found);
        assert!(found.images.iter().all(|image| image.role == ImageRole::Pushed));
        found.images.iter().map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn copies_and_tags_are_pushes() {
        for (script, image) in [
            ("skopeo copy --all docker-archive:x docker://r.io/web:latest\n", "r.io/web:latest"),
            ("crane cp a/web:1 r.io/web:latest\n", "r.io/web:latest"),
            ("crane push image.tar r.io/web:latest\n", "r.io/web:latest"),
            ("crane tag r.io/web:1 latest\n", "r.io/web:latest"),
            (
                "aws ecr put-image --repository-name web --image-tag latest --image-manifest \"$M\"\n",
                "${…}/web:latest",
            ),
        ] {
            assert_eq!(pushed(script), [image], "{script}");
        }
    }

    #[test]
    fn what_goes_to_a_file_is_no_push() {
        for script in [
            "skopeo copy docker://a/web:latest oci-archive://x.tar\n",
            "crane pull a/web:latest x.tar\n",
            "aws ecr put-image-scanning-configuration --repository-name web\n",
        ] {
            assert!(pushed(script).is_empty(), "{script}");
        }
    }
}
