//! Every rule of portcullis, each as a card beside a check.

use policy_core::rule::Rule;

/// All rules, family by family.
pub fn all() -> Vec<Rule> {
    let families: [&[Rule]; 0] = [];
    families.concat()
}
