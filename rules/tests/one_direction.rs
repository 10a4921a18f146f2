//! The house has one direction: no arrow between crates or folders runs back up, and no large circle of files grows.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the sources are read from disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The crates from the ground up. What stands in one row knows nothing of its neighbours.
const FLOORS: [&[&str]; 7] = [
    &["policy-text"],
    &["policy-http"],
    &[
        "policy-compiled",
        "policy-disk",
        "policy-docker",
        "policy-nginx",
        "policy-python",
        "policy-script",
        "policy-shell",
        "policy-terraform",
    ],
    &["policy-deployment"],
    &["policy-core"],
    &["policy-rules"],
    &["policy-cli"],
];

/// How many files may lean on one another: those of one small evaluator.
const LARGEST_CIRCLE: usize = 5;

/// A module by its path from the root of its crate; the root itself is empty.
type Module = Vec<String>;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder_of(name: &str) -> PathBuf {
    if name == "policy-rules" { workspace().join("rules") } else { workspace().join("crates").join(name) }
}

/// The manifest of a crate. The program's is that of the root, so that it can be installed from there.
fn manifest_of(name: &str) -> PathBuf {
    if name == "policy-cli" { workspace() } else { folder_of(name) }.join("Cargo.toml")
}

/// The sources of a crate, by module, parsed.
fn modules_of(name: &str) -> BTreeMap<Module, syn::File> {
    let own = folder_of(name);
    let root = if name == "policy-rules" { own } else { own.join("src") };
    let mut found = BTreeMap::new();
    let mut pending = vec![root.clone()];
    while let Some(folder) = pending.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !["examples", "target", "tests"].iter().any(|name| path.ends_with(name)) {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).unwrap().with_extension("");
                let mut module: Module =
                    inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                if module.len() == 1 && matches!(module[0].as_str(), "lib" | "main") {
                    module.clear();
                }
                if module.last().is_none_or(|last| last != "tests") {
                    found.insert(module, syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
                }
            }
        }
    }
    assert!(!found.is_empty(), "{name} has no sources");
    found
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The paths that a file names, outside of its tests, each from the root of the crate.
struct Named<'m> {
    /// The module that is read.
    module: &'m Module,
    /// The modules that it declares.
    declared: BTreeSet<String>,
    paths: Vec<Module>,
}

impl Named<'_> {
    /// Adds a path where it leads into this crate.
    fn add(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        let (mut from, rest) = match first.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (self.module.clone(), &path[1..]),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                (self.module[..self.module.len().saturating_sub(ups)].to_vec(), &path[ups..])
            }
            name if self.declared.contains(name) => (self.module.clone(), path),
            _ => return,
        };
        from.extend_from_slice(rest);
        self.paths.push(from);
    }

    fn add_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree, &with(&path.ident)),
            UseTree::Name(name) if name.ident == "self" => self.add(before),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.add_tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Named<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if parts.len() > 1 {
            self.add(&parts);
        }
        visit::visit_path(self, path);
    }
}

/// The names that a module hands on from others of its crate, each with where it comes from.
fn handed_on(module: &Module, file: &syn::File) -> BTreeMap<String, Module> {
    let declared = declared(file);
    let mut found = BTreeMap::new();
    for item in &file.items {
        let Item::Use(item) = item else { continue };
        let mut named = Named { module, declared: declared.clone(), paths: Vec::new() };
        named.add_tree(&item.tree, &[]);
        found.extend(named.paths.into_iter().filter_map(|path| Some((path.last()?.clone(), path))));
    }
    found
}

fn declared(file: &syn::File) -> BTreeSet<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(item) if item.content.is_none() => Some(item.ident.to_string()),
        _ => None,
    });
    modules.collect()
}

/// For each file the files that it takes something from. A name that a module only hands on counts for where it is made.
fn arrows(name: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let files = modules_of(name);
    let handed: BTreeMap<&Module, BTreeMap<String, Module>> =
        files.iter().map(|(module, file)| (module, handed_on(module, file))).collect();
    let home = |path: &Module| -> Module {
        let mut path = path.clone();
        // A chain of names handed on ends; a circle of them would not compile.
        for _ in 0..8 {
            let length = (0..=path.len()).rev().find(|&length| files.contains_key(&path[..length])).unwrap();
            let next = path.get(length).and_then(|item| handed.get(&path[..length].to_vec())?.get(item));
            match next {
                Some(origin) if *origin != path => path = [origin, &path[length + 1..]].concat(),
                _ => return path[..length].to_vec(),
            }
        }
        path
    };
    let mut arrows = BTreeMap::new();
    for (module, file) in &files {
        let mut named = Named { module, declared: declared(file), paths: Vec::new() };
        for item in &file.items {
            // Handing a name on is no use of it.
            if !matches!(item, Item::Use(item) if !matches!(item.vis, syn::Visibility::Inherited)) {
                named.visit_item(item);
            }
        }
        let taken: BTreeSet<Module> = named.paths.iter().map(&home).filter(|other| other != module).collect();
        arrows.insert(module.clone(), taken);
    }
    arrows
}

/// The sets of places that lean on one another, by Kosaraju's algorithm without recursion.
fn circles<P: Ord + Clone>(arrows: &BTreeMap<P, BTreeSet<P>>) -> Vec<Vec<P>> {
    let mut back: BTreeMap<&P, Vec<&P>> = BTreeMap::new();
    for (from, targets) in arrows {
        for to in targets {
            back.entry(to).or_default().push(from);
        }
    }
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    for start in arrows.keys() {
        let mut stack = vec![(start, false)];
        while let Some((place, left)) = stack.pop() {
            if left {
                order.push(place);
            } else if seen.insert(place) {
                stack.push((place, true));
                stack.extend(arrows.get(place).into_iter().flatten().map(|next| (next, false)));
            }
        }
    }
    let mut done = BTreeSet::new();
    let mut found = Vec::new();
    for start in order.into_iter().rev() {
        let (mut circle, mut stack) = (Vec::new(), vec![start]);
        while let Some(place) = stack.pop() {
            if done.insert(place) {
                circle.push(place.clone());
                stack.extend(back.get(place).into_iter().flatten());
            }
        }
        if circle.len() > 1 {
            circle.sort();
            found.push(circle);
        }
    }
    found
}

fn crates() -> impl Iterator<Item = &'static str> {
    FLOORS.into_iter().flatten().copied()
}

#[test]
fn crates_lean_on_those_below_alone() {
    for (floor, names) in FLOORS.iter().enumerate() {
        let below: BTreeSet<&str> = FLOORS[..floor].iter().copied().flatten().copied().collect();
        for name in *names {
            let manifest = fs::read_to_string(manifest_of(name)).unwrap();
            let (_, after) = manifest.split_once("[dependencies]").unwrap();
            let own = after.split("\n[").next().unwrap().lines();
            let ours =
                own.filter_map(|line| line.split('.').next().filter(|name| name.starts_with("policy-")));
            for dependency in ours {
                assert!(below.contains(dependency), "{name} leans on {dependency}, which is not below it");
            }
        }
    }
}

#[test]
fn every_crate_has_its_floor() {
    let listed: BTreeSet<String> = fs::read_dir(workspace().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .chain(["policy-rules".to_owned()])
        .collect();
    assert_eq!(listed, crates().map(str::to_owned).collect());
}

#[test]
fn no_large_circle_of_files_grows() {
    let all = crates().flat_map(|name| circles(&arrows(name)).into_iter().map(move |circle| (name, circle)));
    let large: Vec<String> = all
        .filter(|(_, circle)| circle.len() > LARGEST_CIRCLE)
        .map(|(name, circle)| {
            let files: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
            format!("{name}: {}", files.join(", "))
        })
        .collect();
    assert!(large.is_empty(), "these files lean on one another: {large:#?}");
}

#[test]
fn folders_lean_on_one_another_in_one_direction() {
    for name in crates() {
        let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, targets) in arrows(name) {
            let Some(own) = module.first() else { continue };
            let others = targets.iter().filter_map(|target| target.first()).filter(|other| *other != own);
            folders.entry(own.clone()).or_default().extend(others.cloned());
        }
        let found = circles(&folders);
        assert!(found.is_empty(), "{name}: these folders lean on one another: {found:#?}");
    }
}

#[test]
fn the_reader_of_imports_sees_an_arrow_that_runs_up() {
    let module = vec!["model".to_owned(), "image".to_owned()];
    let file = syn::parse_file(
        "use super::{context::Build, setting};\nuse std::fmt;\nfn f() { crate::read::aws::read() }\n\
         #[cfg(test)]\nmod tests { use crate::link::link; }",
    )
    .unwrap();
    let mut named = Named { module: &module, declared: declared(&file), paths: Vec::new() };
    named.visit_file(&file);
    let paths: Vec<String> = named.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["model::context::Build", "model::setting", "read::aws::read"]);

    let both_ways = BTreeMap::from([("a", BTreeSet::from(["b"])), ("b", BTreeSet::from(["a"]))]);
    assert_eq!(circles(&both_ways), [["a", "b"]]);
    assert!(circles(&BTreeMap::from([("a", BTreeSet::from(["b"]))])).is_empty());
}
