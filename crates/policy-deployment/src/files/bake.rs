//! Bake files of `docker buildx`: targets and variables, in HCL or JSON.

use policy_terraform::parse::syntax::Body;
use policy_terraform::parse::{self, Role};
use policy_text::Problem;
use policy_text::source::{FileId, RepoPath};

/// One bake file.
#[derive(Debug)]
pub struct BakeFile {
    /// Its blocks: `target`, `group`, `variable`, `function`.
    pub body: Body,
}

/// Reads one file. `None` where it holds no target.
pub(super) fn parse(file: FileId, path: &RepoPath, text: &str) -> Option<(BakeFile, Vec<Problem>)> {
    if !text.contains("target") {
        return None;
    }
    let (parse::File { body, .. }, mut problems) = parse::parse(file, path, Role::Configuration, text);
    body.blocks_of("target").next()?;
    for problem in &mut problems {
        problem.message = problem.message.replace("valid Terraform", "a valid bake file");
    }
    Some((BakeFile { body }, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(path: &str, text: &str) -> Option<Vec<String>> {
        let (bake, problems) = parse(FileId(0), &RepoPath::new(path).unwrap(), text)?;
        assert_eq!(problems, []);
        Some(bake.body.blocks_of("target").map(|target| target.labels[0].to_string()).collect())
    }

    #[test]
    fn targets_are_read_in_both_syntaxes() {
        let expected = Some(vec!["web".to_owned()]);
        assert_eq!(targets("docker-bake.hcl", "target \"web\" {\n  tags = [\"web\"]\n}\n"), expected);
        assert_eq!(targets("docker-bake.json", "{\"target\": {\"web\": {\"tags\": [\"web\"]}}}"), expected);
        assert_eq!(targets("docker-bake.hcl", "group \"default\" {\n  targets = []\n}\n"), None);
    }
}
