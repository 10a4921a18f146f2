//! The file that nginx starts from, with all that it includes in its place.

use std::collections::BTreeMap;
use std::rc::Rc;

use policy_text::Problem;
use policy_text::embedded::Embedded;

use crate::files::{Files, MAIN};
use crate::parse::{self, Directive};

/// Blocks and includes in one another beyond this are not followed.
const MAX_DEPTH: usize = 48;

/// Directives beyond this are not read: two files that include a third many times multiply.
const MAX_DIRECTIVES: usize = 200_000;

/// All that nginx reads of `files`, and what of it could not be understood. An `include` of what is not known stays.
pub(super) fn expanded(files: &Files) -> (Vec<Directive>, Vec<Problem>) {
    let mut expansion =
        Expansion { files, parsed: BTreeMap::new(), problems: Vec::new(), left: MAX_DIRECTIVES };
    let mut result = Vec::new();
    if let Some(text) = files.get(MAIN) {
        let main = expansion.read(MAIN, text);
        expansion.add(&main, MAX_DEPTH, &mut result);
    }
    (result, expansion.problems)
}

struct Expansion<'f> {
    files: &'f Files,
    parsed: BTreeMap<&'f str, Rc<Vec<Directive>>>,
    problems: Vec<Problem>,
    left: usize,
}

impl<'f> Expansion<'f> {
    fn read(&mut self, path: &'f str, text: &Embedded) -> Rc<Vec<Directive>> {
        if let Some(known) = self.parsed.get(path) {
            return Rc::clone(known);
        }
        let (directives, problems) = parse::parse(text);
        self.problems.extend(problems);
        let directives = Rc::new(directives);
        self.parsed.insert(path, Rc::clone(&directives));
        directives
    }

    fn add(&mut self, block: &[Directive], depth: usize, result: &mut Vec<Directive>) {
        for directive in block {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            let included = directive
                .argument(0)
                .filter(|_| directive.is("include") && directive.block.is_none() && depth > 0)
                .and_then(|pattern| self.files.included(&pattern.text));
            if let Some(included) = included {
                for (path, text) in included {
                    let block = self.read(path, text);
                    self.add(&block, depth - 1, result);
                }
                continue;
            }
            let body = directive.block.as_ref().map(|block| {
                let mut body = Vec::new();
                if depth > 0 {
                    self.add(block, depth - 1, &mut body);
                }
                body
            });
            let (name, arguments) = (directive.name.clone(), directive.arguments.clone());
            result.push(Directive { name, arguments, block: body, at: directive.at });
        }
    }
}
