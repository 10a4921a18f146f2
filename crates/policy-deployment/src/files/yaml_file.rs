//! YAML files that say something about images or builds: what each is for, and its documents.

mod flavour;

pub use flavour::Flavour;
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath};
use policy_text::template;
use policy_text::yaml::{Yaml, parse_tree};
use policy_text::{Problem, ProblemKind};

/// One YAML file that says something about images or builds.
#[derive(Debug)]
pub struct File {
    /// What it is for.
    pub flavour: Flavour,
    /// Its documents.
    pub yaml: Yaml,
}

/// Reads one file. `None` where nothing in it can matter, which is decided without parsing; `has_commands` says whether a
/// text names a command that matters.
pub(super) fn parse(
    file: FileId,
    path: &RepoPath,
    text: &str,
    has_commands: fn(&str) -> bool,
) -> Option<(File, Vec<Problem>)> {
    let flavour = flavour::flavour(path, text, has_commands)?;
    let (yaml, problems) = parse_tree(&Embedded::whole(file, text));
    // Tags inside of its texts make no template of a file that is YAML: rules of an alert manager have them.
    let is_broken = problems.iter().any(|problem| problem.kind == ProblemKind::Unreadable);
    if is_broken && template::is_rendered(text) {
        return None;
    }
    Some((File { flavour, yaml }, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_no_yaml_and_a_template_inside_a_text_is_none() {
        let read = |path: &str, begin: &str, rest: &str| {
            let path = RepoPath::new(path).unwrap();
            parse(FileId(0), &path, &format!("{begin}{rest}"), |_| true).map(|(_, problems)| problems.len())
        };
        for (path, begin) in [
            ("k8s/web.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: x}]}\n"),
            ("templates/compose.yaml", "services: {web: {image: x}}\n"),
            (".github/workflows/ci.yml", "on: push\n"),
            ("ansible/site.yml", "hosts: all\n"),
        ] {
            assert_eq!(read(path, begin, "rules: |\n  {{ $labels.x }}\n"), Some(0), "{path}");
            assert_eq!(
                read(path, begin, "{{- if .Values.x }}\nmetadata: {a: b}\n{{- end }}\n"),
                None,
                "{path}"
            );
            assert_eq!(read(path, begin, "{% if x %}\nmetadata: {a: b}\n{% endif %}\n"), None, "{path}");
            assert_eq!(read(path, begin, "@if ($x)\nmetadata: {a: b}\n@endif\n"), None, "{path}");
            assert_eq!(read(path, begin, "metadata: {a: b\n"), Some(1), "{path}");
            assert_eq!(read(path, begin, "a: ${{ github.sha }}\nmetadata: {a: b\n"), Some(1), "{path}");
        }
    }
}
