//! Evaluates every root module into the world that rules see.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use policy_text::source::{FileId, RepoPath, Sources};
use rayon::prelude::*;

use super::evaluation::Evaluation;
use super::instance::{Each, Inputs, Instance, Shape};
use super::limits::{
    ALL_STEPS, AT_A_TIME, CutOff, Limit, MAX_RESOURCES, MAX_STEPS, STEPS_PER_BLOCK, STEPS_PER_RESOURCE,
};
use super::module::{Module, Modules};
use super::outputs::outputs;
use super::roots::{self, Plans, RootPlan};
use super::scope::Scope;
use super::selection::Selection;
use super::world::{ModuleCall, RemoteCall, Resource, Root, World};
use crate::TerraformOptions;
use crate::parse::syntax::Block;
use crate::parse::{self, File};

/// Evaluates the configuration of a whole tree: the root modules that hold or call what `selection` has, and in them what it
/// has.
pub fn evaluate(
    files: &[(FileId, File)],
    sources: &Sources<'_>,
    selection: &Selection,
    options: &TerraformOptions,
) -> World {
    let modules = Modules::collect(files, sources);
    let relevant = relevant_modules(&modules, selection);
    let Plans { plans, mut cut_off } = roots::plans(&modules, &relevant, sources, options);
    let mut roots = Vec::new();
    let mut problems = Vec::new();
    let mut left = ALL_STEPS;
    for plans in plans.chunks(AT_A_TIME) {
        // Each of them may take what one may: what all of them take together is counted before the next ones.
        let evaluated: Vec<(Option<Root>, CutOff, u64)> = plans
            .par_iter()
            .map(|plan| {
                let own = STEPS_PER_BLOCK * plan.module.blocks as u64;
                let steps = left.min(MAX_STEPS) + own;
                let evaluation = Evaluation::new(&modules, sources, options, &plan.module.folder, steps);
                let root = root(plan, &relevant, selection, &evaluation);
                let spent = evaluation.spent().saturating_sub(own);
                // Rules ask what is not there, too: a part of a root module is none.
                (Some(root).filter(|_| !evaluation.is_spent()), evaluation.cut_off, spent)
            })
            .collect();
        for (root, cut, spent) in evaluated {
            left = left.saturating_sub(spent);
            cut_off.extend(cut.said());
            problems.extend(cut.too_costly());
            roots.extend(root);
        }
    }
    cut_off.sort_unstable();
    cut_off.dedup();
    problems.extend(parse::deferred_problems(files, sources));
    World { roots, cut_off, problems }
}

/// The folders of modules that hold what is selected, themselves or in a module that they call.
fn relevant_modules(modules: &Modules<'_>, selection: &Selection) -> BTreeSet<RepoPath> {
    let holds = |module: &&Module<'_>| {
        let mut selected =
            module.resources.selected(selection).chain(module.data_sources.selected(selection));
        selected.next().is_some() || module.calls.iter().any(|(_, call)| is_remote(call))
    };
    let mut relevant: BTreeSet<RepoPath> =
        modules.by_folder.values().filter(holds).map(|module| module.folder.clone()).collect();
    // A module is as relevant as what it calls: until nothing changes, which it does at most once for each module.
    loop {
        let more: Vec<RepoPath> = modules
            .by_folder
            .values()
            .filter(|module| !relevant.contains(&module.folder))
            .filter(|module| {
                roots::called_folders(modules, module).iter().any(|folder| relevant.contains(folder))
            })
            .map(|module| module.folder.clone())
            .collect();
        if more.is_empty() {
            return relevant;
        }
        relevant.extend(more);
    }
}

fn is_remote(call: &Block) -> bool {
    let source = call.body().attribute("source").and_then(|source| source.value.as_literal());
    source.is_none_or(|source| !source.starts_with('.'))
}

fn root<'p>(
    plan: &RootPlan<'p>,
    relevant: &BTreeSet<RepoPath>,
    selection: &Selection,
    evaluation: &Evaluation<'p>,
) -> Root {
    let instance = Rc::new(Instance {
        module: plan.module,
        prefix: Arc::from(""),
        calls: Arc::from([]),
        key: String::new(),
        inputs: Inputs::Files(plan.values.clone()),
        memo: RefCell::default(),
        children: RefCell::default(),
    });
    let mut root = Root {
        folder: plan.module.folder.clone(),
        environment: plan.environment,
        is_library: plan.is_library,
        resources: Vec::new(),
        data_sources: Vec::new(),
        remote_calls: Vec::new(),
        outputs: BTreeMap::new(),
    };
    let mut waiting = vec![(instance.clone(), true)];
    while let Some((instance, certain)) = waiting.pop() {
        resources(evaluation, &instance, certain, selection, &mut root);
        for (&name, block) in instance.module.calls.iter() {
            let Some(children) = evaluation.children(&instance, name) else { continue };
            if !children.found {
                remote_calls(evaluation, &instance, name, block, certain, &mut root);
            }
            for (item, child) in children.expansion.items.iter().zip(&children.instances) {
                if relevant.contains(&child.module.folder) {
                    waiting.push((child.clone(), certain && item.certain));
                }
            }
        }
    }
    if selection.asks_for_outputs(&root.resources) {
        root.outputs = outputs(evaluation, &instance);
    }
    root.resources.sort_by(|a, b| a.address.cmp(&b.address));
    root.data_sources.sort_by(|a, b| a.address.cmp(&b.address));
    root.remote_calls.sort_by(|a, b| a.address.cmp(&b.address));
    root
}

fn resources<'p>(
    evaluation: &Evaluation<'p>,
    instance: &Rc<Instance<'p>>,
    certain: bool,
    selection: &Selection,
    root: &mut Root,
) {
    let module = instance.module;
    let managed = module.resources.selected(selection).map(|(name, block)| (name, block, false));
    let data = module.data_sources.selected(selection).map(|(name, block)| (name, block, true));
    for (address, block, is_data) in managed.chain(data) {
        let [kind, name] = block.labels.as_slice() else { continue };
        if root.resources.len() + root.data_sources.len() >= MAX_RESOURCES {
            evaluation.cut_off.note(Limit::Resources, block.at);
            return;
        }
        let address = format!("{}{address}", instance.prefix);
        let expansion = evaluation.expansion_of(&address, block.body(), Scope::of(instance, &Each::None));
        for item in &expansion.items {
            if evaluation.spend(STEPS_PER_RESOURCE, block.at).is_err() {
                return;
            }
            let suffix = item.each.suffix();
            let resource = Resource {
                address: Arc::from(format!("{address}{suffix}")),
                kind: kind.clone(),
                name: name.clone(),
                at: block.at,
                body: evaluation.top_body(block.body(), block.at, Scope::of(instance, &item.each)),
                calls: instance.calls.clone(),
                certain: certain && item.certain,
            };
            if is_data { root.data_sources.push(resource) } else { root.resources.push(resource) }
        }
    }
}

fn remote_calls<'p>(
    evaluation: &Evaluation<'p>,
    instance: &Rc<Instance<'p>>,
    name: &str,
    block: &'p Block,
    certain: bool,
    root: &mut Root,
) {
    let scope = Scope::of(instance, &Each::None);
    let expansion = evaluation.expansion(block.body(), scope);
    let source =
        block.body().attribute("source").and_then(|source| source.value.as_literal()).unwrap_or_default();
    for item in expansion.items {
        let suffix = if expansion.shape == Shape::Single { String::new() } else { item.each.suffix() };
        let address: Arc<str> = Arc::from(format!("{}module.{name}{suffix}", instance.prefix));
        let mut arguments = evaluation.top_body(block.body(), block.at, Scope::of(instance, &item.each));
        arguments.arguments.retain(|argument| !matches!(&*argument.name, "source" | "version"));
        root.remote_calls.push(RemoteCall {
            address,
            source: Arc::from(source),
            at: block.at,
            arguments,
            calls: Arc::<[ModuleCall]>::clone(&instance.calls),
            certain: certain && item.certain,
        });
    }
}
