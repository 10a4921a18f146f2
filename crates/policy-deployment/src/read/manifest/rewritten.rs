//! Manifests in which something else writes the images: replacements of Kustomize, `sed` and its kin before they are applied,
//! `kubectl set image` after.

use std::collections::BTreeMap;

use policy_docker::image::Reference;
use policy_text::source::RepoPath;
use policy_text::yaml::{Node, Yaml};

use crate::commands::{self, Rewrites};
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;

/// Programs that write another image into a file.
const EDITORS: [&str; 4] = ["sed", "yq", "perl", "awk"];

/// Who writes images, from all of the repository.
#[derive(Debug, Default)]
pub(super) struct Rewriting {
    /// The lines of scripts and pipelines that edit files.
    lines: Vec<Line>,
    /// Which of them name a file called so.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Which of them name all files of a folder.
    of_folders: Vec<usize>,
    /// What gives other tools the images to put in the place of those that are written, in small letters.
    given: Vec<String>,
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
                flavour if flavour.is_pipeline() => found.add_pipeline(&file.yaml),
                Flavour::Kustomization => found.add_replacements(&file.yaml),
                _ => {}
            }
        }
        found
    }

    fn add_lines(&mut self, text: &str) {
        let joined = text.replace("\\\n", " ");
        for line in joined.lines() {
            let words: Vec<&str> = words(line).collect();
            match commands::rewrites(&words) {
                Some(Rewrites::Manifests) => self.given.push(line.to_lowercase()),
                _ if words.iter().any(|word| EDITORS.contains(word)) => self.add_edit(&words),
                Some(Rewrites::Cluster) => self.settings.push(line.to_owned()),
                None => {}
            }
        }
    }

    fn add_edit(&mut self, words: &[&str]) {
        let index = self.lines.len();
        let words: Vec<Word> = words.iter().copied().map(Word::new).collect();
        for word in &words {
            match word.text.rsplit('/').next().unwrap_or_default() {
                "*.yaml" | "*.yml" | "*" if word.text.len() > 1 => self.of_folders.push(index),
                name => self.by_name.entry(name.to_owned()).or_default().push(index),
            }
        }
        self.lines.push(Line { words });
    }

    fn add_pipeline(&mut self, yaml: &Yaml) {
        for node in yaml.nodes() {
            if let Some(text) = node.as_str() {
                self.add_lines(text);
            }
            self.add_step(node);
        }
    }

    /// A step of a pipeline that runs a program with a list of arguments, or that is given images to deploy.
    fn add_step(&mut self, step: Node<'_>) {
        let said = |key: &str| step.get(key).and_then(Node::as_str).unwrap_or_default();
        if let Some(arguments) = step.get("args").filter(|_| said("name").ends_with("kubectl")) {
            let words: Vec<&str> = arguments.items().filter_map(Node::as_str).collect();
            self.add_lines(&format!("kubectl {}", words.join(" ")));
        }
        let images = if said("task").starts_with("KubernetesManifest@") {
            step.path(&["inputs", "containers"])
        } else if said("uses").to_ascii_lowercase().starts_with("azure/k8s-deploy@") {
            step.path(&["with", "images"])
        } else {
            None
        };
        self.given.extend(images.and_then(Node::as_str).map(str::to_lowercase));
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
    pub(super) fn sets(&self, kind: &str, owner: &str, container: &str) -> bool {
        let is = |word: &str, name: &str| word == name || word.contains('$');
        let kind = kind.to_ascii_lowercase();
        // `deployment`, `deployments`, `deploy`, `sts`
        let is_kind = |word: &str| match word {
            "" => false,
            "sts" => kind == "statefulset",
            "ds" => kind == "daemonset",
            _ => kind.starts_with(word.strip_suffix('s').unwrap_or(word)),
        };
        self.settings.iter().any(|line| {
            // `deployment/web`, `deployment web`
            let parts: Vec<&str> = words(line).flat_map(|word| word.split('/')).collect();
            let about_owner =
                parts.windows(2).any(|pair| matches!(pair, [of, name] if is_kind(of) && is(name, owner)));
            about_owner
                && words(line).any(|word| {
                    word.split_once('=').is_some_and(|(name, image)| {
                        !name.starts_with('-')
                            && (name == "*" || is(name, container))
                            && !image.ends_with(":latest")
                    })
                })
        })
    }

    /// Whether a command writes another image in the place of `reference` into the file at `path`.
    pub(super) fn edits(&self, path: &RepoPath, reference: &Reference) -> bool {
        let name = reference.name.to_string();
        let last = name.rsplit('/').next().unwrap_or(&name);
        let named = self.by_name.get(path.file_name()).into_iter().flatten();
        let mut naming = named.chain(&self.of_folders).filter_map(|&index| self.lines.get(index));
        naming.any(|line| line.edits(path, last))
            || self.given.iter().any(|line| line.contains(&last.to_lowercase()))
    }
}

/// A line that edits files.
#[derive(Debug)]
struct Line {
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// The same in small letters.
    lower: String,
}

impl Word {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), lower: text.to_lowercase() }
    }
}

impl Line {
    /// Whether it names the file, and says something of images or of the one called `image`.
    fn edits(&self, path: &RepoPath, image: &str) -> bool {
        let about = |word: &Word| {
            ["image", "latest", "tag"].iter().any(|about| word.lower.contains(about))
                || word.lower.contains(image)
        };
        self.words.iter().any(|word| names(&word.text, path))
            && self.words.iter().any(|word| !names(&word.text, path) && about(word))
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
    use policy_text::source::{FileId, Span};
    use policy_text::value::Text;

    use super::*;

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
            rewriting.sets("Deployment", "shop", "web")
        };
        assert!(sets("kubectl set image deployment/shop web=acme/web:$TAG -n x"));
        assert!(sets("kubectl -n x set image \"deployment/$NAME\" \"$NAME=acme/web:$TAG\""));
        assert!(sets("kubectl set image deployment shop web=acme/web:$TAG"));
        assert!(sets("kubectl set image deployments/shop web=acme/web:$TAG"));
        assert!(sets("kubectl set image deployment/shop *=acme/web:$TAG"));
        assert!(!sets("kubectl set image sts/shop web=acme/web:$TAG"));
        assert!(!sets("kubectl set image cronjob/$NAME $NAME=acme/web:$TAG"));
        assert!(!sets("$KUSTOMIZE edit set image \"$NAME=$IMAGE:$TAG\""));
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
