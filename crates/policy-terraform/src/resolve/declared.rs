//! What a module declares, by name.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;

use super::selection::Selection;
use crate::parse::syntax::Block;

/// Blocks by name. One that cannot be read is as good as not written, and is read no sooner than somebody asks.
#[derive(Debug)]
pub(super) struct Declared<'p, K>(BTreeMap<K, Cow<'p, Block>>);

impl<K> Default for Declared<'_, K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'p, K: Ord + Borrow<str>> Declared<'p, K> {
    /// Adds a block. The first of a name counts.
    pub(super) fn add(&mut self, name: K, block: &'p Block) {
        self.0.entry(name).or_insert(Cow::Borrowed(block));
    }

    /// The block called `name`, with that name.
    pub(super) fn get(&self, name: &str) -> Option<(&K, &Block)> {
        let (name, block) = self.0.get_key_value(name)?;
        block.is_readable().then_some((name, block))
    }

    /// All blocks, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &Block)> {
        self.0.iter().filter(|(_, block)| block.is_readable()).map(|(name, block)| (name, &**block))
    }

    /// The blocks that are selected, in the order of their names.
    pub(super) fn selected(&self, selection: &Selection) -> impl Iterator<Item = (&K, &Block)> {
        let blocks = self.0.iter().filter(|(_, block)| selection.holds(block) && block.is_readable());
        blocks.map(|(name, block)| (name, &**block))
    }

    /// Merges a block of an override file into the one that has its name. Arguments replace arguments of the same name,
    /// nested blocks all blocks of the same type.
    pub(super) fn merge(&mut self, name: &str, block: &Block) {
        let Some(target) = self.0.get_mut(name).filter(|target| target.is_readable() && block.is_readable())
        else {
            return;
        };
        let mut body = target.body().clone();
        for attribute in &block.body().attributes {
            match body.attributes.iter_mut().find(|existing| existing.name == attribute.name) {
                Some(existing) => *existing = attribute.clone(),
                None => body.attributes.push(attribute.clone()),
            }
        }
        body.blocks.retain(|existing| !block.body().blocks.iter().any(|new| new.kind == existing.kind));
        body.blocks.extend(block.body().blocks.iter().cloned());
        *target = Cow::Owned(target.with_body(body));
    }
}
