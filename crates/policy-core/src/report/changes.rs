//! The result of applying fixes: new contents for files, ready to be written or shown.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_text::source::{FileId, RepoPath};

use super::Report;
use crate::finding::{Applicability, Edit, Fix};

/// The new content of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: RepoPath,
    /// Its text as it was checked. `None` for a file that is to be created.
    pub before: Option<String>,
    /// Its text with the fixes.
    pub after: String,
}

/// The changes that the fixes of the active diagnostics come to, ordered by path.
///
/// Only fixes that promise at least `lowest` are taken. A fix is taken whole or not at all: one that touches another
/// that came before it is left for the next run.
pub fn changes(report: &Report, lowest: Applicability) -> Vec<Change> {
    let mut plan = Plan::default();
    let fixes = report.active().filter_map(|diagnostic| diagnostic.finding.fix.as_ref());
    for fix in fixes.filter(|fix| fix.applicability >= lowest) {
        plan.take(fix);
    }
    plan.carry_out(report)
}

#[derive(Default)]
struct Plan<'r> {
    /// Replacements by file, none of which overlaps another.
    replaced: BTreeMap<FileId, Vec<(Range<usize>, &'r str)>>,
    created: BTreeMap<&'r RepoPath, &'r str>,
}

impl<'r> Plan<'r> {
    /// Adds the fix, unless it is at odds with what is there.
    fn take(&mut self, fix: &'r Fix) {
        if !fix.edits.iter().all(|edit| self.has_room_for(edit)) {
            return;
        }
        for edit in &fix.edits {
            match edit {
                Edit::Replace { span, text } => {
                    self.replaced.entry(span.file).or_default().push((span.range(), text));
                }
                Edit::Create { path, text } => {
                    self.created.insert(path, text);
                }
            }
        }
    }

    fn has_room_for(&self, edit: &Edit) -> bool {
        match edit {
            Edit::Replace { span, .. } => {
                let taken = self.replaced.get(&span.file).into_iter().flatten();
                let mut taken = taken.map(|(range, _)| range);
                !taken.any(|range| overlap(range, &span.range()))
            }
            Edit::Create { path, .. } => !self.created.contains_key(path),
        }
    }

    fn carry_out(self, report: &Report) -> Vec<Change> {
        let created = self.created.into_iter().map(|(path, text)| Change {
            path: path.clone(),
            before: None,
            after: text.to_owned(),
        });
        let replaced = self.replaced.into_iter().filter_map(|(file, mut edits)| {
            let file = report.files.get(&file)?;
            let before = file.text.as_str();
            edits.sort_by_key(|(range, _)| range.start);
            let mut after = String::with_capacity(before.len());
            let mut done = 0;
            for (range, text) in edits {
                after.push_str(before.get(done..range.start)?);
                after.push_str(text);
                done = range.end;
            }
            after.push_str(before.get(done..)?);
            Some(Change { path: file.path.clone(), before: Some(before.to_owned()), after })
        });
        let mut changes: Vec<Change> = replaced.chain(created).collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        changes
    }
}

/// Whether two edits touch each other; two insertions at one place do, as their order would be a guess.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end || a.start == b.start
}

#[cfg(test)]
mod tests {
    use policy_text::source::Span;

    use super::*;
    use crate::report::sample;

    fn fixed(fixes: Vec<Fix>) -> Vec<(String, String)> {
        let mut report = sample::report("a.txt", "one two three\n", &vec!["one"; fixes.len()]);
        for (diagnostic, fix) in report.diagnostics.iter_mut().zip(fixes) {
            diagnostic.finding.fix = Some(fix);
        }
        let changes = changes(&report, Applicability::Safe);
        changes.into_iter().map(|change| (change.path.to_string(), change.after)).collect()
    }

    fn replace(range: Range<usize>, text: &str, applicability: Applicability) -> Fix {
        let edits = vec![Edit::Replace { span: Span::new(FileId(0), range), text: text.to_owned() }];
        Fix { title: "t".to_owned(), applicability, edits }
    }

    #[test]
    fn safe_fixes_are_carried_out_wherever_they_come_in_the_order() {
        let fixes = vec![replace(8..13, "3", Applicability::Safe), replace(0..3, "1", Applicability::Safe)];
        assert_eq!(fixed(fixes), [("a.txt".to_owned(), "1 two 3\n".to_owned())]);
        assert_eq!(fixed(vec![replace(0..3, "1", Applicability::Unsafe)]), []);
    }

    #[test]
    fn the_second_of_two_that_touch_waits() {
        let fixes = vec![replace(0..5, "x", Applicability::Safe), replace(4..7, "y", Applicability::Safe)];
        assert_eq!(fixed(fixes), [("a.txt".to_owned(), "xwo three\n".to_owned())]);
        let twice = vec![replace(0..0, "x", Applicability::Safe), replace(0..0, "x", Applicability::Safe)];
        assert_eq!(fixed(twice), [("a.txt".to_owned(), "xone two three\n".to_owned())]);
    }

    #[test]
    fn a_file_is_created_once() {
        let path = RepoPath::new(".dockerignore").unwrap();
        let edits = vec![Edit::Create { path, text: ".venv\n".to_owned() }];
        let fix = Fix { title: "t".to_owned(), applicability: Applicability::Safe, edits };
        assert_eq!(fixed(vec![fix.clone(), fix]), [(".dockerignore".to_owned(), ".venv\n".to_owned())]);
    }
}
