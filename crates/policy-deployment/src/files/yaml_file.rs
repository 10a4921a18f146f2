//! YAML files that say something about images or builds: what each is for, and its documents.

mod flavour;

pub use flavour::Flavour;
use policy_text::Problem;
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath};
use policy_text::yaml::{Yaml, parse_tree};

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
    if !problems.is_empty() && flavour::may_be_template(flavour, text) {
        return None;
    }
    Some((File { flavour, yaml }, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_no_yaml_and_a_template_inside_a_text_is_none() {
        let manifest = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: x}]}\n";
        let read = |rest: &str| {
            let path = RepoPath::new("k8s/web.yaml").unwrap();
            parse(FileId(0), &path, &format!("{manifest}{rest}"), |_| false)
                .map(|(_, problems)| problems.len())
        };
        assert_eq!(read("rules: |\n  {{ $labels.x }}\n"), Some(0));
        assert_eq!(read("{{- if .Values.x }}\nmetadata: {a: b}\n{{- end }}\n"), None);
        assert_eq!(read("metadata: {a: b\n"), Some(1));
    }
}
