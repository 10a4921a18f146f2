//! Manifests in which something else writes the images: replacements of Kustomize, `sed` and its kin before they are applied,
//! `kubectl set image` after.

use crate::model::image::Reference;
use crate::parse::Parsed;
use crate::parse::yaml::{Flavour, Node, Yaml};
use crate::source::RepoPath;

/// Programs that write another image into a file.
const EDITORS: [&str; 4] = ["sed", "yq", "perl", "awk"];

/// How deep a pipeline is looked into.
const MAX_DEPTH: usize = 16;

/// Who writes images, from all of the repository.
#[derive(Debug, Default)]
pub(super) struct Rewriting {
    /// The lines of scripts and pipelines that edit files.
    lines: Vec<String>,
    /// The lines that set the images of containers.
    settings: Vec<String>,
    /// The resources in which replacements of Kustomize write an image, by kind and name.
    targets: Vec<(Option<String>, Option<String>)>,
}

impl Rewriting {
    /// Looks for all of it.
    pub(super) fn find(parsed: &Parsed) -> Self {
        let mut found = Self::default();
        for (_, script) in &parsed.shell {
            found.add_lines(script.text.as_str());
        }
        for (_, makefile) in &parsed.makefiles {
            makefile.recipes.iter().for_each(|(_, line)| found.add_lines(line.as_str()));
        }
        for (_, file) in &parsed.jenkinsfiles {
            file.steps.iter().for_each(|step| found.add_lines(step.text.as_str()));
        }
        for (_, file) in &parsed.yaml {
            match file.flavour {
                Flavour::Workflow
                | Flavour::Action
                | Flavour::Gitlab
                | Flavour::CircleCi
                | Flavour::BuildSpec => found.add_pipeline(&file.yaml),
                Flavour::Kustomization => found.add_replacements(&file.yaml),
                _ => {}
            }
        }
        found
    }

    fn add_lines(&mut self, text: &str) {
        let joined = text.replace("\\\n", " ");
        let edits = |line: &&str| {
            let mut words = words(line);
            words.any(|word| EDITORS.contains(&word)) || line.contains("kustomize edit set image")
        };
        self.lines.extend(joined.lines().filter(edits).map(ToOwned::to_owned));
        let sets = |line: &&str| line.contains(" set image ") && !line.contains("kustomize");
        self.settings.extend(joined.lines().filter(sets).map(ToOwned::to_owned));
    }

    fn add_pipeline(&mut self, yaml: &Yaml) {
        let mut open: Vec<(Node<'_>, usize)> = yaml.documents().map(|document| (document, 0)).collect();
        while let Some((node, depth)) = open.pop() {
            if let Some(text) = node.as_str() {
                self.add_lines(text);
            }
            if depth < MAX_DEPTH {
                open.extend(node.entries().into_iter().map(|(_, value)| (value, depth + 1)));
                open.extend(node.items().map(|item| (item, depth + 1)));
            }
        }
    }

    fn add_replacements(&mut self, yaml: &Yaml) {
        let replacements = yaml.root().and_then(|root| root.get("replacements"));
        let targets = replacements.into_iter().flat_map(Node::items).filter_map(|item| item.get("targets"));
        for target in targets.flat_map(Node::items) {
            let mut paths = target.get("fieldPaths").into_iter().flat_map(Node::items);
            if paths.any(|path| path.as_str().is_some_and(|path| path.rsplit('.').next() == Some("image"))) {
                let selected = |key: &str| Some(target.path(&["select", key])?.as_str()?.to_owned());
                self.targets.push((selected("kind"), selected("name")));
            }
        }
    }

    /// Whether the images of a resource are written by a replacement.
    pub(super) fn replaces_in(&self, kind: &str, name: &str) -> bool {
        let fits = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
        self.targets.iter().any(|(of_kind, of_name)| fits(of_kind, kind) && fits(of_name, name))
    }

    /// Whether a command sets the image of a container once its manifest is applied: then the tag that is written there
    /// only fills the place.
    pub(super) fn sets(&self, owner: &str, container: &str) -> bool {
        let is = |word: &str, name: &str| word == name || word.contains('$');
        self.settings.iter().any(|line| {
            let about_owner = words(line).any(|word| is(word.rsplit('/').next().unwrap_or_default(), owner));
            about_owner
                && words(line).any(|word| {
                    word.split_once('=').is_some_and(|(name, image)| {
                        !name.starts_with('-') && is(name, container) && !image.ends_with(":latest")
                    })
                })
        })
    }

    /// Whether a command writes another image in the place of `reference` into the file at `path`.
    pub(super) fn edits(&self, path: &RepoPath, reference: &Reference) -> bool {
        let name = reference.name.to_string();
        let last = name.rsplit('/').next().unwrap_or(&name);
        self.lines.iter().any(|line| {
            let sets_image = line.contains("kustomize edit set image");
            let names_file = words(line).any(|word| names(word, path));
            let rest: String =
                words(line).filter(|word| !names(word, path)).collect::<Vec<_>>().join(" ").to_lowercase();
            let about_images = ["image", "latest", "tag"].iter().any(|word| rest.contains(word));
            if sets_image {
                rest.contains(&last.to_lowercase())
            } else {
                names_file && (about_images || rest.contains(last))
            }
        })
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '|' | '<' | '>' | '(' | ')' | '&')
    })
    .filter(|word| !word.is_empty())
}

/// Whether a word of a command names the file: by its name, or by a pattern for all files of its folder.
fn names(word: &str, path: &RepoPath) -> bool {
    let (folder, file) = word.rsplit_once('/').unwrap_or(("", word));
    let all = matches!(file, "*.yaml" | "*.yml" | "*");
    if file != path.file_name() && !(all && word.len() > 1) {
        return false;
    }
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let own = path.parent().map(|parent| parent.file_name().to_owned()).unwrap_or_default();
    matches!(folder, "" | ".") || folder.contains('$') || folder == own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Text;
    use crate::source::{FileId, Span};

    fn edits(line: &str, path: &str) -> bool {
        let mut rewriting = Rewriting::default();
        rewriting.add_lines(line);
        let reference =
            Reference::parse(&Text::literal("acme/web:latest", Span::start_of(FileId(0)))).unwrap();
        rewriting.edits(&RepoPath::new(path).unwrap(), &reference)
    }

    #[test]
    fn an_edit_of_the_image_in_the_file_is_one() {
        for line in [
            "sed -i \"s/web.*/web:$BUILD_NUMBER/\" k8s/deployment.yaml && kubectl apply -f k8s/deployment.yaml",
            "sed -i \\\n  s/:latest/:$TAG/ k8s/*.yaml",
            "cd k8s && yq -i '.spec.template.spec.containers[0].image = \"x\"' deployment.yaml",
            "kustomize edit set image acme/web=acme/web:$SHA",
        ] {
            assert!(edits(line, "k8s/deployment.yaml"), "{line}");
        }
    }

    #[test]
    fn a_command_sets_the_image_of_one_container() {
        let sets = |line: &str| {
            let mut rewriting = Rewriting::default();
            rewriting.add_lines(line);
            rewriting.sets("shop", "web")
        };
        assert!(sets("kubectl set image deployment/shop web=acme/web:$TAG -n x"));
        assert!(sets("kubectl -n x set image \"deployment/$NAME\" \"$NAME=acme/web:$TAG\""));
        assert!(!sets("kubectl set image deployment/shop api=acme/api:$TAG"));
        assert!(!sets("kubectl set image deployment/other web=acme/web:1"));
        assert!(!sets("kubectl set image deployment/shop web=acme/web:latest"));
    }

    #[test]
    fn an_edit_of_something_else_is_none() {
        for line in [
            "sed -i s/replicas:.*/replicas:3/ k8s/deployment.yaml",
            "sed -i s/web/api/ README.md",
            "sed -i s/:latest/:$TAG/ api/deployment.yaml",
            "kubectl apply -f k8s/deployment.yaml",
            "kustomize edit set image acme/api=acme/api:$SHA",
        ] {
            assert!(!edits(line, "k8s/deployment.yaml"), "{line}");
        }
    }
}
