//! Every rule of portcullis, each as a card beside a check.

mod image;
mod input;
mod suppression;

use policy_core::rule::Rule;

/// All rules, family by family.
pub fn all() -> Vec<Rule> {
    [image::RULES, input::RULES, suppression::RULES].concat()
}
