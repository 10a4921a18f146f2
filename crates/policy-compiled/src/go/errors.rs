//! What a program of Go answers where no handler does: its own handlers of errors.

use policy_text::source::Span;

use super::frameworks::{FIBER, of_package};
use super::packages::Packages;
use crate::code::Code;

/// The fields of a router that hold what answers all that is left, or what nothing answers.
const FIELDS: [&str; 2] = ["HTTPErrorHandler", "NotFoundHandler"];

/// The field of the settings of fiber that does so.
const OF_FIBER: &str = "ErrorHandler";

/// A place that sets what answers in the place of the framework.
pub(super) fn answering(packages: &Packages) -> Option<Span> {
    packages.all_code().find_map(|(file, code)| {
        let uses_fiber = packages
            .imports(file)
            .any(|package| of_package(package).is_some_and(|framework| framework.name == FIBER.name));
        let at = (0..code.len())
            .find(|at| is_set(code, *at) || uses_fiber && is_in_settings(packages, (file, code), *at))?;
        Some(code.span(at..at + 1))
    })
}

/// `router.NotFoundHandler = …`
fn is_set(code: &Code, at: usize) -> bool {
    code.word(at).is_some_and(|word| FIELDS.contains(&word) || word == OF_FIBER)
        && code.is_mark(at.wrapping_sub(1), '.')
        && code.is_mark(at + 1, '=')
        && !code.is_mark(at + 2, '=')
}

/// `fiber.Config{ErrorHandler: …}`
fn is_in_settings(packages: &Packages, (file, code): (usize, &Code), at: usize) -> bool {
    let package = code.word(at).and_then(|name| packages.import(file, name)).and_then(of_package);
    let is_fiber = package.is_some_and(|framework| framework.name == FIBER.name);
    if !is_fiber || !code.is_mark(at + 1, '.') || !code.is_word(at + 2, "Config") {
        return false;
    }
    let fields = code.arguments(at + 3).into_iter();
    fields.into_iter().any(|field| code.is_word(field.start, OF_FIBER))
}
