//! Kustomizations: the images that they choose. What counts is what is applied: a base is, where nothing else lists it or where
//! a command applies it, and what lists it may choose another image.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_text::budget::Budget;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

use super::UNKNOWN_TAG;
use super::rewritten::Rewriting;
use crate::documents::manifest::IMAGE_POLICY;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;

/// Where a kustomization lists others.
const LISTS: [&str; 3] = ["resources", "bases", "components"];

/// Where a kustomization changes whatever it lists.
const PATCHES: [&str; 3] = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/// How many bytes of a text are looked through in one step.
const BYTES_PER_STEP: usize = 64;

/// What is left out where it costs too much to ask which kustomizations change an image.
const TOO_COSTLY: &str = "the kustomizations of this tree list one another more often than is followed; from here on \
their images are left out";

/// All kustomizations, and what writes into them.
pub(super) struct Kustomizations<'a> {
    all: Vec<Kustomization<'a>>,
    /// Which of them list each of them.
    users: Vec<Vec<usize>>,
    rewriting: &'a Rewriting,
    sources: &'a Sources<'a>,
    budget: Budget,
}

struct Kustomization<'a> {
    path: &'a RepoPath,
    root: Node<'a>,
    /// Which kustomizations it lists as components.
    components: Vec<usize>,
    /// The texts of its patches, once somebody asked.
    patches: OnceCell<Vec<String>>,
}

/// An image that a kustomization chooses.
#[derive(Clone, Copy)]
struct Image<'n> {
    name: &'n str,
    tag: &'n str,
}

impl Image<'_> {
    /// Whether an entry for `name` is about it. What stands there is compared with the whole reference too.
    fn is_called(self, name: &str) -> bool {
        name == self.name
            || name.strip_prefix(self.name).and_then(|rest| rest.strip_prefix(':')) == Some(self.tag)
    }
}

impl<'a> Kustomizations<'a> {
    pub(super) fn find(parsed: &'a Parsed, rewriting: &'a Rewriting, sources: &'a Sources<'a>) -> Self {
        let files = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Kustomization);
        let roots: Vec<(FileId, Node<'_>)> =
            files.filter_map(|(file, yaml)| Some((*file, yaml.yaml.root()?))).collect();
        let by_folder: BTreeMap<RepoPath, usize> =
            roots.iter().enumerate().map(|(at, (file, _))| (sources.folder_of(*file), at)).collect();
        let listed = |file: FileId, root: Node<'_>, list: &str| -> Vec<usize> {
            let folder = sources.folder_of(file);
            let items = root.get(list).into_iter().flat_map(Node::items).filter_map(Node::as_str);
            items.filter_map(|item| by_folder.get(&folder.join(item)?).copied()).collect()
        };
        let mut users = vec![Vec::new(); roots.len()];
        let mut all = Vec::with_capacity(roots.len());
        for (at, (file, root)) in roots.iter().enumerate() {
            for used in LISTS.iter().flat_map(|list| listed(*file, *root, list)) {
                if let Some(users) = users.get_mut(used).filter(|_| used != at) {
                    users.push(at);
                }
            }
            let components = listed(*file, *root, "components");
            let patches = OnceCell::new();
            all.push(Kustomization { path: sources.path(*file), root: *root, components, patches });
        }
        let of = |flavour: Flavour| parsed.yaml.iter().filter(move |(_, file)| file.flavour == flavour);
        let kustomized = [Flavour::Kustomization, Flavour::Kubernetes].into_iter().flat_map(of);
        let bytes: usize = kustomized.map(|(_, file)| file.yaml.size()).sum();
        let budget = Budget::for_bytes(bytes + rewriting.size());
        Self { all, users, rewriting, sources, budget }
    }

    /// The images that they choose, and what they replace: names, or names with their tags.
    pub(super) fn images(&self) -> (Vec<Found>, BTreeSet<String>) {
        let mut found = Vec::new();
        let mut replaced = BTreeSet::new();
        for (at, kustomization) in self.all.iter().enumerate() {
            for entry in entries(kustomization.root) {
                let mut images = Found::default();
                replaced.extend(self.replacement(at, kustomization, entry, &mut images));
                found.push(images);
            }
        }
        (found, replaced)
    }

    /// The image that an entry replaces, where the entry chooses a tag or a digest for it.
    fn replacement(
        &self,
        at: usize,
        own: &Kustomization<'_>,
        entry: Node<'_>,
        found: &mut Found,
    ) -> Option<String> {
        let name = entry.get("name")?.as_str()?.to_owned();
        if entry.get("digest").is_some() {
            return Some(name);
        }
        let tag = entry.get("newTag")?;
        let new_name = entry.get("newName").and_then(Node::as_str).unwrap_or(without_tag(&name));
        let image = Image { name: new_name, tag: tag.as_str()? };
        let is_written_by_others = self.rewriting.edits_kustomization(own.path, without_tag(&name))
            || self.rewriting.edits_kustomization(own.path, new_name)
            || tag.rest_of_line().contains(IMAGE_POLICY);
        let written = if is_written_by_others {
            Text::hole(Origin::Other(UNKNOWN_TAG.into()), tag.span())
        } else {
            Text::literal(image.tag, tag.span())
        };
        if let Some(role) = self.role(at, image, tag.span(), found) {
            let reference = tagged(Text::literal(new_name, entry.span()), &written, tag.span());
            found.image(&reference, tag.span(), role, &Asker::Kustomization);
        }
        Some(name)
    }

    /// What an image is that a kustomization chooses, where it is applied with that tag. `None` where that is not known to
    /// happen.
    fn role(&self, chooses: usize, image: Image<'_>, place: Span, found: &mut Found) -> Option<ImageRole> {
        let mut role = None;
        let mut seen = BTreeSet::from([chooses]);
        let mut open = vec![chooses];
        while let Some((at, own)) = open.pop().and_then(|at| Some((at, self.all.get(at)?))) {
            let is_first = at == chooses;
            let cost =
                if is_first || self.budget.is_spent() { self.rewriting.count() } else { self.cost(own) };
            if !found.pays(&self.budget, cost, place, TOO_COSTLY) {
                return None;
            }
            if !is_first && self.chooses_other(own, image) {
                continue;
            }
            let users = self.users.get(at).map(Vec::as_slice).unwrap_or_default();
            let folder = own.path.parent().unwrap_or_else(RepoPath::root);
            if users.is_empty() || self.rewriting.applies(&folder) {
                match ImageRole::in_file(own.path) {
                    ImageRole::Deployed => return Some(ImageRole::Deployed),
                    other => role = Some(other),
                }
            }
            open.extend(users.iter().filter(|user| seen.insert(**user)));
        }
        role
    }

    /// What it takes to ask whether a kustomization changes an image.
    fn cost(&self, own: &Kustomization<'_>) -> usize {
        let patches = own.patches.get_or_init(|| self.patches(own));
        let patches: usize = patches.iter().map(|text| 1 + text.len() / BYTES_PER_STEP).sum();
        let components = own.components.iter().filter_map(|at| self.all.get(*at));
        let roots = components.map(|component| component.root).chain([own.root]);
        roots.map(|root| entries(root).count()).sum::<usize>() + patches + self.rewriting.count()
    }

    /// Whether a kustomization gives an image that it lists another tag, or may.
    fn chooses_other(&self, own: &Kustomization<'_>, image: Image<'_>) -> bool {
        let names = |root: Node<'_>| {
            entries(root).any(|entry| {
                let chooses = ["newTag", "digest"].iter().any(|key| entry.get(key).is_some());
                chooses && entry.get("name").and_then(Node::as_str).is_some_and(|name| image.is_called(name))
            })
        };
        let mut components = own.components.iter().filter_map(|at| self.all.get(*at));
        names(own.root)
            || components.any(|component| names(component.root))
            || own.root.get("transformers").is_some()
            || self.rewriting.edits_kustomization(own.path, image.name)
            || self.patches_image(own, image.name)
    }

    /// Whether a patch of it says something of images of that name, or of an image by its place.
    fn patches_image(&self, own: &Kustomization<'_>, name: &str) -> bool {
        let last = name.rsplit('/').next().unwrap_or(name);
        let is_about =
            |patch: &str| patch.contains("/image") || patch.contains("image:") && patch.contains(last);
        own.patches.get_or_init(|| self.patches(own)).iter().any(|patch| is_about(patch))
    }

    /// The texts of the patches of a kustomization.
    fn patches(&self, own: &Kustomization<'_>) -> Vec<String> {
        let folder = own.path.parent().unwrap_or_else(RepoPath::root);
        let in_file = |path: &str| {
            let file = folder.join(path).and_then(|path| self.sources.find(&path))?;
            self.sources.read(file).ok().map(|read| read.text)
        };
        let items = PATCHES.iter().filter_map(|key| own.root.get(key)).flat_map(Node::items);
        let patches = items.flat_map(|item| [Some(item), item.get("patch"), item.get("path")]).flatten();
        let texts: BTreeSet<&str> = patches.filter_map(Node::as_str).collect();
        let text = |text: &str| if text.contains('\n') { Some(text.to_owned()) } else { in_file(text) };
        texts.into_iter().filter_map(text).collect()
    }
}

fn entries(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    root.get("images").into_iter().flat_map(Node::items)
}

/// The name in `name:tag`. A port stands before a slash.
fn without_tag(image: &str) -> &str {
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(image, |(name, _)| name)
}
