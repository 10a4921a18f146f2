//! Orbs: jobs and commands of `CircleCI`'s own that push images or make a service run one.

use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_shell::resolve::State;
use policy_text::value::alternatives::{Alternatives, append};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

use super::parameters::Parameters;
use crate::found::Found;
use crate::model::image::ImageRole;

/// The orbs of a file, by the names that it gives them.
pub(super) struct Orbs<'y>(BTreeMap<&'y str, &'y str>);

/// What a job or a command of an orb does with an image.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    /// Pushes the repository in the parameter `repository` under the tags in `tag`.
    Push { repository: &'static str, default_tag: Option<&'static str>, registry: Registry },
    /// Deploys the images in a list of `container=web,image-and-tag=repo:tag`.
    UpdateContainers,
    /// Deploys the image in the parameter `image`.
    Deploy,
}

/// Where an orb takes the registry from.
#[derive(Clone, Copy)]
pub(super) enum Registry {
    /// From the environment.
    Account,
    /// From the parameter `registry`, or it is Docker's.
    Parameter,
}

impl<'y> Orbs<'y> {
    pub(super) fn of(root: Node<'y>) -> Self {
        let orbs = root.get("orbs").map(Node::entries).unwrap_or_default();
        let named = orbs.into_iter().filter_map(|(alias, orb)| {
            Some((alias.as_str()?, orb.as_str()?.split('@').next().unwrap_or_default()))
        });
        Self(named.collect())
    }

    /// What `aws-ecr/push-image` does. `None` where it does nothing with images.
    pub(super) fn verb(&self, name: &str) -> Option<Verb> {
        let (alias, verb) = name.split_once('/')?;
        // Newer orbs write `_` for `-`.
        match (*self.0.get(alias)?, verb.replace('_', "-").as_str()) {
            ("circleci/aws-ecr", "build-and-push-image" | "push-image")
            | ("circleci/azure-acr", "build-and-push-image") => Some(Verb::Push {
                repository: "repo",
                default_tag: Some("latest"),
                registry: Registry::Account,
            }),
            ("circleci/gcp-gcr", "build-and-push-image" | "push-image") => Some(Verb::Push {
                repository: "image",
                default_tag: Some("latest"),
                registry: Registry::Account,
            }),
            ("circleci/docker", "publish" | "push") => {
                Some(Verb::Push { repository: "image", default_tag: None, registry: Registry::Parameter })
            }
            ("circleci/aws-ecs", "deploy-service-update" | "update-service" | "update-task-definition") => {
                Some(Verb::UpdateContainers)
            }
            ("circleci/gcp-cloud-run", "deploy") => Some(Verb::Deploy),
            _ => None,
        }
    }
}

/// A use of an orb in a workflow or in the steps of a job.
pub(super) struct Use<'y, 'u> {
    pub(super) verb: Verb,
    /// The name of what is used, as it is written.
    pub(super) key: Node<'y>,
    /// The parameters that it is given.
    pub(super) given: Option<Node<'y>>,
    /// The parameters that hold where it is used.
    pub(super) outer: &'u Parameters,
    /// The environment that it is used in.
    pub(super) state: &'u State,
}

impl<'y> Use<'y, '_> {
    /// Adds the images that are pushed or deployed.
    pub(super) fn add(&self, user: &Asker, found: &mut Found) {
        match self.verb {
            Verb::Push { .. } if self.says("push-image", "false") || self.says("deploy", "false") => {}
            Verb::Push { repository, default_tag, registry } => {
                let Some((at, names)) = self.values(repository) else { return };
                let mut images = self.registry(registry);
                append(&mut images, &names, at.span());
                let (at, tags) = self.tags(default_tag);
                for tag in tags {
                    for name in &images {
                        let reference = tagged(name.clone(), &tag, at.span());
                        found.image(&reference, at.span(), ImageRole::Pushed, user);
                    }
                }
            }
            Verb::UpdateContainers => {
                let Some((at, lists)) = self.values("container-image-name-updates") else { return };
                for reference in lists.iter().flat_map(updated) {
                    found.image(&reference, at.span(), ImageRole::Deployed, user);
                }
            }
            Verb::Deploy => {
                let Some((at, images)) = self.values("image") else { return };
                for image in &images {
                    found.image(image, at.span(), ImageRole::Deployed, user);
                }
            }
        }
    }

    fn given(&self, name: &str) -> Option<Node<'y>> {
        self.given.and_then(|given| given.get(name).or_else(|| given.get(&name.replace('-', "_"))))
    }

    fn says(&self, name: &str, value: &str) -> bool {
        self.given(name).and_then(Node::as_str) == Some(value)
    }

    fn values(&self, name: &str) -> Option<(Node<'y>, Alternatives)> {
        let node = self.given(name)?;
        Some((node, self.outer.expand(&node.embedded()?, self.state)))
    }

    /// The registry with its slash.
    fn registry(&self, registry: Registry) -> Alternatives {
        let at = self.key.span();
        let mut named = match registry {
            Registry::Parameter => match self.values("registry") {
                Some((_, values)) => values,
                None => return vec![Text::empty()],
            },
            Registry::Account => vec![Text::hole(Origin::Other("the account's registry".into()), at)],
        };
        append(&mut named, &[Text::literal("/", at)], at);
        named
    }

    /// The tags of a list, each by itself. Where none is given, the orb's default is the tag.
    fn tags(&self, default: Option<&'static str>) -> (Node<'y>, Vec<Text>) {
        match (self.values("tag"), default) {
            (Some((at, lists)), _) => (at, lists.iter().flat_map(|list| list.items(&[','])).collect()),
            (None, Some(tag)) => (self.key, vec![Text::literal(tag, self.key.span())]),
            (None, None) => {
                (self.key, vec![Text::hole(Origin::Unique("CIRCLE_SHA1".into()), self.key.span())])
            }
        }
    }
}

/// The images in `container=web,image-and-tag=repo:tag` and `container=web,tag=tag`.
fn updated(list: &Text) -> Vec<Text> {
    let settings = list.items(&[',', '\n', ' ']);
    let image = |setting: &Text| {
        let (key, value) = setting.split_once('=')?;
        match &*key.known()? {
            "image-and-tag" => Some(value),
            "tag" => {
                let at = setting.place()?;
                Some(tagged(Text::hole(Origin::Other("the image stays".into()), at), &value, at))
            }
            _ => None,
        }
    };
    settings.iter().filter_map(image).collect()
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::source::{FileId, RepoPath};
    use policy_text::yaml::parse_tree;

    use crate::model::image::ImageRole;

    fn images(jobs: &str) -> Vec<(ImageRole, String)> {
        let orbs = "orbs: {ecr: circleci/aws-ecr@8.1, docker: circleci/docker@2, ecs: circleci/aws-ecs@3, own: acme/ecr@1}\n";
        let text = format!("{orbs}workflows:\n  main:\n    jobs:\n{jobs}");
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), &text));
        assert_eq!(problems, []);
        let images = super::super::read(&yaml, &RepoPath::root()).images.into_iter();
        images.map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn orbs_push_each_tag_of_a_list_and_else_their_default() {
        use ImageRole::Pushed;
        assert_eq!(
            images("      - ecr/build-and-push-image: {repo: web, tag: 'latest,${CIRCLE_SHA1}'}\n"),
            [(Pushed, "${…}/web:latest".into()), (Pushed, "${…}/web:${CIRCLE_SHA1}".into())]
        );
        assert_eq!(
            images("      - ecr/build_and_push_image: {repo: web}\n"),
            [(Pushed, "${…}/web:latest".into())]
        );
        assert_eq!(
            images("      - docker/publish: {image: acme/web, tag: latest}\n"),
            [(Pushed, "acme/web:latest".into())]
        );
        assert_eq!(
            images("      - docker/publish: {image: acme/web}\n"),
            [(Pushed, "acme/web:${CIRCLE_SHA1}".into())]
        );
    }

    #[test]
    fn orbs_deploy_what_containers_are_updated_to() {
        use ImageRole::Deployed;
        assert_eq!(
            images(
                "      - ecs/deploy-service-update: {container-image-name-updates: 'container=web,tag=latest,container=api,image-and-tag=r.io/api:latest'}\n"
            ),
            [(Deployed, "${…}:latest".into()), (Deployed, "r.io/api:latest".into())]
        );
    }

    #[test]
    fn what_is_not_pushed_or_not_known_says_nothing() {
        for job in [
            "ecr/build-and-push-image: {repo: web, push-image: false}",
            "docker/publish: {image: a/web, tag: latest, deploy: false}",
            "own/build-and-push-image: {repo: web}",
            "ecs/deploy-service-update: {family: web}",
        ] {
            assert!(images(&format!("      - {job}\n")).is_empty(), "{job}");
        }
    }
}
