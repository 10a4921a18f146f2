//! The handler of a program that answers a path, and the group that it belongs to.

use policy_core::model::program::{Answers, Methods, Program, Registration, Serves};
use policy_core::model::routing::{Part, PathPattern};

/// The handler of a program that is certain to answer these paths.
pub(super) fn answering<'a>(
    program: &'a Program,
    paths: &PathPattern,
    methods: &Methods,
) -> Option<&'a Registration> {
    let Serves::Registered(served) = &program.serves else { return None };
    let answers = |registration: &&Registration| match &registration.answers {
        Answers::Redirect => !program.redirects_slashes && is_for(registration, paths),
        _ => answers(registration, paths, methods),
    };
    served.registrations.iter().find(answers)
}

/// Whether a handler answers requests of these methods for one of these paths, and not with a page for people.
pub(super) fn answers(handler: &Registration, paths: &PathPattern, methods: &Methods) -> bool {
    let takes_method = match (&handler.answers, methods) {
        (Answers::Redirect | Answers::Page, _) => false,
        (Answers::Requests(Methods::Only(own)), Methods::Only(asked)) => {
            asked.iter().any(|asked| own.contains(asked))
        }
        _ => true,
    };
    takes_method && is_for(handler, paths)
}

fn is_for(handler: &Registration, paths: &PathPattern) -> bool {
    handler.path.meets(paths) && is_own(&handler.path)
}

/// Whether it is a path of the program's own, and not all that others leave.
fn is_own(path: &PathPattern) -> bool {
    !path.parts().contains(&Part::Rest) && has_name(path)
}

/// Whether it is more than the root.
pub(super) fn has_name(path: &PathPattern) -> bool {
    path.literal_start().chars().any(|letter| letter.is_ascii_alphanumeric())
}

/// The prefix of the group of handlers that one belongs to: that of what it is mounted below, or its own first part.
pub(super) fn group(registration: &Registration) -> String {
    let mounted = registration.mounts.iter().rev().find_map(|mount| {
        let prefix = mount.prefix.as_literal()?.trim_end_matches('/');
        (!prefix.is_empty()).then(|| prefix.to_owned())
    });
    mounted.unwrap_or_else(|| {
        let start = registration.path.literal_start();
        let end = start.match_indices('/').nth(1).map_or(start.len(), |(at, _)| at);
        start.get(..end).unwrap_or_default().to_owned()
    })
}
