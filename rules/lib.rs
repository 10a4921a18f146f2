//! Every rule of portcullis, each as a card beside a check.

mod docker;
mod image;
mod input;
mod suppression;
mod websocket;

use policy_core::rule::Rule;

/// All rules, family by family.
pub fn all() -> Vec<Rule> {
    [docker::RULES, image::RULES, input::RULES, suppression::RULES, websocket::RULES].concat()
}
