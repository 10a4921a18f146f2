//! Includes, put in their places.

use crate::files::Files;
use crate::parse::Directive;

/// Blocks and includes in one another beyond this are not followed.
const MAX_DEPTH: usize = 48;

/// Directives beyond this are not read: two files that include a third many times multiply.
const MAX_DIRECTIVES: usize = 200_000;

/// `block` with the directives of the files that it includes. An `include` of what is not known stays.
pub(super) fn expanded(block: &[Directive], files: &Files) -> Vec<Directive> {
    let mut left = MAX_DIRECTIVES;
    let mut result = Vec::new();
    add(block, files, MAX_DEPTH, &mut left, &mut result);
    result
}

fn add(block: &[Directive], files: &Files, depth: usize, left: &mut usize, result: &mut Vec<Directive>) {
    for directive in block {
        let Some(fewer) = left.checked_sub(1) else { return };
        *left = fewer;
        let included = directive
            .argument(0)
            .filter(|_| directive.is("include") && directive.block.is_none() && depth > 0)
            .and_then(|pattern| files.included(&pattern.text));
        if let Some(included) = included {
            for (_, block) in included {
                add(block, files, depth - 1, left, result);
            }
            continue;
        }
        let body = directive.block.as_ref().map(|block| {
            let mut body = Vec::new();
            if depth > 0 {
                add(block, files, depth - 1, left, &mut body);
            }
            body
        });
        let (name, arguments) = (directive.name.clone(), directive.arguments.clone());
        result.push(Directive { name, arguments, block: body, at: directive.at });
    }
}
