//! Task definitions that are JSON files, as `aws ecs register-task-definition` takes them, and `Dockerrun.aws.json`.

use policy_text::Problem;
use policy_text::json::{self, Node};
use policy_text::source::{FileId, Span};

/// One container and its image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerImage {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The image as written.
    pub image: String,
    /// The image without its quotes.
    pub at: Span,
    /// The user that it runs as, where one is named.
    pub user: Option<String>,
}

/// Reads the containers of one file. `None` where it has none, and for templates, which are no JSON before they are
/// filled in.
pub(super) fn parse(file: FileId, text: &str) -> Option<(Vec<ContainerImage>, Vec<Problem>)> {
    let says = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if !says("containerDefinitions") && !says("AWSEBDockerrunVersion") {
        return None;
    }
    let root = match json::parse(text) {
        Ok(root) => root,
        Err(_) if ["${", "{{", "<%", "{%"].iter().any(|opening| says(opening)) => return None,
        Err(error) => {
            let message = format!("this task definition is not valid JSON ({error}); it was not read");
            return Some((Vec::new(), vec![Problem::unreadable(Span::new(file, error.range), message)]));
        }
    };
    // What `aws ecs describe-task-definition` prints has the definition one level down.
    let definition = root.get("taskDefinition").unwrap_or(&root);
    let listed = definition.get("containerDefinitions").map(Node::elements).unwrap_or_default();
    let single = root.at(&["Image", "Name"]).and_then(|image| container(None, image, file));
    let containers = listed.iter().filter_map(|entry| container(Some(entry), entry.get("image")?, file));
    Some((containers.chain(single).collect(), Vec::new()))
}

fn container(entry: Option<&Node>, image: &Node, file: FileId) -> Option<ContainerImage> {
    let said = |key: &str| entry?.get(key)?.as_str().map(ToOwned::to_owned);
    Some(ContainerImage {
        name: said("name"),
        image: image.as_str()?.to_owned(),
        at: Span::new(file, image.inner_range()),
        user: said("user"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(text: &str) -> Vec<String> {
        let (containers, problems) = parse(FileId(0), text).unwrap();
        assert_eq!(problems, []);
        assert!(containers.iter().all(|container| text[container.at.range()] == container.image));
        containers.into_iter().map(|container| container.image).collect()
    }

    #[test]
    fn containers_are_read_in_every_form() {
        assert_eq!(
            images(r#"{"containerDefinitions": [{"name": "a", "image": "a:1"}, {"image": "b"}]}"#),
            ["a:1", "b"]
        );
        assert_eq!(images(r#"{"taskDefinition": {"containerDefinitions": [{"image": "a"}]}}"#), ["a"]);
        assert_eq!(images(r#"{"AWSEBDockerrunVersion": "1", "Image": {"Name": "c:2"}}"#), ["c:2"]);
    }

    #[test]
    fn other_json_and_templates_are_left_alone_and_what_is_broken_is_said() {
        assert!(parse(FileId(0), r#"{"image": "a"}"#).is_none());
        assert!(parse(FileId(0), r#"{"containerDefinitions": [], "cpu": ${cpu}}"#).is_none());
        assert_eq!(parse(FileId(0), r#"{"containerDefinitions": "#).unwrap().1.len(), 1);
    }
}
