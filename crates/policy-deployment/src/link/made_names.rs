//! The names of clusters, services, task definitions, containers and repositories that the repository makes.

mod left_out;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Resource, Root};
use policy_text::source::{Sources, Span};
use policy_text::value::{Piece, Text};

use super::given_variable::is_overridden;
use super::variable_value::{VariableValue, VariableValues};
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::AwsRoot;
use crate::model::ecs_call::{EcsCall, EcsVerb, NamedKind, is_region};
use crate::model::made_name::{MadeName, MadeNames, NamePart};
use crate::model::setting::Setting;
use left_out::{LeftOut, left_out};

/// The resources and data sources whose names are read, and the argument that holds the name. What is only looked up is there
/// as well.
const NAMED: [(&str, NamedKind, &str); 5] = [
    ("aws_ecs_cluster", NamedKind::Cluster, "name"),
    ("aws_ecs_cluster", NamedKind::Cluster, "cluster_name"),
    ("aws_ecs_service", NamedKind::Service, "name"),
    ("aws_ecs_service", NamedKind::Service, "service_name"),
    ("aws_ecs_task_definition", NamedKind::Family, "family"),
];

/// Words of the sources of modules that make some, with the kinds that they make.
const MODULES: [(&str, &[NamedKind]); 3] = [
    ("ecs", &[NamedKind::Cluster, NamedKind::Service, NamedKind::Family, NamedKind::Container]),
    ("fargate", &[NamedKind::Cluster, NamedKind::Service, NamedKind::Family, NamedKind::Container]),
    ("ecr", &[NamedKind::Repository]),
];

/// Files of other tools that make such things.
const OTHER_TOOLS: [&str; 6] =
    ["cdk.json", "Pulumi.yaml", "sst.config.ts", "serverless.yml", "serverless.yaml", ".workspace"];

const ALL: [NamedKind; 5] =
    [NamedKind::Cluster, NamedKind::Service, NamedKind::Family, NamedKind::Container, NamedKind::Repository];

/// The names that `roots` make, and those that `calls` do.
pub(super) fn made_names(
    roots: &[AwsRoot],
    calls: &[EcsCall],
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> MadeNames {
    let mut made = MadeNames::default();
    if calls.is_empty() {
        return made;
    }
    made.regions = regions(parsed, sources);
    let values = VariableValues::of(roots, parsed, sources, |_| true);
    let given = Given { values, parsed, overridden: RefCell::default() };
    for root in roots {
        if let Some(terraform) = &root.terraform {
            add_resources(&mut made, terraform, &given);
        }
        for repository in &root.repositories {
            for name in &repository.names {
                add(&mut made, NamedKind::Repository, name, &repository.resource, repository.at, &given);
            }
            if repository.names.is_empty() {
                made.may_be_more.insert(NamedKind::Repository);
            }
        }
        for definition in &root.task_definitions {
            if root.terraform.is_none() {
                add_setting(
                    &mut made,
                    NamedKind::Family,
                    &definition.family,
                    &definition.name,
                    definition.at,
                    &given,
                );
            }
            if definition.more_containers {
                made.may_be_more.insert(NamedKind::Container);
            }
            for container in &definition.containers {
                let of = &definition.name;
                add_setting(&mut made, NamedKind::Container, &container.name, of, container.at, &given);
            }
        }
    }
    for LeftOut { kind, name, of, at } in left_out(roots, parsed) {
        add(&mut made, kind, &name, &of, at, &given);
        if kind == NamedKind::Family {
            made.may_be_more.insert(NamedKind::Container);
        }
    }
    let of_infrastructure: BTreeSet<NamedKind> = made.names.keys().copied().collect();
    for call in calls.iter().filter(|call| call.verb == EcsVerb::Make) {
        for named in &call.names {
            // Who makes some by hand may have made others so.
            if !of_infrastructure.contains(&named.kind) {
                made.may_be_more.insert(named.kind);
            }
            add(&mut made, named.kind, &named.name, &call.by.to_string(), named.at, &given);
        }
    }
    // A task definition in a file is one of those that pipelines fill in: others may be kept elsewhere.
    let of_terraform = |root: &AwsRoot| root.terraform.is_some() && !root.task_definitions.is_empty();
    if !roots.iter().any(of_terraform) {
        made.may_be_more.extend([NamedKind::Family, NamedKind::Container]);
    }
    let by_others = sources.files().any(|(_, path)| OTHER_TOOLS.contains(&path.file_name()))
        || parsed.yaml.iter().any(|(_, file)| file.flavour == Flavour::CloudFormation);
    if by_others {
        made.may_be_more.extend(ALL);
    }
    made
}

/// What files give to variables of root modules.
struct Given<'p> {
    values: VariableValues<'p>,
    parsed: &'p Parsed,
    /// Whether a pipeline or a script gives a variable another value, for those that have been asked for.
    overridden: RefCell<BTreeMap<&'p str, bool>>,
}

impl<'p> Given<'p> {
    /// The value that stands at a place, and whether something else than the file decides it.
    fn at(&self, at: Span) -> Option<(VariableValue<'p>, bool)> {
        let value = self.values.at(at)?;
        let mut overridden = self.overridden.borrow_mut();
        let is_overridden =
            *overridden.entry(value.name).or_insert_with(|| is_overridden(value, self.parsed));
        Some((value, is_overridden))
    }
}

/// The regions that the Terraform files name anywhere.
fn regions(parsed: &Parsed, sources: &Sources<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, _) in &parsed.terraform {
        let text = sources.read(*file).map(|decoded| decoded.text).unwrap_or_default();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        found.extend(words.filter(|word| is_region(word)).map(str::to_owned));
    }
    found
}

fn add_resources(made: &mut MadeNames, root: &Root, given: &Given<'_>) {
    for resource in root.resources.iter().chain(&root.data_sources) {
        for (_, kind, argument) in NAMED.iter().filter(|(name, ..)| *name == &*resource.kind) {
            if let Some(name) = resource.body.get(argument).and_then(Value::to_text) {
                add(made, *kind, &name, &address(resource), resource.at, given);
            }
        }
    }
    for call in &root.remote_calls {
        let kinds = MODULES.iter().filter(|(word, _)| call.source.to_ascii_lowercase().contains(word));
        made.may_be_more.extend(kinds.flat_map(|(_, kinds)| *kinds));
    }
}

fn address(resource: &Resource) -> String {
    format!("{}.{}", resource.kind, resource.name)
}

fn add_setting(
    made: &mut MadeNames,
    kind: NamedKind,
    name: &Setting<String>,
    of: &str,
    at: Span,
    given: &Given<'_>,
) {
    match name {
        Setting::Known(name, from) => {
            add(made, kind, &Text::literal_from(name.as_str(), from.clone()), of, at, given);
        }
        Setting::Unset => {}
        Setting::Unknown(..) => {
            made.may_be_more.insert(kind);
        }
    }
}

/// Adds a name; one of which nothing is known may be any.
fn add(made: &mut MadeNames, kind: NamedKind, name: &Text, of: &str, at: Span, given: &Given<'_>) {
    let parts: Vec<NamePart> = name.pieces().iter().map(|piece| part(piece, given)).collect();
    if parts.iter().all(|part| *part == NamePart::Unknown) {
        made.may_be_more.insert(kind);
        return;
    }
    let name = MadeName { parts, of: of.to_owned(), at };
    let names = made.names.entry(kind).or_default();
    if !names.contains(&name) {
        names.push(name);
    }
}

fn part(piece: &Piece, given: &Given<'_>) -> NamePart {
    match piece {
        Piece::Hole(_) => NamePart::Unknown,
        Piece::Literal(text, from) => match given.at(from.at) {
            Some((_, true)) => NamePart::Unknown,
            Some((value, false)) => NamePart::Given(text.to_string(), value.at),
            None => NamePart::Fixed(text.to_string()),
        },
    }
}
