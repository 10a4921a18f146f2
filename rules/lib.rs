//! Every rule of portcullis, each as a card beside a check.

mod image;

use policy_core::rule::Rule;

/// All rules, family by family.
pub fn all() -> Vec<Rule> {
    let families: [&[Rule]; 1] = [image::RULES];
    families.concat()
}
