//! An ECR repository lets a tag be pushed twice.

use policy_core::finding::{Finding, Label};
use policy_core::model::repository::{Mutability, Repository};
use policy_core::model::setting::Setting;
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| cause::merge(root.repositories.iter().filter_map(mutable)))
}

fn mutable(repository: &Repository) -> Option<Finding> {
    let message = format!(
        "`{}` has mutable tags, so a tag that was tested can later name another image",
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
    let set = format!("set `{} = \"IMMUTABLE\"`", repository.argument);
    Some(finding.help(format!("{set}, and push every build under its own tag")))
}
