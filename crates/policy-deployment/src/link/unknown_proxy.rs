//! Containers that run nginx, of which it is not known where it passes requests.

use policy_text::source::Sources;
use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::proxy::proxies;

/// Each container once.
pub(super) fn unresolved(roots: &[AwsRoot], built: &[BuiltImage], sources: &Sources<'_>) -> Vec<Unresolved> {
    let mut found = Vec::new();
    for unread in roots.iter().flat_map(|root| proxies(root, built, sources).1) {
        let unresolved = Unresolved {
            at: unread.at,
            what: format!("where nginx of `{}` passes requests", unread.name),
            why: unread.why,
            needed_by: Some(Family::Network),
        };
        if !found.contains(&unresolved) {
            found.push(unresolved);
        }
    }
    found
}
