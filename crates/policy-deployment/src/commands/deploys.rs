//! Commands that make something run an image: of clouds, of clusters, and of programs that deploy to them.

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use super::caller::Caller;
use super::effect::{Flag, FlagValue, Key};
use super::json;
use super::row::Call;
use crate::found::Found;
use crate::model::image::{Caveat, ImageRole, ImageUse};

/// Adds the images that `flags` of the call name. `caveat` is what is to be said of each.
pub(super) fn read(
    flags: &[Flag],
    call: &Call<'_>,
    caveat: Option<&Caveat>,
    caller: &Caller<'_>,
    found: &mut Found,
) {
    for flag in flags {
        for word in call.arguments.values(flag.names) {
            let named = word.values.iter().flat_map(|value| flag.holds.images(value, word.at, caller.name));
            found.images_once(named.map(|(reference, user)| ImageUse {
                reference,
                at: word.at,
                role: ImageRole::Deployed,
                user,
                caveat: caveat.map(|caveat| (caveat.clone(), word.at)),
            }));
        }
    }
}

impl FlagValue {
    /// The images that a value names, and who uses them.
    fn images(&self, value: &Text, at: Span, user: &Asker) -> Vec<(Text, Asker)> {
        let named = |image: Text| (image, user.clone());
        match self {
            Self::Image => vec![named(value.clone())],
            Self::Json(name) => json::strings_named(name, value).into_iter().map(named).collect(),
            Self::Setting(wanted) => {
                settings(value, wanted).into_iter().map(|(_, image)| named(image)).collect()
            }
            Self::Tag(wanted, why) => {
                let image = |(key, tag): (String, Text)| {
                    let name = Text::hole(Origin::Other((*why).into()), at);
                    (tagged(name, &tag, at), Asker::Setting { name: key, by: Box::new(user.clone()) })
                };
                settings(value, wanted).into_iter().map(image).collect()
            }
        }
    }
}

/// The keys and values in `web.image.tag=1,replicas=2` whose keys are wanted.
fn settings(list: &Text, wanted: &Key) -> Vec<(String, Text)> {
    let value = |setting: Text| {
        let (key, value) = setting.split_once('=')?;
        let key = key.to_string();
        (wanted.fits(&key) && !value.is_empty()).then_some((key, value))
    };
    list.items(&[',']).into_iter().filter_map(value).collect()
}

/// `kubectl set image deployment/web web=r.io/web:1`.
pub(super) fn set_images(call: &Call<'_>, found: &mut Found) {
    for word in &call.arguments.positional {
        for (_, image) in word.values.iter().filter_map(|value| value.split_once('=')) {
            found.image(&image, word.at, ImageRole::Deployed, &Asker::Command("kubectl set image"));
        }
    }
}

/// `kustomize edit set image web=r.io/web:1` names another image, `r.io/web:1` another tag.
pub(super) fn edit_images(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    for word in &call.arguments.positional {
        for value in &word.values {
            let image = value.split_once('=').map_or_else(|| value.clone(), |(_, image)| image);
            found.image(&image, word.at, ImageRole::Deployed, caller.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_shell::parse as shell;
    use policy_shell::resolve::State;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::commands::carry_out;

    fn deployed(script: &str, caller: &Caller<'_>) -> Vec<String> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut found = Found::default();
        carry_out(&script, State::default(), caller, &mut found);
        found.images.iter().map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn services_are_told_their_image() {
        for (script, image) in [
            (
                indoc! {r#"
                    I=r.io/api:${1:-latest}
                    aws ecs register-task-definition --family a --container-definitions "[{\"name\":\"a\",\"image\": \"$I\"}]"
                "#},
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
            assert_eq!(
                deployed(script, &Caller::of_a_pipeline(&Asker::Command("deploy"))),
                [image],
                "{script}"
            );
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
            assert!(
                deployed(script, &Caller::of_a_pipeline(&Asker::Command("deploy"))).is_empty(),
                "{script}"
            );
        }
        for local in [
            "helm upgrade web ./chart --set image.tag=latest\n",
            "kubectl create deployment web --image=r.io/web:latest\n",
            "kustomize edit set image web=r.io/web:latest\n",
        ] {
            assert!(
                deployed(local, &Caller::of_a_developer(&Asker::Command("deploy"))).is_empty(),
                "{local}"
            );
        }
    }
}
