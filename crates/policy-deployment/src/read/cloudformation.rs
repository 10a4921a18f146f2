//! Templates of `CloudFormation` and SAM: the images that their resources run.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use policy_docker::asker::Asker;
use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Sources, Span};
use policy_text::value::alternatives::{Alternatives, append};
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml};
use rayon::prelude::*;

use crate::commands::substituted;
use crate::files::Parsed;
use crate::files::variables::SetVariables;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;

/// How deep functions may stand in functions.
const MAX_DEPTH: usize = 8;

/// The images of all templates.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let files: Vec<_> =
        parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::CloudFormation).collect();
    let given: BTreeSet<&str> = files.iter().flat_map(|(_, file)| given_to_stacks(&file.yaml)).collect();
    let set = SetVariables::of(parsed);
    let is_given = |name: &str| given.contains(name) || set.contains(name) || is_named(name, parsed);
    let read: Vec<Found> = files
        .par_iter()
        .map(|(file, template)| resources(&template.yaml, sources.path(*file), &is_given))
        .collect();
    read.into_iter().collect()
}

/// The parameters that a template gives to the stacks in it.
fn given_to_stacks(yaml: &Yaml) -> Vec<&str> {
    let resources = yaml.root().and_then(|root| root.get("Resources")).map(Node::entries).unwrap_or_default();
    let parameters = resources.into_iter().filter_map(|(_, resource)| {
        let kind = resource.get("Type").and_then(Node::as_str);
        let is_stack = matches!(kind, Some("AWS::CloudFormation::Stack" | "AWS::Serverless::Application"));
        resource.path(&["Properties", "Parameters"]).filter(|_| is_stack)
    });
    parameters.flat_map(Node::entries).filter_map(|(name, _)| name.as_str()).collect()
}

/// Whether a script gives a parameter its value in the long form, `ParameterKey=Tag,ParameterValue=1`.
fn is_named(name: &str, parsed: &Parsed) -> bool {
    let key = format!("ParameterKey={name},");
    parsed.shell.iter().any(|(_, script)| script.text.as_str().contains(&key))
}

fn resources(yaml: &Yaml, path: &RepoPath, is_given: &dyn Fn(&str) -> bool) -> Found {
    let mut found = Found::default();
    let Some(root) = yaml.root() else { return found };
    let role = ImageRole::in_file(path);
    let template = Template::of(root, is_given);
    for (name, resource) in root.get("Resources").map(Node::entries).unwrap_or_default() {
        let user = Asker::Resource(name.as_str().unwrap_or_default().to_owned());
        for image in images(resource) {
            for reference in template.value(image, 0) {
                found.image(&reference, image.span(), role, &user);
            }
        }
    }
    found
}

/// The expressions that name the images of a resource.
fn images(resource: Node<'_>) -> Vec<Node<'_>> {
    let Some(properties) = resource.get("Properties") else { return Vec::new() };
    match resource.get("Type").and_then(Node::as_str) {
        Some("AWS::ECS::TaskDefinition") => {
            let containers = properties.get("ContainerDefinitions").into_iter().flat_map(Node::items);
            containers.filter_map(|container| container.get("Image")).collect()
        }
        Some("AWS::Lambda::Function") => properties.path(&["Code", "ImageUri"]).into_iter().collect(),
        Some("AWS::Serverless::Function") => properties.get("ImageUri").into_iter().collect(),
        Some("AWS::AppRunner::Service") => {
            let path = ["SourceConfiguration", "ImageRepository", "ImageIdentifier"];
            properties.path(&path).into_iter().collect()
        }
        Some("AWS::Batch::JobDefinition") => {
            properties.path(&["ContainerProperties", "Image"]).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The defaults of a template's parameters that count: nothing gives these parameters another value.
struct Template<'y> {
    defaults: BTreeMap<&'y str, Node<'y>>,
}

impl<'y> Template<'y> {
    fn of(root: Node<'y>, is_given: &dyn Fn(&str) -> bool) -> Self {
        let parameters = root.get("Parameters").map(Node::entries).unwrap_or_default();
        let defaults = parameters.into_iter().filter_map(|(name, parameter)| {
            let default = parameter.get("Default")?;
            // An empty one is given where the template is deployed.
            let name = name.as_str()?;
            let counts = default.as_str().is_some_and(|text| !text.is_empty()) && !is_given(name);
            counts.then_some((name, default))
        });
        Self { defaults: defaults.collect() }
    }

    /// What an expression can stand for.
    fn value(&self, node: Node<'y>, depth: usize) -> Alternatives {
        let at = node.span();
        let unknown =
            || vec![Text::hole(Origin::Other("it calls a function that is not evaluated".into()), at)];
        if depth > MAX_DEPTH {
            return unknown();
        }
        // `!Sub x` is short for `Fn::Sub: x`.
        let (function, argument) = match (node.tag(), node.entries().as_slice()) {
            (Some(tag), _) => (tag, node),
            (None, [(name, argument)]) => {
                let name = name.as_str().unwrap_or_default();
                (name.strip_prefix("Fn::").unwrap_or(name), *argument)
            }
            (None, _) => match node.embedded() {
                Some(text) => return substituted(&text, []),
                None => return unknown(),
            },
        };
        match function {
            "Ref" => argument.as_str().map_or_else(unknown, |name| vec![self.parameter(name, at)]),
            "Sub" => {
                let text = argument.items().next().unwrap_or(argument);
                text.embedded().map_or_else(unknown, |text| substituted(&text, self.parts(&text)))
            }
            "Join" => {
                let (separator, list) = {
                    let mut arguments = argument.items();
                    (arguments.next(), arguments.next())
                };
                let separator = separator.and_then(Node::as_str).unwrap_or_default();
                let mut whole = vec![Text::empty()];
                for (index, item) in list.into_iter().flat_map(Node::items).enumerate() {
                    if index > 0 {
                        append(&mut whole, &[Text::literal(separator, at)], at);
                    }
                    append(&mut whole, &self.value(item, depth + 1), at);
                }
                whole
            }
            "If" => argument.items().skip(1).flat_map(|branch| self.value(branch, depth + 1)).collect(),
            _ => unknown(),
        }
    }

    fn parameter(&self, name: &str, at: Span) -> Text {
        match self.defaults.get(name).and_then(|default| default.embedded()) {
            Some(default) => {
                let whole = default.span(0..default.as_str().len());
                Text::literal(default.as_str(), whole).through(at, format!("`{name}` is used here"))
            }
            None => Text::hole(Origin::Parameter(name.into()), at),
        }
    }

    /// The `${Name}` of a text, and what they stand for.
    fn parts(&self, text: &Embedded) -> Vec<(Range<usize>, Alternatives)> {
        let written = text.as_str();
        let openings = written.match_indices("${").filter_map(|(start, _)| {
            let inner = written.get(start + 2..)?;
            let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '.' | '_'))?;
            // `${!Name}` stays as it is.
            inner.get(length..)?.starts_with('}').then(|| (start..start + length + 3, inner.get(..length)))
        });
        openings
            .map(|(range, name)| {
                let at = text.span(range.clone());
                (range, vec![self.parameter(name.unwrap_or_default(), at)])
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use indoc::formatdoc;
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    fn images(path: &str, image: &str) -> Vec<(String, ImageRole)> {
        let template = formatdoc! {"
            Parameters:
              Tag: {{Type: String, Default: latest}}
              Url: {{Type: String}}
            Resources:
              Task:
                Type: AWS::ECS::TaskDefinition
                Properties:
                  ContainerDefinitions:
                    - Name: web
                      Image: {image}
        "};
        let tree = MemoryTree::new().with(RepoPath::new(path).unwrap(), template);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        assert_eq!(parsed.problems, []);
        let found = read(&parsed, &sources);
        found.images.iter().map(|image| (image.reference.to_string(), image.role)).collect()
    }

    #[test]
    fn functions_put_the_defaults_of_parameters_in() {
        for (image, value) in [
            ("r.io/web:latest", "r.io/web:latest"),
            ("!Sub '${AWS::AccountId}.dkr.ecr.x/web:${Tag}'", "${AWS::AccountId}.dkr.ecr.x/web:latest"),
            ("{'Fn::Sub': 'r.io/web:${Tag}'}", "r.io/web:latest"),
            ("!Join ['', [r.io/web, ':', !Ref Tag]]", "r.io/web:latest"),
            ("!Join [':', [!Ref Url, !Ref Tag]]", "${Url}:latest"),
            ("!Ref Url", "${Url}"),
            ("!ImportValue x", "${…}"),
        ] {
            assert_eq!(images("infra/ecs.yaml", image), [(value.to_owned(), ImageRole::Deployed)], "{image}");
        }
        assert_eq!(images("dev/ecs.yaml", "a:1")[0].1, ImageRole::Development);
    }

    #[test]
    fn both_branches_of_a_condition_may_be_taken() {
        let found = images("infra/ecs.yaml", "!If [Prod, 'r.io/web:1', 'r.io/web:latest']");
        let found: Vec<_> = found.iter().map(|(image, _)| image.as_str()).collect();
        assert_eq!(found, ["r.io/web:1", "r.io/web:latest"]);
    }
}
