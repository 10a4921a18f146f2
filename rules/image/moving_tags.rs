//! Tags that move by convention.

use policy_core::model::image::Reference;
use policy_core::purpose;
use policy_core::rule::Context;

/// Tags that name a branch or a channel rather than one image.
const CHANNELS: [&str; 10] =
    ["stable", "main", "master", "trunk", "edge", "nightly", "canary", "release", "current", "lts"];

/// Whether a tag names a branch, a stage or a channel rather than one image.
pub(super) fn moves(tag: &str) -> bool {
    CHANNELS.contains(&tag) || purpose::is_stage(tag)
}

/// Whether a tag names a channel: one of these words, or `latest` at its beginning or its end, alone or with the name of a
/// variant: `stable`, `lts-alpine`, `latest-slim`, `8.0-latest`. What stands behind another word with a digit in it may
/// be a commit.
pub(super) fn is_channel(tag: &str) -> bool {
    let (first, rest) = tag.split_once('-').unwrap_or((tag, ""));
    first == "latest"
        || tag.ends_with("-latest")
        || moves(first) && !rest.contains(|c: char| c.is_ascii_digit())
}

/// Whether the settings allow the image to go by a tag that moves.
pub(super) fn may_move(context: &Context<'_>, reference: &Reference) -> bool {
    let moving = &context.options.image.moving;
    moving.matches(&reference.name.render('*')) || moving.matches(&reference.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_told_from_builds() {
        for tag in ["main", "stable", "lts-alpine", "latest-slim", "8.0-latest", "stable-perl", "uat"] {
            assert!(is_channel(tag), "{tag}");
        }
        for tag in ["1.2", "main-3f2a1c", "2.0-stable1", "alpine", "mainline", "latest2"] {
            assert!(!is_channel(tag), "{tag}");
        }
    }
}
