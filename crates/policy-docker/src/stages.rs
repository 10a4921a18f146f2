//! The stages of a Dockerfile: which of them a build needs, and the variables in each.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::value::Text;

use crate::dockerfile::{Assignment, Dockerfile, Instruction, Kind, Scope, Stage, Word, expand};

/// What a stage starts from, or what an instruction takes files from.
pub enum StageSource {
    /// Another stage, by its number.
    Stage(usize),
    /// An image, or a context that the build names.
    Image(Text),
}

/// A Dockerfile with the arguments of one build applied.
pub struct Stages<'a> {
    dockerfile: &'a Dockerfile,
    args: &'a BTreeMap<String, Text>,
    global: Scope,
    /// For each stage, what it starts from.
    bases: Vec<StageSource>,
    /// For each stage, the variables at its end: those of its image.
    ends: Vec<Arc<Scope>>,
    /// For each stage, what its instructions set, in order: it is walked through more than once.
    values: Vec<Vec<Arc<Text>>>,
}

/// What an instruction sets.
#[derive(Clone, Copy)]
enum Setting<'a> {
    Arg(&'a Assignment),
    Env(&'a str, &'a Word),
}

impl<'a> Setting<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Arg(arg) => &arg.name.text,
            Self::Env(name, _) => name,
        }
    }
}

fn settings(instruction: &Instruction) -> impl Iterator<Item = Setting<'_>> {
    let (args, variables) = match &instruction.kind {
        Kind::Arg(args) => (args.as_slice(), [].as_slice()),
        Kind::Env(variables) => ([].as_slice(), variables.as_slice()),
        _ => ([].as_slice(), [].as_slice()),
    };
    args.iter().map(Setting::Arg).chain(variables.iter().filter_map(|variable| {
        let value = variable.value.as_ref()?;
        Some(Setting::Env(&variable.name.text, value))
    }))
}

impl<'a> Stages<'a> {
    /// Resolves the stages of a Dockerfile that is built with `args`.
    pub fn new(dockerfile: &'a Dockerfile, args: &'a BTreeMap<String, Text>) -> Self {
        let mut global = Scope::default();
        for arg in &dockerfile.global_args {
            let value = global.declared(arg, args, None, dockerfile.escape);
            global.set(&arg.name.text, value);
        }
        let mut stages =
            Self { dockerfile, args, global, bases: Vec::new(), ends: Vec::new(), values: Vec::new() };
        for (index, stage) in dockerfile.stages.iter().enumerate() {
            let reference = expand(&stage.base, &stages.global, dockerfile.escape);
            // A number names no stage in `FROM`.
            let named = reference.known().and_then(|name| dockerfile.stage_named(&name, index));
            let base = match named {
                Some((base, stage)) if stage.name.is_some() => StageSource::Stage(base),
                _ => StageSource::Image(reference),
            };
            stages.bases.push(base);
            let mut values = Vec::new();
            let evaluated = |setting, scope: &Scope| {
                let value = Arc::new(stages.evaluate(setting, scope));
                values.push(Arc::clone(&value));
                value
            };
            let end = stages.advance(index, |_, _| {}, evaluated);
            stages.ends.push(Arc::new(end));
            stages.values.push(values);
        }
        stages
    }

    /// What the stage numbered `index` starts from.
    pub fn base(&self, index: usize) -> Option<&StageSource> {
        self.bases.get(index)
    }

    /// The stage numbered `index`.
    pub fn stage(&self, index: usize) -> Option<&'a Stage> {
        self.dockerfile.stages.get(index)
    }

    /// The stage to build: `target`, by name or number, or the last. `None` where there is no such stage.
    pub fn target(&self, target: Option<&str>) -> Option<usize> {
        match target {
            None => self.dockerfile.stages.len().checked_sub(1),
            Some(name) => {
                self.dockerfile.stage_named(name, self.dockerfile.stages.len()).map(|(index, _)| index)
            }
        }
    }

    /// The stages that building the stage `target` runs, ascending.
    pub fn needed(&self, target: usize) -> Vec<usize> {
        let mut needed = vec![false; self.dockerfile.stages.len()];
        let mut pending = vec![target];
        while let Some(index) = pending.pop() {
            if needed.get(index).copied().unwrap_or(true) {
                continue;
            }
            if let Some(mark) = needed.get_mut(index) {
                *mark = true;
            }
            self.visit(index, |source| match source {
                StageSource::Stage(stage) => pending.push(stage),
                // A stage chosen by a value that is not known: it can be any of the earlier ones.
                StageSource::Image(reference) if reference.known().is_none() => pending.extend(0..index),
                StageSource::Image(_) => {}
            });
        }
        needed.into_iter().enumerate().filter_map(|(index, needed)| needed.then_some(index)).collect()
    }

    /// Calls `found` with the base of the stage `index` and with everything that it takes files from.
    fn visit(&self, index: usize, mut found: impl FnMut(StageSource)) {
        match self.bases.get(index) {
            Some(StageSource::Stage(stage)) => found(StageSource::Stage(*stage)),
            Some(StageSource::Image(reference)) => found(StageSource::Image(reference.clone())),
            None => return,
        }
        self.walk(index, |instruction, scope| {
            for word in sources_elsewhere(instruction) {
                found(self.source(word, scope, index));
            }
        });
    }

    /// What `--from=word` means in the stage `index`.
    pub fn source(&self, word: &Word, scope: &Scope, index: usize) -> StageSource {
        let reference = expand(word, scope, self.dockerfile.escape);
        match reference.known().and_then(|name| self.dockerfile.stage_named(&name, index)) {
            Some((stage, _)) => StageSource::Stage(stage),
            None => StageSource::Image(reference),
        }
    }

    /// Calls `found` for each instruction of the stage `index` that runs in this build, with the variables it sees.
    pub fn walk(&self, index: usize, found: impl FnMut(&'a Instruction, &Scope)) {
        let mut known = self.values.get(index).into_iter().flatten().cloned();
        self.advance(index, found, |_, _| known.next().unwrap_or_default());
    }

    /// Walks through the stage `index`; those below it must have been. The variables at its end. `value` is asked for what is
    /// set, in order.
    fn advance(
        &self,
        index: usize,
        mut found: impl FnMut(&'a Instruction, &Scope),
        mut value: impl FnMut(Setting<'a>, &Scope) -> Arc<Text>,
    ) -> Scope {
        let below = match self.bases.get(index) {
            Some(StageSource::Stage(base)) => self.ends.get(*base),
            _ => None,
        };
        let mut scope = below.cloned().map(Scope::above).unwrap_or_default();
        let Some(stage) = self.dockerfile.stages.get(index) else { return scope };
        for instruction in stage.instructions.iter().filter(|instruction| !instruction.deferred) {
            found(instruction, &scope);
            for setting in settings(instruction) {
                let value = value(setting, &scope);
                scope.set(setting.name(), value);
            }
        }
        scope
    }

    fn evaluate(&self, setting: Setting<'a>, scope: &Scope) -> Text {
        let escape = self.dockerfile.escape;
        match setting {
            Setting::Arg(arg) => scope.declared(arg, self.args, Some(&self.global), escape),
            Setting::Env(_, value) => expand(value, scope, escape),
        }
    }

    /// The stages that the stage `index` is built on, the first one first.
    pub fn ancestors(&self, index: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut current = index;
        // A base is always an earlier stage, so this ends.
        while let Some(StageSource::Stage(base)) = self.bases.get(current) {
            chain.push(*base);
            current = *base;
        }
        chain.reverse();
        chain
    }
}

/// The stages and images that an instruction takes files from.
pub fn sources_elsewhere(instruction: &Instruction) -> impl Iterator<Item = &Word> {
    let (transfer, mounts) = match &instruction.kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => (transfer.from.as_ref(), [].as_slice()),
        Kind::Run(mounts, _) => (None, mounts.as_slice()),
        _ => (None, [].as_slice()),
    };
    transfer.into_iter().chain(mounts.iter().filter_map(|mount| mount.from.as_ref()))
}
