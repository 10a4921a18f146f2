//! Makefiles: variables, and the recipes that the shell runs.

use policy_text::embedded::Embedded;
use policy_text::source::{FileId, offset_in};

/// One Makefile.
#[derive(Debug)]
pub struct Makefile {
    /// The file.
    pub file: FileId,
    /// The variables in order, each with its value as written.
    pub variables: Vec<(String, Embedded)>,
    /// The lines of the recipes, each with its target: continued lines joined, `@` and its kin taken off.
    pub recipes: Vec<(String, Embedded)>,
}

/// Reads one Makefile.
pub fn parse(file: FileId, text: &str) -> Makefile {
    let mut makefile = Makefile { file, variables: Vec::new(), recipes: Vec::new() };
    let mut target = String::new();
    for (start, line) in logical_lines(text) {
        if let Some(command) = line.strip_prefix('\t') {
            let bare = command.trim_start_matches([' ', '\t', '@', '-', '+']);
            let offset = start + (line.len() - bare.len());
            makefile.recipes.push((target.clone(), Embedded::slice(file, bare, offset)));
        } else if let Some((name, value)) = assignment(line) {
            let offset = start + offset_in(line, value);
            makefile.variables.push((name.to_owned(), Embedded::slice(file, value, offset)));
        } else if let Some((names, _)) = line.split_once(':').filter(|_| !line.starts_with('#')) {
            names.trim().clone_into(&mut target);
        }
    }
    makefile
}

/// Lines with those joined to them that a `\` at the end continues. The joined text is as it is in the file.
fn logical_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let (mut start, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end_matches(['\n', '\r']).ends_with('\\') {
            lines.push((start, text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])));
            start = end;
        }
    }
    lines.push((start, text.get(start..end).unwrap_or_default()));
    lines
}

/// `NAME := value # why`, with any of make's operators.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.split_once(" #").map_or(line, |(line, _)| line);
    let line = line.trim_start();
    let line = ["export ", "override "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim();
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    plain.then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_recipes_keep_their_places() {
        let text = "TAG ?= latest # for now\nexport REG := r.io\npush: build\n\t@docker push \\\n\t  $(REG)/web:$(TAG)\n\t-docker rm x\n";
        let makefile = parse(FileId(0), text);
        let variables: Vec<_> =
            makefile.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(variables, [("TAG", "latest"), ("REG", "r.io")]);
        let recipes: Vec<_> =
            makefile.recipes.iter().map(|(target, line)| (target.as_str(), line.as_str())).collect();
        assert_eq!(recipes, [("push", "docker push \\\n\t  $(REG)/web:$(TAG)"), ("push", "docker rm x")]);
        assert_eq!(&text[makefile.recipes[1].1.span(0..6).range()], "docker");
    }
}
