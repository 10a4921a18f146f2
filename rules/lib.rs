//! Every rule of portcullis, each as a card beside a check.

mod alb;
mod base_image;
mod cause;
mod cloudfront;
mod docker;
mod ecs;
mod image;
mod ingress;
mod input;
mod logs;
mod network;
mod pipeline;
mod probe;
mod routes;
mod suppression;
mod terraform_fix;
mod websocket;
mod wording;

use policy_core::rule::Rule;

/// All rules, family by family.
pub fn all() -> Vec<Rule> {
    [
        alb::RULES,
        cloudfront::RULES,
        docker::RULES,
        ecs::RULES,
        image::RULES,
        ingress::RULES,
        input::RULES,
        logs::RULES,
        network::RULES,
        pipeline::RULES,
        suppression::RULES,
        websocket::RULES,
    ]
    .concat()
}
