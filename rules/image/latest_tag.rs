//! Something that is deployed runs the tag `latest`.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::Asker;
use policy_core::model::image::{Caveat, ImageRole, Reference};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::latest::{self, LatestUse};
use super::push_to_immutable_repository::Repositories;
use super::stack::Stacks;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let places = latest::by_place(context, &[ImageRole::Deployed, ImageRole::Pulled]);
    let (immutable, stacks) = (Repositories::immutable(context), Stacks::of(context));
    let finding = |(place, uses): (Span, Vec<LatestUse<'_>>)| {
        let finding = runs_latest(place, &uses, &immutable)?;
        // One use that is sure to be deployed is enough.
        Some(match uses.iter().map(|used| stacks.severity(used.image)).max()? {
            Severity::Error => finding,
            lower => finding.severity(lower),
        })
    };
    places.into_iter().filter_map(finding).collect()
}

fn runs_latest(place: Span, uses: &[LatestUse<'_>], immutable: &Repositories<'_>) -> Option<Finding> {
    // What is certain counts before what a condition chooses, and what stays before what is replaced.
    let first = uses.iter().min_by_key(|used| doubt(used))?;
    let (name, runner) = (&first.name, &first.image.user);
    let runs = match first.image.caveat {
        Some((Caveat::Chosen, _)) => "can run",
        _ if first.image.role == ImageRole::Pulled => "pulls",
        _ => "runs",
    };
    let runs = latest::acts(runner, runs);
    let uses_tag = latest::acts(runner, "uses the tag");
    let written = first.tag.as_deref().unwrap_or("latest");
    let kept =
        Reference::parse(&first.image.reference).and_then(|reference| immutable.keeping(&reference, written));
    let effect = match kept {
        Some(repository) => format!(
            "stays at the first image that was pushed, since the tags of `{}` are immutable",
            repository.resource
        ),
        None => format!("moves with every push, {}", consequence(first)),
    };
    let message = match &first.tag {
        Some(tag) if first.named => format!("{runs} `{name}:{tag}`: `{tag}` {effect}"),
        Some(tag) => format!("{uses_tag} `{tag}`, which {effect}"),
        None => format!("{runs} `{name}` without a tag, which means `latest`: it {effect}"),
    };
    let message = match &first.image.caveat {
        Some((Caveat::WithoutValues(variable), _)) => {
            format!("without `-var-file`, `var.{variable}` keeps its default, and {message}")
        }
        _ => message,
    };
    let label = match &first.tag {
        Some(tag) => format!("the tag `{tag}`"),
        None => "no tag and no digest".to_owned(),
    };
    let help = if first.named {
        format!("pin the version that was tested, as in `{name}:<version>`, or a digest")
    } else {
        "pin the version that was tested, or a digest".to_owned()
    };
    let finding = latest::finding(message, place, &label, uses).help(help);
    Some(match &first.image.caveat {
        Some((Caveat::Kept, at)) => {
            let text = "a node that has an image with this tag does not look for a newer one";
            finding.related(Label::new(*at, text))
        }
        Some((Caveat::WithoutValues(_), at)) => {
            let text = "Terraform uses this value only if the command names this file with `-var-file`";
            finding.related(Label::new(*at, text)).severity(Severity::Warning)
        }
        Some((Caveat::Replaced, at)) => {
            let text = "Terraform leaves later revisions to others";
            finding.related(Label::new(*at, text)).severity(Severity::Note)
        }
        Some((Caveat::Chosen, at)) => {
            finding.related(Label::new(*at, "a condition may choose this one")).severity(Severity::Warning)
        }
        Some((Caveat::LookedUpOnce | Caveat::Unnoticed, _)) => finding.severity(Severity::Warning),
        Some((Caveat::Guarded, _)) | None => finding,
    })
}

/// How little is known of what a use runs in the end.
fn doubt(used: &LatestUse<'_>) -> u8 {
    match used.image.caveat {
        Some((Caveat::Replaced, _)) => 2,
        Some((Caveat::Chosen | Caveat::Unnoticed, _)) => 1,
        _ => 0,
    }
}

/// Whether a pipeline gives the service other images from its first deployment on.
fn is_replaced(used: &LatestUse<'_>) -> bool {
    matches!(used.image.caveat, Some((Caveat::Replaced, _)))
}

/// What comes of a tag that moves: it depends on when the platform looks it up.
fn consequence(used: &LatestUse<'_>) -> &'static str {
    if used.image.role == ImageRole::Pulled {
        return "so the next pull can bring another version";
    }
    if matches!(used.image.caveat, Some((Caveat::Kept, _))) {
        return "but a node does not pull a tag again that it already has, so two nodes can run different versions";
    }
    if matches!(used.image.caveat, Some((Caveat::LookedUpOnce, _))) {
        return "and this deploys whichever build was pushed last: nothing shows which build runs";
    }
    if is_replaced(used) {
        return "so until a pipeline deploys a revision of its own, tasks run what was pushed last";
    }
    match &used.image.user {
        runner if runner.is_compose_service() => {
            "but a host does not pull a tag again that it already has, so two hosts can run different versions"
        }
        runner if runner.is_app_runner_service() => {
            "but App Runner resolves it only at a deployment: nothing shows which build runs"
        }
        _ if matches!(used.image.caveat, Some((Caveat::Unnoticed, _))) => {
            "but Lambda resolves it only when the function is updated, and Terraform sees no change: a push deploys \
             nothing"
        }
        Asker::Chart | Asker::Kustomization => {
            "so a pod that starts later or on another node can run another version"
        }
        _ => "so a restart can bring another version",
    }
}
