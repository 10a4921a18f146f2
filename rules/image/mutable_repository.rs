//! An ECR repository lets a tag be pushed twice.

use policy_core::finding::{Finding, Label};
use policy_core::model::repository::{Mutability, Repository};
use policy_core::model::setting::Setting;
use policy_core::rule::Context;

use crate::{cause, terraform_fix};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        cause::merge(root.repositories.iter().filter_map(|repository| mutable(context, repository)))
    })
}

fn mutable(context: &Context<'_>, repository: &Repository) -> Option<Finding> {
    let message = format!(
        "`{}` has mutable tags, so a tested tag can later point to another image",
        repository.resource
    );
    let finding = match &repository.mutability {
        Setting::Unset => {
            let label = "no `image_tag_mutability`: the default is `MUTABLE`";
            Finding::new(message, Label::new(repository.at, label))
        }
        Setting::Known(Mutability::Mutable, from) => cause::finding(message, from, "tags are mutable"),
        Setting::Known(..) | Setting::Unknown(..) => return None,
    };
    let fix = match &repository.mutability {
        Setting::Known(_, from) => terraform_fix::replace(context, from, "MUTABLE", "IMMUTABLE"),
        Setting::Unset | Setting::Unknown(..) => {
            let line = format!("{} = \"IMMUTABLE\"", repository.argument);
            terraform_fix::insert(context, repository.at, "make tags immutable", &[&line])
        }
    };
    let finding = fix.into_iter().fold(finding, Finding::fix);
    let set = format!("set `{} = \"IMMUTABLE\"`", repository.argument);
    Some(finding.help(format!("{set}, and push every build under its own tag")))
}
