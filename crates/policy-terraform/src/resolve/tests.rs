//! What evaluation answers, from files to values.

mod blocks;
mod environments;
mod expressions;
mod modules;
mod robustness;
mod variables;

use policy_text::source::{MemoryTree, Sources};

use super::value::{Data, Value};
use super::world::{Resource, Root, World};
use super::{Selection, evaluate};
use crate::TerraformOptions;
use crate::parse::parse_all;

/// Evaluates files given by path.
fn world(files: &[(&str, &str)]) -> World {
    world_with(files, &TerraformOptions::default())
}

fn world_with(files: &[(&str, &str)], options: &TerraformOptions) -> World {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let (files, problems) = parse_all(&sources);
    assert_eq!(problems, []);
    evaluate(&files, &sources, &Selection::All, options)
}

/// The only root module of a world, in its only environment.
#[track_caller]
fn only(world: World) -> Root {
    let mut roots = world.roots;
    assert_eq!(roots.len(), 1, "{:?}", roots.iter().map(|root| &root.folder).collect::<Vec<_>>());
    roots.remove(0)
}

/// The root module of one file.
#[track_caller]
fn root(text: &str) -> Root {
    // Modules without resources are not evaluated.
    only(world(&[("main.tf", text), ("any.tf", "resource \"null_resource\" \"any\" {}\n")]))
}

/// The value of an expression beside some declarations, as [`shown`] writes it.
#[track_caller]
fn value(declarations: &str, expression: &str) -> String {
    let root = root(&format!("{declarations}\noutput \"it\" {{\n  value = {expression}\n}}\n"));
    shown(&root.outputs["it"])
}

#[track_caller]
fn resource<'r>(root: &'r Root, address: &str) -> &'r Resource {
    root.resources.iter().find(|resource| &*resource.address == address).unwrap_or_else(|| {
        let addresses: Vec<_> = root.resources.iter().map(|resource| &resource.address).collect();
        panic!("{address} is not among {addresses:?}")
    })
}

/// A value in a short form: JSON, with `<…>` for what is not known and `…` for elements that are not seen.
fn shown(value: &Value) -> String {
    match &value.data {
        Data::Unknown(origin) => format!("<{origin}>"),
        Data::OneOf(values) => values.iter().map(shown).collect::<Vec<_>>().join(" | "),
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(value) => value.to_string(),
        Data::String(text) => format!("{:?}", text.to_string()),
        Data::List(list) => {
            let mut items: Vec<String> = list.items.iter().map(shown).collect();
            if let Some(more) = &list.more {
                items.insert(more.after.min(items.len()), "…".to_owned());
            }
            format!("[{}]", items.join(", "))
        }
        Data::Object(object) => {
            let mut entries: Vec<String> =
                object.entries.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
            if object.more.is_some() {
                entries.push("…".to_owned());
            }
            format!("{{{}}}", entries.join(", "))
        }
        Data::Reference(reference) => format!("&{reference}"),
    }
}
