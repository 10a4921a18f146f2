//! Comments that allow findings, written above them.

use std::collections::BTreeMap;

use policy_deployment::FileKind;
use policy_text::source::{FileId, RepoPath};

use super::{Change, Report, ReportFile};
use crate::rule_id::RuleId;

/// The changes that write a comment with `reason` above every active diagnostic that has a place for one, ordered by path.
pub fn allowances(report: &Report, reason: &str) -> Vec<Change> {
    let mut rules: BTreeMap<FileId, BTreeMap<usize, Vec<RuleId>>> = BTreeMap::new();
    for diagnostic in report.active() {
        let span = diagnostic.finding.primary.span;
        if let Some(file) = report.file(span) {
            let line = file.text.line_of(span.start as usize);
            rules.entry(span.file).or_default().entry(line).or_default().push(diagnostic.rule);
        }
    }
    let of_file = |(file, lines): (FileId, BTreeMap<usize, Vec<RuleId>>)| {
        let file = report.files.get(&file)?;
        let before = file.text.as_str();
        let mut after = String::with_capacity(before.len());
        let mut done = 0;
        for (line, rules) in lines {
            let Some((at, comment)) = comment(file, line, &rules, reason) else { continue };
            after.push_str(before.get(done..at)?);
            after.push_str(&comment);
            done = at;
        }
        after.push_str(before.get(done..)?);
        let change = Change { path: file.path.clone(), before: Some(before.to_owned()), after };
        (change.after != before).then_some(change)
    };
    let mut changes: Vec<Change> = rules.into_iter().filter_map(of_file).collect();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// The comment on a line of its own that allows findings of `rules` on `line`, and where it is put in. `None` where the
/// language has no comments, or the line goes on with the one above.
pub fn comment(file: &ReportFile, line: usize, rules: &[RuleId], reason: &str) -> Option<(usize, String)> {
    let range = file.text.line_range(line);
    let (open, close) = marks(&file.path, file.text.slice(0..range.start))?;
    let above = line.checked_sub(1).map(|above| file.text.slice(file.text.line_range(above)));
    let goes_on = above.is_some_and(|above| above.trim_end().ends_with('\\'));
    if goes_on && FileKind::of(&file.path) != Some(FileKind::Dockerfile) {
        return None;
    }
    let content = file.text.slice(range.clone());
    let indent = content.split_at(content.len() - content.trim_start().len()).0;
    let end = if file.text.as_str().contains("\r\n") { "\r\n" } else { "\n" };
    let mut names: Vec<String> = rules.iter().map(ToString::to_string).collect();
    names.dedup();
    let names = names.join(", ");
    Some((range.start, format!("{indent}{open} portcullis: allow({names}) {reason}{close}{end}")))
}

/// How a comment begins and ends in the file at `path`, after the text `before`.
fn marks(path: &RepoPath, before: &str) -> Option<(&'static str, &'static str)> {
    const HASH: (&str, &str) = ("#", "");
    const SLASHES: (&str, &str) = ("//", "");
    if path.extension() == Some("json") {
        return None;
    }
    if path.file_name().starts_with(".env") || path.extension() == Some("env") {
        return Some(HASH);
    }
    match FileKind::of(path) {
        Some(FileKind::TaskDefinition) => None,
        Some(FileKind::Script | FileKind::Jenkinsfile) => Some(SLASHES),
        Some(FileKind::Page) => {
            let in_script = before.rfind("<script") > before.rfind("</script");
            Some(if in_script { SLASHES } else { ("<!--", " -->") })
        }
        Some(
            FileKind::Terraform
            | FileKind::Bake
            | FileKind::Dockerfile
            | FileKind::IgnoreFile
            | FileKind::Justfile
            | FileKind::Makefile
            | FileKind::Nomad
            | FileKind::Shell
            | FileKind::Yaml,
        )
        | None => Some(HASH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn allowed(path: &str, text: &str, places: &[&str]) -> String {
        let changes = allowances(&sample::report(path, text, places), "why");
        changes.into_iter().next().map_or_else(String::new, |change| change.after)
    }

    #[test]
    fn a_comment_stands_above_its_line_in_the_words_of_the_language() {
        let rule = "portcullis: allow(image/latest-tag) why";
        assert_eq!(allowed("a.tf", "x\r\n  y\r\n", &["y"]), format!("x\r\n  # {rule}\r\n  y\r\n"));
        assert_eq!(allowed("a.ts", "x", &["x"]), format!("// {rule}\nx"));
        assert_eq!(allowed("a.html", "<p>x", &["x"]), format!("<!-- {rule} -->\n<p>x"));
        let page = "<script>\nx\n</script>";
        assert_eq!(allowed("a.vue", page, &["x"]), format!("<script>\n// {rule}\nx\n</script>"));
    }

    #[test]
    fn one_comment_is_for_all_findings_of_a_line() {
        assert_eq!(allowed("a.tf", "x y", &["x", "y"]).matches("portcullis").count(), 1);
    }

    #[test]
    fn where_no_comment_can_stand_none_is_written() {
        assert_eq!(allowed("a.json", "x", &["x"]), "");
        assert_eq!(allowed("a.sh", "a \\\n  x", &["x"]), "");
        assert!(allowed("Dockerfile", "RUN a \\\n  x", &["x"]).contains("  # portcullis"));
    }
}
