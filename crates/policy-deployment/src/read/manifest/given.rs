//! What gives tools the images to put in the place of those that are written, such as `kustomize edit set image`: which images,
//! and in which folder.

use policy_docker::image::is_official;
use policy_text::source::RepoPath;

use super::line;

/// The folder that a command runs in, as far as it is written out.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// What stands before the first variable.
    begin: String,
    /// What stands behind the last.
    end: String,
}

impl Folder {
    /// The folder that `cd` is told. `None` where it depends on the one before, or lies on a machine.
    pub(super) fn read(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if word.starts_with('/') || parts.is_empty() || parts.iter().any(|part| matches!(*part, ".." | "-")) {
            return None;
        }
        let is_written = |part: &&&str| !part.contains(['$', '*', '`', '~', '{']);
        let begin: Vec<&str> = parts.iter().take_while(is_written).copied().collect();
        let end = parts.iter().rev().take_while(is_written).count();
        Some(Self { begin: begin.join("/"), end: parts.get(parts.len() - end..)?.join("/") })
    }

    fn may_be(&self, folder: &RepoPath) -> bool {
        let path = format!("/{folder}/");
        let (begin, end) = (format!("/{}/", self.begin), format!("/{}/", self.end));
        (self.begin.is_empty() || path.contains(&begin)) && (self.end.is_empty() || path.ends_with(&end))
    }
}

/// A line that gives images.
#[derive(Debug)]
pub(super) struct Given {
    /// The line, in small letters.
    line: String,
    /// The names of its images that hold variables.
    open: Vec<String>,
    /// Where it runs, as far as that is known.
    folder: Option<Folder>,
}

impl Given {
    pub(super) fn new(line: &str, folder: Option<Folder>) -> Self {
        // `web=r.io/web:1` is about `web`, and so is `web:1`.
        let name = |word: &str| {
            let name = word.split_once('=').map(|(name, _)| name);
            let name = name.or_else(|| word.split_once('@').map(|(name, _)| name));
            name.or_else(|| word.rsplit_once(':').map(|(name, _)| name)).unwrap_or(word).to_lowercase()
        };
        let images = line::words(line).skip_while(|word| *word != "image").skip(1);
        let open = images.map(name).filter(|name| name.contains('$')).collect();
        Self { line: line.to_lowercase(), open, folder }
    }

    /// Whether it is about the image called `name`, or may be.
    pub(super) fn names(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let last = name.rsplit('/').next().unwrap_or(&name);
        self.line.contains(last)
            || !is_official(&name) && self.open.iter().any(|open| line::may_be(open, &name))
    }

    /// Whether it runs in `folder`, or may.
    pub(super) fn is_in(&self, folder: &RepoPath) -> bool {
        self.folder.as_ref().is_none_or(|own| own.may_be(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_what_is_written_of_it() {
        let is_in = |word: &str, folder: &str| {
            let given = Given::new("kustomize edit set image web=web:1", Folder::read(word));
            given.is_in(&RepoPath::new(folder).unwrap())
        };
        for word in
            ["k8s/prod", "./k8s/prod/", "k8s/$TO", "$ROOT/k8s/prod", "prod", "..", "-", "/srv/x", "$X"]
        {
            assert!(is_in(word, "deploy/k8s/prod"), "{word}");
        }
        for word in ["k8s/dev", "k8s", "k9s/$TO", "$ROOT/k8s/dev", "8s/prod"] {
            assert!(!is_in(word, "deploy/k8s/prod"), "{word}");
        }
    }

    #[test]
    fn images_are_named_or_may_be() {
        let names = |images: &str, name: &str| {
            Given::new(&format!("kustomize edit set image {images}"), None).names(name)
        };
        assert!(names("acme/web=r.io/web:$TAG", "acme/web"));
        assert!(!names("acme/web=r.io/web:$TAG", "acme/api"));
        assert!(names("\"$NAME=$REGISTRY/x:$TAG\"", "acme/api"));
        assert!(names("\"acme/$NAME=$REGISTRY/x:$TAG\"", "acme/api"));
        assert!(!names("\"acme/$NAME=$REGISTRY/x:$TAG\"", "shop/api"));
        // Nobody who builds an image calls it so.
        assert!(!names("\"$NAME=$REGISTRY/x:$TAG\"", "redis"));
    }
}
