//! The names of what Terraform makes in no run that is known: a switch, `count = var.enabled ? 1 : 0`, leaves it out.

use std::collections::HashSet;

use policy_terraform::parse::Role;
use policy_terraform::parse::syntax::{Block, Expr, ExprKind, Part};
use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use super::NAMED;
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::ecs_call::NamedKind;

/// A name that another run makes.
pub(super) struct LeftOut {
    pub(super) kind: NamedKind,
    /// What is written of it; what it holds besides is not known.
    pub(super) name: Text,
    /// The resource: `aws_ecs_service.web`.
    pub(super) of: String,
    pub(super) at: Span,
}

/// The names of the resources that `roots` do not make.
pub(super) fn left_out(roots: &[AwsRoot], parsed: &Parsed) -> Vec<LeftOut> {
    let terraform = roots.iter().filter_map(|root| root.terraform.as_ref());
    let made: HashSet<Span> =
        terraform.flat_map(|root| &root.resources).map(|resource| resource.at).collect();
    let files = parsed.terraform.iter().filter(|(_, file)| file.role == Role::Configuration);
    let blocks = files.flat_map(|(_, file)| file.body.blocks_of("resource"));
    blocks.filter(|block| !made.contains(&block.at)).flat_map(names).collect()
}

fn names(block: &Block) -> Vec<LeftOut> {
    let [resource, label] = &*block.labels else { return Vec::new() };
    let rows = NAMED.iter().filter(|(of, ..)| *of == &**resource);
    let named = rows.filter_map(|(_, kind, argument)| {
        let name = written(&block.body().attribute(argument)?.value);
        Some(LeftOut { kind: *kind, name, of: format!("{resource}.{label}"), at: block.at })
    });
    named.collect()
}

/// What is written of a text, with holes for what is worked out.
fn written(value: &Expr) -> Text {
    let hole = |at| Text::hole(Origin::Other("a run that is not known decides it".into()), at);
    match &value.kind {
        ExprKind::String(text) => Text::literal(&**text, value.at),
        ExprKind::Template(parts) => {
            let mut written = Text::empty();
            for part in parts {
                written.append(&match part {
                    Part::Literal(text, at) => Text::literal(&**text, *at),
                    Part::Interpolation(inner) => hole(inner.at),
                    Part::If(_) | Part::For(_) => hole(value.at),
                });
            }
            written
        }
        _ => hole(value.at),
    }
}
