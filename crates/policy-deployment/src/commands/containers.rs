//! Commands of docker and its kin that push, pull, name and run images.

use policy_docker::image::Reference;
use policy_shell::resolve::Word;
use policy_text::value::Text;

use super::caller::{Caller, add};
use super::compose;
use super::row::Call;
use crate::found::Found;
use crate::model::image::{ImageRole, ImageUse};

/// `docker push r.io/web:1`, `docker push --all-tags r.io/web`.
pub(super) fn push(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let Some(word) = call.arguments.positional.first() else { return };
    if call.arguments.has(&["-a", "--all-tags"]) {
        push_all_tags(word, caller, found);
    } else {
        add(word, ImageRole::Pushed, caller, found);
    }
}

/// Every tag that was given to the name before is pushed.
fn push_all_tags(word: &Word, caller: &Caller<'_>, found: &mut Found) {
    let names: Vec<String> = word.values.iter().map(ToString::to_string).collect();
    let tagged = |image: &&ImageUse| {
        image.role == ImageRole::Built
            && Reference::parse(&image.reference)
                .is_some_and(|reference| names.contains(&reference.name.to_string()))
    };
    let pushed: Vec<Text> = found.images.iter().filter(tagged).map(|image| image.reference.clone()).collect();
    for reference in pushed {
        found.image(&reference, word.at, ImageRole::Pushed, caller.name);
    }
}

/// `docker manifest push r.io/web:1` pushes an index of images.
pub(super) fn push_index(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    if let Some(word) = call.arguments.positional.first() {
        add(word, ImageRole::Pushed, caller, found);
    }
}

/// `docker buildx imagetools create -t r.io/web:1 r.io/web:amd64` does so in the registry.
pub(super) fn create_index(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    for word in call.arguments.values(&["-t", "--tag"]) {
        add(&word, ImageRole::Pushed, caller, found);
    }
}

/// `docker tag web r.io/web:1`.
pub(super) fn tag(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let [old, new, ..] = call.arguments.positional.as_slice() else { return };
    add(new, ImageRole::Built, caller, found);
    for old in &old.values {
        found.renamed.extend(new.values.iter().map(|new| (old.clone(), new.clone())));
    }
}

/// `docker pull r.io/web:1`.
pub(super) fn pull(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let Some(word) = call.arguments.positional.first() else { return };
    let is_tool = word.values.iter().all(|value| caller.tools.contains(&value.to_string()));
    let role = match caller.runs {
        _ if is_tool => ImageRole::Development,
        ImageRole::Deployed => ImageRole::Pulled,
        runs => runs,
    };
    add(word, role, caller, found);
}

/// `docker run r.io/web:1`, and `docker create`, where only `starts` is missing.
pub(super) fn run(starts: bool, call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let arguments = &call.arguments;
    let stays = arguments
        .values(&["--restart"])
        .iter()
        .any(|policy| policy.known().is_some_and(|policy| matches!(&*policy, "always" | "unless-stopped")));
    let role = match caller.runs {
        // A container that is thrown away when it ends is a tool of the script, not what it deploys. One that is made and
        // never said to stay is there to copy something out of.
        _ if arguments.has(&["--rm"]) || !starts && !stays => ImageRole::Development,
        ImageRole::Development if stays && caller.deploys => ImageRole::Deployed,
        runs => runs,
    };
    let Some(word) = arguments.positional.first() else { return };
    // What was pulled just before is named there.
    let pulled = |value: &Text| {
        let mut images = found.images.iter().filter(|image| image.role == ImageRole::Pulled);
        images.any(|image| image.user == *caller.name && image.reference.to_string() == value.to_string())
    };
    if !word.values.iter().all(pulled) {
        add(word, role, caller, found);
    }
}

/// `docker service create r.io/web:1`.
pub(super) fn create_service(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    if let Some(word) = call.arguments.positional.first() {
        add(word, ImageRole::Deployed, caller, found);
    }
}

/// `docker buildx bake`, which builds what bake files and compose files say.
pub(super) fn bake(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    found.bakes_for_registry |= call.arguments.has(&["--push"]);
    compose::bake(call, caller, found);
}
