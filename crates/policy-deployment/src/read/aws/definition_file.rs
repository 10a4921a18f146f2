//! Task definitions that are files of their own, which pipelines fill in and register.

use std::sync::Arc;

use policy_terraform::resolve::functions::decode_json;
use policy_terraform::resolve::value::Value;
use policy_text::source::{FileId, Sources, Span};
use policy_text::value::{Origin, Piece, Provenance, Text};

use super::{container, setting, task_definition};
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::task_definition::{SizeChoices, TaskDefinition};

/// How the places are marked that something fills in.
const MARKS: [(&str, &str); 4] = [("${", "}"), ("{{", "}}"), ("<", ">"), ("__", "__")];

/// The task definitions of all files but those that are read from one of `roots`, each by itself: nothing says what else is
/// created together with it.
pub(crate) fn read(parsed: &Parsed, roots: &[AwsRoot], sources: &Sources<'_>) -> Vec<AwsRoot> {
    let definitions = roots.iter().flat_map(|root| &root.task_definitions);
    let containers = || definitions.clone().flat_map(|definition| &definition.containers);
    let is_read = |file: FileId| containers().any(|container| container.at.file == file);
    let files = parsed.task_definitions.iter().map(|(file, _)| *file).filter(|file| !is_read(*file));
    files.filter_map(|file| root(file, sources)).collect()
}

fn root(file: FileId, sources: &Sources<'_>) -> Option<AwsRoot> {
    let name = sources.path(file).file_name();
    if name == "Dockerrun.aws.json" {
        return None;
    }
    let text = sources.read(file).ok()?;
    let decoded = decode_json(&with_holes(&text.text, file), Span::start_of(file)).ok()?;
    let written = decoded.get("taskDefinition").unwrap_or(&decoded);
    let definition = of_object(name, written)?;
    Some(AwsRoot {
        folder: sources.folder_of(file),
        task_definitions: vec![Arc::new(definition)],
        ..AwsRoot::default()
    })
}

fn of_object(name: &str, written: &Value) -> Option<TaskDefinition> {
    let field = |name: &str| written.get(name).filter(|value| !value.is_null());
    let (containers, more_containers) = container::of_list(field("containerDefinitions")?);
    let open = written.as_object().is_none_or(|object| object.more.is_some());
    Some(TaskDefinition {
        name: name.into(),
        address: name.into(),
        at: written.at(),
        family: setting::of(field("family"), Value::as_string),
        containers,
        more_containers,
        network_mode: setting::of(field("networkMode"), |value| value.as_string().map(Into::into)),
        needs_fargate: if open {
            None
        } else {
            task_definition::needs_fargate(field("requiresCompatibilities"))
        },
        architecture: setting::of(
            field("runtimePlatform").and_then(|platform| platform.get("cpuArchitecture")),
            |value| value.as_string().map(Into::into),
        ),
        cpu: setting::of(field("cpu"), Value::as_string),
        memory: setting::of(field("memory"), Value::as_string),
        choices: SizeChoices {
            cpu: setting::choices(field("cpu")),
            memory: setting::choices(field("memory")),
        },
        execution_role: setting::of(field("executionRoleArn"), Value::as_string),
    })
}

/// The text of a file, in which what something fills in is not known.
fn with_holes(text: &str, file: FileId) -> Text {
    let mut value = Text::empty();
    let mut from = 0;
    let mut next = MARKS.map(|kind| next_mark(kind, text, 0));
    while let Some(&(start, end)) = next.iter().flatten().min() {
        value.push(literal(text, from..start, file));
        let at = Span::new(file, start..end);
        let filled_in =
            Origin::Other("something replaces it before the task definition is registered".into());
        value.append(&Text::hole(filled_in, at));
        from = end;
        for (kind, next) in MARKS.into_iter().zip(&mut next) {
            if next.is_some_and(|(start, _)| start < from) {
                *next = next_mark(kind, text, from);
            }
        }
    }
    value.push(literal(text, from..text.len(), file));
    value
}

fn literal(text: &str, range: std::ops::Range<usize>, file: FileId) -> Piece {
    let part = text.get(range.clone()).unwrap_or_default();
    Piece::Literal(part.into(), Provenance::at(Span::new(file, range)))
}

/// The next place that something fills in: a few words of one line between marks of a kind.
fn next_mark((open, close): (&str, &str), text: &str, from: usize) -> Option<(usize, usize)> {
    let mut search = from;
    loop {
        let start = search + text.get(search..)?.find(open)?;
        let inside = start + open.len();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | ':');
        let rest = text.get(inside..)?;
        let longest = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        // The end may begin with what names are made of: `__`.
        let length =
            rest.get(..(longest + close.len()).min(rest.len())).and_then(|within| within.find(close));
        match length.and_then(|length| rest.get(..length)) {
            Some(name) if !name.trim().is_empty() => return Some((start, inside + name.len() + close.len())),
            _ => search = inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, RepoPath};

    use super::*;
    use crate::files::parse_plainly;

    const FILE: &str = r#"{
  "family": "api-${STAGE}",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "containerDefinitions": [
    {"name": "api", "image": "<IMAGE>", "portMappings": [{"containerPort": 80, "hostPort": "{{PORT}}"}],
     "environment": [{"name": "A", "value": "b"}], "secrets": [{"name": "S", "valueFrom": "arn"}],
     "healthCheck": {"command": ["CMD-SHELL", "curl http://localhost/"], "interval": 7}}
  ]
}"#;

    #[test]
    fn what_a_file_says_is_known_and_what_is_filled_in_is_not() {
        let tree = MemoryTree::new().with(RepoPath::new("deploy/taskdef.json").unwrap(), FILE);
        let sources = Sources::open(&tree);
        let roots = read(&parse_plainly(&sources), &[], &sources);
        let definition = &roots[0].task_definitions[0];
        assert_eq!((&*definition.name, definition.needs_fargate), ("taskdef.json", Some(true)));
        assert_eq!(definition.family.known(), None);
        let container = &definition.containers[0];
        assert_eq!(container.images[0].0.known(), None);
        assert_eq!(container.ports[0].container.known(), Some(&80));
        assert!(container.ports[0].host.known().is_none() && container.ports[0].host.is_set());
        assert_eq!(container.environment.variables.len(), 2);
        let check = container.health_check.known().unwrap();
        assert_eq!((check.interval.known(), check.probe.in_shell), (Some(&7), true));
    }
}
