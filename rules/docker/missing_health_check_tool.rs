//! A health check that Docker runs needs a program that the image does not have.

use policy_core::finding::{Finding, Severity};
use policy_core::model::image::contents_of;
use policy_core::rule::Context;

use super::health_checks::{self, Checked, Role};
use crate::probe::{self, Failing, Image};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    health_checks::all(context).iter().filter_map(|checked| missing(checked, context)).collect()
}

fn missing(checked: &Checked<'_>, context: &Context<'_>) -> Option<Finding> {
    let mut images: Vec<Image<'_>> = checked.images.iter().map(|image| Image::Built(&image.stage)).collect();
    if let Some((name, at)) = &checked.public {
        images.push(Image::Public(name, contents_of(name, '?')?, *at));
    }
    let lack = probe::lack(checked.probe, &images)?;
    let is_awaited = matches!(checked.role, Role::Awaited(_));
    let then =
        if is_awaited { "services that wait for it never start" } else { "the container is never healthy" };
    let (whose, sources) = (vec![&*checked.whose], context.sources);
    let finding = probe::finding(&Failing { whose, lack, images, then, sources })?;
    let finding = checked.explain(finding);
    Some(if is_awaited { finding.severity(Severity::Error) } else { finding })
}
