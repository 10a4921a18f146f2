//! Manifests in which something else writes the images: replacements of Kustomize, `sed` and its kin before they are applied,
//! `kubectl set image` after.

use std::collections::{BTreeMap, HashMap};

use policy_docker::image::Reference;
use policy_text::source::{RepoPath, Span};
use policy_text::yaml::{Node, Yaml};

use super::given::{Folder, Given};
use super::line::{self, may_be};

use crate::commands::{self, Rewrites};
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;

/// Programs that write another image into a file.
const EDITORS: [&str; 4] = ["sed", "yq", "perl", "awk"];

/// The annotation that lists the images that the image updater of Argo CD keeps up to date.
const UPDATED: &str = "argocd-image-updater.argoproj.io/image-list";

/// Who writes images, from all of the repository.
#[derive(Debug, Default)]
pub(super) struct Rewriting {
    /// The lines of scripts and pipelines that edit files.
    lines: Vec<Line>,
    /// Which of them name a file called so.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Which of them name all files of a folder, or files that only the run knows.
    of_folders: Vec<usize>,
    /// What gives other tools the images to put in the place of those that are written.
    given: Vec<Given>,
    /// How many bytes were looked through.
    bytes: usize,
    /// The lines that apply something to a cluster.
    applied: Vec<String>,
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
            found.add_lines(script.text.as_str(), None);
        }
        for (_, makefile) in &parsed.makefiles {
            makefile.recipes.iter().for_each(|(_, line)| found.add_lines(line.as_str(), None));
        }
        for (_, file) in &parsed.jenkinsfiles {
            file.steps.iter().for_each(|step| found.add_lines(step.text.as_str(), None));
        }
        for (_, file) in &parsed.yaml {
            match file.flavour {
                flavour if flavour.is_pipeline() => found.add_pipeline(&file.yaml),
                Flavour::Kustomization => found.add_replacements(&file.yaml),
                Flavour::Kubernetes => found.add_updates(&file.yaml),
                _ => {}
            }
        }
        found
    }

    /// How many lines write images or apply something.
    pub(super) fn count(&self) -> usize {
        self.lines.len() + self.given.len() + self.settings.len() + self.applied.len()
    }

    /// How many bytes were looked through for them.
    pub(super) fn size(&self) -> usize {
        self.bytes
    }

    /// The lines of a script that begins in `folder`, as far as that is known.
    fn add_lines(&mut self, text: &str, folder: Option<Folder>) {
        self.bytes += text.len();
        let mut here = folder;
        for line in line::joined(text).lines() {
            let words: Vec<&str> = line::words(line).collect();
            let changed = words.iter().position(|word| matches!(*word, "cd" | "pushd"));
            let before = here.clone();
            if let Some(at) = changed {
                here = words.get(at + 1).and_then(|word| Folder::read(word));
            }
            match commands::rewrites(&words) {
                Some(Rewrites::Manifests) => self.given.push(Given::new(line, here.clone())),
                _ if words.iter().any(|word| EDITORS.contains(word)) => self.add_edit(line, &words),
                Some(Rewrites::Cluster) => self.settings.push(line.to_owned()),
                None => {}
            }
            if words.contains(&"apply") {
                self.applied.push(line.to_owned());
            }
            // A subshell comes back.
            if changed.is_some() && line.contains("(cd ") {
                here = before;
            }
        }
    }

    fn add_edit(&mut self, line: &str, words: &[&str]) {
        let index = self.lines.len();
        let words: Vec<Word> = words.iter().copied().map(Word::new).collect();
        for word in &words {
            match word.text.rsplit('/').next().unwrap_or_default() {
                "*.yaml" | "*.yml" | "*" if word.text.len() > 1 => self.of_folders.push(index),
                name if is_pattern(name) => self.of_folders.push(index),
                name => self.by_name.entry(name.to_owned()).or_default().push(index),
            }
        }
        let open = line::open_file(line);
        if open.is_some() {
            self.of_folders.push(index);
        }
        self.lines.push(Line { words, open });
    }

    fn add_pipeline(&mut self, yaml: &Yaml) {
        // A step comes before what it runs.
        let mut folders: HashMap<Span, Folder> = HashMap::new();
        for node in yaml.nodes() {
            if let Some(text) = node.as_str() {
                self.add_lines(text, folders.get(&node.span()).cloned());
            }
            let folder = ["working-directory", "workingDirectory"].iter().find_map(|key| node.get(key));
            if let Some(folder) =
                folder.and_then(Node::as_str).and_then(|text| Folder::read(&line::joined(text)))
            {
                let run = ["run", "script", "bash"].iter().filter_map(|key| node.get(key));
                folders.extend(run.map(|run| (run.span(), folder.clone())));
            }
            self.add_step(node);
        }
    }

    /// A step of a pipeline that runs a program with a list of arguments, or that is given images to deploy.
    fn add_step(&mut self, step: Node<'_>) {
        let said = |key: &str| step.get(key).and_then(Node::as_str).unwrap_or_default();
        if let Some(arguments) = step.get("args").filter(|_| said("name").ends_with("kubectl")) {
            let words: Vec<&str> = arguments.items().filter_map(Node::as_str).collect();
            self.add_lines(&format!("kubectl {}", words.join(" ")), None);
        }
        let images = if said("task").starts_with("KubernetesManifest@") {
            step.path(&["inputs", "containers"])
        } else if said("uses").to_ascii_lowercase().starts_with("azure/k8s-deploy@") {
            step.path(&["with", "images"])
        } else {
            None
        };
        self.given.extend(images.and_then(Node::as_str).map(|images| Given::new(images, None)));
    }

    /// The images whose tags a controller of the cluster keeps up to date.
    fn add_updates(&mut self, yaml: &Yaml) {
        for document in yaml.documents() {
            let kept: [&[&str]; 2] = [&["metadata"], &["spec", "template", "metadata"]];
            let annotations = kept.iter().filter_map(|path| document.path(path)?.get("annotations"));
            let images = annotations.filter_map(|all| all.get(UPDATED)?.as_str());
            self.given.extend(images.map(|images| Given::new(images, None)));
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
            let parts: Vec<&str> = line::words(line).flat_map(|word| word.split('/')).collect();
            let about_owner =
                parts.windows(2).any(|pair| matches!(pair, [of, name] if is_kind(of) && is(name, owner)));
            about_owner
                && line::words(line).any(|word| {
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
        self.edits_text(path, &name) || self.given.iter().any(|given| given.names(&name))
    }

    /// Whether a command gives the kustomization at `path` another image in the place of `name`, or sets the image once
    /// it is applied.
    pub(super) fn edits_kustomization(&self, path: &RepoPath, name: &str) -> bool {
        let last = last_part(name);
        let folder = path.parent().unwrap_or_else(RepoPath::root);
        let sets = |line: &String| {
            let mut images = line::words(line).filter_map(|word| word.split_once('='));
            images.any(|(_, image)| {
                let named = image.split_once(':').map_or(image, |(name, _)| name);
                last_part(named) == last && !image.ends_with(":latest")
            })
        };
        self.edits_text(path, name)
            || self.given.iter().any(|given| given.names(name) && given.is_in(&folder))
            || self.settings.iter().any(sets)
    }

    fn edits_text(&self, path: &RepoPath, name: &str) -> bool {
        let named = self.by_name.get(path.file_name()).into_iter().flatten();
        let mut naming = named.chain(&self.of_folders).filter_map(|&index| self.lines.get(index));
        naming.any(|line| line.edits(path, last_part(name)))
    }

    /// Whether a command applies what lies in `folder`.
    pub(super) fn applies(&self, folder: &RepoPath) -> bool {
        let path = format!("/{folder}");
        self.applied.iter().any(|line| {
            line::words(line).any(|word| {
                let word = word.trim_start_matches("./").trim_end_matches('/');
                !word.is_empty() && (path.ends_with(&format!("/{word}")) || word.ends_with(&path))
            })
        })
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A line that edits files.
#[derive(Debug)]
struct Line {
    words: Vec<Word>,
    /// The file that it edits, where its name is only known to the run.
    open: Option<String>,
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
        // Whatever the file is, it is one with images.
        let about_images = |word: &Word| {
            ["image", "latest", "newtag"].iter().any(|about| word.lower.contains(about))
                || word.lower.contains(&format!("{image}:"))
        };
        let named = |word: &Word| {
            let file = word.text.rsplit('/').next().unwrap_or_default();
            (!file.contains('$') || is_pattern(file)) && names(&word.text, path)
        };
        self.words.iter().any(named) && self.words.iter().any(|word| !named(word) && about(word))
            || self.open.as_ref().is_some_and(|open| names(open, path) && self.words.iter().any(about_images))
    }
}

/// Whether the name of a file holds a variable: `$NAME.yaml`. A variable alone may be anything.
fn is_pattern(file: &str) -> bool {
    file.contains('$') && matches!(file.rsplit('.').next(), Some("yaml" | "yml"))
}

/// Whether a word of a command names the file: by its name, or by a pattern for all files of its folder.
fn names(word: &str, path: &RepoPath) -> bool {
    let (folder, file) = word.rsplit_once('/').unwrap_or(("", word));
    let all = matches!(file, "*.yaml" | "*.yml" | "*") && word.len() > 1;
    if !all && !may_be(file, path.file_name()) {
        return false;
    }
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let own = path.parent().map(|parent| parent.file_name().to_owned()).unwrap_or_default();
    matches!(folder, "" | ".") || may_be(folder, &own)
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};
    use policy_text::value::Text;

    use super::*;

    fn edits(line: &str, path: &str) -> bool {
        let mut rewriting = Rewriting::default();
        rewriting.add_lines(line, None);
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
            rewriting.add_lines(line, None);
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
