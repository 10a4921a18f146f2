//! Bake files: the images that their targets build, and push where something bakes them for a registry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, DockerfileSource, Places, Platforms, local_context, named_folder};
use policy_docker::cache;
use policy_terraform::parse::syntax::{Block, Expr, ExprKind, Part};
use policy_terraform::resolve::hcl::{Names, evaluate};
use policy_terraform::resolve::value::{Data, Value};
use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::{Origin, Text, ci_variables};
use rayon::prelude::*;

use crate::files::variables::SetVariables;
use crate::files::{BakeFile, Parsed};
use crate::found::Found;
use crate::model::image::ImageRole;
use crate::read::start_folder::placed;

/// How many targets may inherit from one another in a row, and how many targets a matrix makes.
const MAX_INHERITED: usize = 8;
const MAX_TARGETS: usize = 32;

/// Functions that bake has under names of Terraform's, and that mean something else: `index` finds by key, `coalesce` takes
/// an empty string.
const OWN_FUNCTIONS: &[&str] = &["coalesce", "index", "reverse"];

/// What all bake files build, and push where `pushes` says that something bakes for a registry.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>, pushes: bool) -> Found {
    let set = SetVariables::of(parsed);
    let read: Vec<Found> = parsed
        .bake_files
        .par_iter()
        .map(|(file, bake)| {
            let own = sources.path(*file).parent().unwrap_or_else(RepoPath::root);
            let variables = defaults(bake, &set);
            // Paths count from the folder that bake is started in.
            if own.is_root() {
                targets(bake, &variables, &own, pushes)
            } else {
                placed(&own, sources, |start| targets(bake, &variables, &start, pushes))
            }
        })
        .collect();
    read.into_iter().collect()
}

/// No name at all: what nothing in the file says, the environment does.
fn no_names() -> Names {
    let origin = |path: &str| {
        if path.contains('.') { Origin::Parameter(path.into()) } else { ci_variables::origin_of(path) }
    };
    Names::new(origin, OWN_FUNCTIONS)
}

/// The defaults of variables. One that a workflow or a script sets has no say, nor has `null`.
fn defaults(bake: &BakeFile, set: &SetVariables<'_>) -> Names {
    let mut names = no_names();
    for variable in bake.body.blocks_of("variable") {
        let Some(name) = variable.labels.first() else { continue };
        let Some(default) = variable.body().attribute("default").filter(|_| !set.contains(name)) else {
            continue;
        };
        let value = evaluate(&default.value, &names);
        if !value.is_null() {
            names.insert_default(name.clone(), value);
        }
    }
    names
}

fn targets(bake: &BakeFile, variables: &Names, folder: &RepoPath, pushes: bool) -> Found {
    let mut found = Found::default();
    let inherited = named_in(bake, "target", "inherits");
    let grouped = named_in(bake, "group", "targets");
    for block in bake.body.blocks_of("target") {
        // What others inherit from and no group names is no target of its own.
        let name = block.labels.first().map(ToString::to_string).unwrap_or_default();
        if inherited.contains(&name) && !grouped.contains(&name) {
            continue;
        }
        let target = Target { chain: chain(block, bake) };
        for names in target.combinations(variables) {
            target.read(block, &names, folder, pushes, &mut found);
        }
    }
    found
}

/// The targets that blocks of type `kind` name in the list `argument`.
fn named_in(bake: &BakeFile, kind: &str, argument: &str) -> BTreeSet<String> {
    let lists = bake.body.blocks_of(kind).filter_map(|block| block.body().attribute(argument));
    lists
        .flat_map(|list| items(&evaluate(&list.value, &no_names())))
        .filter_map(|name| name.as_string())
        .collect()
}

/// The target and those that it inherits from, the strongest first.
fn chain<'b>(target: &'b Block, bake: &'b BakeFile) -> Vec<&'b Block> {
    let mut chain = vec![target];
    let mut next = 0;
    while let Some(block) = chain.get(next).filter(|_| chain.len() <= MAX_INHERITED) {
        next += 1;
        let Some(inherits) = block.body().attribute("inherits") else { continue };
        let names = items(&evaluate(&inherits.value, &no_names()));
        // Of several the last counts most.
        let bases = names.iter().rev().filter_map(|name| {
            let name = name.as_string()?;
            bake.body.blocks_of("target").find(|block| block.labels.first().is_some_and(|own| **own == *name))
        });
        let bases: Vec<&Block> = bases.collect();
        chain.extend(bases);
    }
    chain
}

struct Target<'b> {
    chain: Vec<&'b Block>,
}

impl<'b> Target<'b> {
    fn said(&self, name: &str) -> Option<&'b Expr> {
        self.chain.iter().find_map(|block| Some(&block.body().attribute(name)?.value))
    }

    /// The entries of the object that the argument `name` is.
    fn entries(&self, name: &str, names: &Names) -> Vec<(Arc<str>, Value)> {
        let object = self.said(name).map(|object| evaluate(object, names));
        let entries = object.as_ref().and_then(Value::as_object).map(|object| object.entries.clone());
        entries.unwrap_or_default().into_iter().collect()
    }

    /// The names of each target that the matrix makes.
    fn combinations(&self, variables: &Names) -> Vec<Names> {
        let mut all = vec![variables.clone()];
        for (name, list) in self.entries("matrix", variables) {
            let items = items(&list);
            if items.is_empty() {
                continue;
            }
            let with = |names: &Names, item: &Value| {
                let mut names = names.clone();
                names.insert(name.clone(), item.clone());
                names
            };
            all = all
                .iter()
                .flat_map(|names| items.iter().map(move |item| with(names, item)))
                .take(MAX_TARGETS)
                .collect();
        }
        all
    }

    fn read(&self, own: &Block, names: &Names, folder: &RepoPath, pushes: bool, found: &mut Found) {
        let name = own.labels.first().map(ToString::to_string).unwrap_or_default();
        let by = Asker::Target(name);
        let outputs = ["output", "outputs"].iter().filter_map(|name| self.said(name));
        let to_registry = outputs.flat_map(|list| items(&evaluate(list, names))).any(|output| {
            output.texts().iter().any(|text| {
                let text = text.to_string();
                text.contains("type=registry") || text.contains("push=true")
            })
        });
        let mut images = Vec::new();
        for tags in self.said("tags").map(|tags| items(&evaluate(tags, names))).unwrap_or_default() {
            // An empty tag is none.
            for tag in tags.texts().iter().filter(|tag| !tag.is_empty()) {
                images.push(tag.clone());
                found.image(tag, tags.used_at(), ImageRole::Built, &by);
                if pushes || to_registry {
                    found.image(tag, tags.used_at(), ImageRole::Pushed, &by);
                }
            }
        }
        for entries in
            self.said("cache-to").map(|entries| items(&evaluate(entries, names))).unwrap_or_default()
        {
            for image in entries.texts().iter().filter_map(cache::written_to) {
                found.image(&image, entries.used_at(), ImageRole::Cache, &by);
            }
        }
        if let Some(request) = self.request(own, names, folder, images, by) {
            found.build(request);
        }
    }

    /// The build, where its folder and its Dockerfile are known.
    fn request(
        &self,
        own: &Block,
        names: &Names,
        folder: &RepoPath,
        images: Vec<Text>,
        by: Asker,
    ) -> Option<BuildRequest> {
        let known = |name: &str| self.said(name).map(|value| evaluate(value, names).as_string());
        let context = match known("context") {
            Some(context) => folder.join(local_context(&context?)?)?,
            None => folder.clone(),
        };
        let dockerfile = match (self.said("dockerfile-inline"), known("dockerfile")) {
            (Some(text), _) => DockerfileSource::Inline(written(text)?),
            (None, Some(file)) => DockerfileSource::File(context.join(&file?)?),
            (None, None) => DockerfileSource::Default,
        };
        let args = self.entries("args", names).into_iter();
        let args: BTreeMap<String, Text> = args
            .filter_map(|(name, value)| Some((name.to_string(), value.texts().into_iter().next()?)))
            .collect();
        let contexts = self.entries("contexts", names).into_iter();
        let named_contexts = contexts.map(|(name, value)| {
            (name.to_string(), value.as_string().and_then(|place| named_folder(&place, folder)))
        });
        Some(BuildRequest {
            context,
            dockerfile,
            target: known("target").flatten().filter(|target| !target.is_empty()),
            args,
            images,
            platforms: Platforms::Unknown,
            named_contexts: named_contexts.collect(),
            is_tentative: false,
            at: self.said("context").or_else(|| self.said("dockerfile")).map_or(own.at, |value| value.at),
            places: Places {
                dockerfile: self.said("dockerfile").map(|value| value.at),
                target: self.said("target").map(|value| value.at),
            },
            by,
        })
    }
}

/// The text of a string or here-document, line by line at its place. `None` where something is put into it.
fn written(value: &Expr) -> Option<Embedded> {
    let mut text = Embedded::new(value.at.file);
    match &value.kind {
        ExprKind::String(whole) => text.push_at(whole, value.at),
        ExprKind::Template(parts) => {
            for part in parts {
                let Part::Literal(line, at) = part else { return None };
                text.push_at(line, *at);
            }
        }
        _ => return None,
    }
    Some(text)
}

/// The items of a list, and of lists within it; those that are not seen are one that is not known. A value on its own is a
/// list of one.
fn items(value: &Value) -> Vec<Value> {
    match &value.data {
        Data::Null => Vec::new(),
        Data::List(list) => {
            let unseen = list.more.iter().map(|more| Value::unknown(more.origin.clone(), more.at));
            list.items.iter().flat_map(items).chain(unseen).collect()
        }
        Data::OneOf(alternatives) if alternatives.iter().any(|value| value.as_list().is_some()) => {
            let mut all: Vec<Value> = Vec::new();
            for item in alternatives.iter().flat_map(items) {
                if !all.contains(&item) {
                    all.push(item);
                }
            }
            all
        }
        _ => vec![value.clone()],
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    fn deployment(files: &[(&str, &str)], pushes: bool) -> Found {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        read(&parsed, &sources, pushes)
    }

    #[test]
    fn targets_that_inherit_from_each_other_end() {
        let bake = "target \"a\" {\n  inherits = [\"b\"]\n}\ntarget \"b\" {\n  inherits = [\"a\"]\n}\n";
        assert!(deployment(&[("docker-bake.hcl", bake)], true).images.is_empty());
    }
}
