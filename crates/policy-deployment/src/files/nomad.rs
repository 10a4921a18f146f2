//! Job files of Nomad, in HCL.

use policy_terraform::parse::syntax::Body;
use policy_terraform::parse::{self, Role};
use policy_text::Problem;
use policy_text::source::{FileId, RepoPath};

/// One job file.
#[derive(Debug)]
pub struct JobFile {
    /// Its blocks: `variable`, `locals`, `job`.
    pub body: Body,
}

/// Reads one file. `None` where it holds no job that names an image, and for templates, which are no HCL before they are
/// rendered.
pub(super) fn parse(file: FileId, path: &RepoPath, text: &str) -> Option<(JobFile, Vec<Problem>)> {
    if !text.contains("image") || ["[[", "{{"].iter().any(|opening| is_template(text, opening)) {
        return None;
    }
    let (parse::File { body, .. }, mut problems) = parse::parse(file, path, Role::Configuration, text);
    body.blocks_of("job").next()?;
    for problem in &mut problems {
        problem.message = problem.message.replace("valid Terraform", "a valid job file");
    }
    Some((JobFile { body }, problems))
}

/// Whether a line begins with what only a template has there. Within here-documents Nomad has templates of its own.
fn is_template(text: &str, opening: &str) -> bool {
    !text.contains("template {") && text.lines().any(|line| line.trim_start().starts_with(opening))
}
