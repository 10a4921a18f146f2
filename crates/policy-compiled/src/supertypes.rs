//! What a class inherits from, as far as it is in the tree.

use crate::units::{ClassId, Units};

/// Classes that one inherits from. No class of a program has a tenth of it.
const MOST: usize = 64;

/// A class with those that it inherits from.
pub(crate) struct Family<'u> {
    /// Itself, and then the others, nearer ones first.
    pub(crate) classes: Vec<ClassId>,
    /// The names of those that are not in the tree, or that several classes have.
    pub(crate) missing: Vec<&'u str>,
}

/// The family of a class.
pub(crate) fn family(units: &Units, id: ClassId) -> Family<'_> {
    let mut found = Family { classes: vec![id], missing: Vec::new() };
    let mut next = 0;
    while let Some((unit, class)) = found.classes.get(next).and_then(|id| units.class(*id)) {
        next += 1;
        for parent in class.parents(&unit.code) {
            match units.named(parent) {
                Some(known) if !found.classes.contains(&known) && found.classes.len() < MOST => {
                    found.classes.push(known);
                }
                Some(known) if found.classes.contains(&known) => {}
                _ => found.missing.push(parent),
            }
        }
    }
    found
}
