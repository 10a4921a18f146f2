//! A pipeline names a cluster, service, task definition, container or repository that the repository does not make.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label};
use policy_core::model::ecs_call::{EcsCall, Named, NamedKind, is_region};
use policy_core::model::image::{Caveat, ImageRole, ImageUse, Pattern, Reference};
use policy_core::model::made_name::{MadeName, MadeNames, NamePart};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};
use policy_core::value::{Hole, Origin, Piece, Text};

/// How names begin that people have yet to replace: those of starter workflows.
const PLACEHOLDERS: [&str; 7] = ["my-", "my_", "your-", "your_", "<", "example", "sample"];

/// Among how many names the nearest is looked for.
const MOST_COMPARED: usize = 200;

/// How many places one finding keeps beside its own.
const MAX_RELATED: usize = 64;

/// A name that a pipeline uses, and who does.
struct Target<'d> {
    kind: NamedKind,
    name: Text,
    at: Span,
    by: String,
    /// The clusters that are named beside it.
    clusters: Vec<&'d Text>,
    /// The region that it is looked for in, where that is known.
    region: Option<String>,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let made = &context.deployment.made_names;
    if made.names.is_empty() {
        return Vec::new();
    }
    let known: BTreeMap<FileId, Known<'_>> =
        names_used(context).into_iter().map(|(file, used)| (file, Known::of(made, &used))).collect();
    let mut said: BTreeMap<(FileId, NamedKind, String), usize> = BTreeMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for target in targets(context) {
        let Some(known) = known.get(&target.at.file) else { continue };
        let Some(nearest) = known.unknown(&target).filter(|_| known.is_in_known_cluster(&target)) else {
            continue;
        };
        said.entry((target.at.file, target.kind, target.name.to_string())).or_insert_with(|| {
            findings.push(finding(&target, nearest));
            findings.len() - 1
        });
    }
    // What stands in a cluster that does not exist is told with it.
    let mut told: BTreeSet<(usize, String)> = BTreeSet::new();
    for target in targets(context).filter(|target| target.kind == NamedKind::Service) {
        let Some(known) = known.get(&target.at.file) else { continue };
        let cluster = target.clusters.iter().find_map(|cluster| {
            said.get(&(target.at.file, NamedKind::Cluster, cluster.to_string())).copied()
        });
        let Some((at, finding)) = cluster.and_then(|at| Some((at, findings.get_mut(at)?))) else { continue };
        if known.unknown(&target).is_some()
            && finding.related.len() < MAX_RELATED
            && told.insert((at, target.name.to_string()))
        {
            let text = format!("nothing creates the service `{}` either", target.name);
            finding.related.push(Label::new(target.at, text));
        }
    }
    findings
}

/// All that calls and pushes name and must find.
fn targets<'d>(context: &Context<'d>) -> impl Iterator<Item = Target<'d>> {
    let of_call = |call: &'d EcsCall| {
        let clusters: Vec<&Text> = call.named(NamedKind::Cluster).map(|named| &named.name).collect();
        let by = call.by.to_string();
        call.names.iter().map(move |Named { kind, name, at }| {
            let name = if *kind == NamedKind::Family { without_revision(name) } else { name.clone() };
            Target {
                kind: *kind,
                name,
                at: *at,
                by: by.clone(),
                clusters: clusters.clone(),
                region: call.region.clone(),
            }
        })
    };
    let calls = context.deployment.ecs_calls.iter().filter(|call| call.must_find()).flat_map(of_call);
    let must_succeed = |image: &&ImageUse| !matches!(image.caveat, Some((Caveat::Guarded, _)));
    let pushes = context.deployment.images.iter().filter(|image| image.role == ImageRole::Pushed);
    let pushes = pushes.filter(must_succeed);
    calls.chain(pushes.filter_map(pushed_to))
}

fn without_revision(family: &Text) -> Text {
    family.split_once(':').map_or_else(|| family.clone(), |(name, _)| name)
}

/// The repository of ECR that an image is pushed to.
fn pushed_to<'d>(image: &ImageUse) -> Option<Target<'d>> {
    let reference = Reference::parse(&image.reference)?;
    let (first, rest) = reference.name.split_once('/')?;
    let is_registry = first.contains(".dkr.ecr") || first.holes().any(|hole| says_ecr(&hole.origin));
    let is_alone =
        first.contains(".dkr.ecr") || first.pieces().iter().all(|piece| piece.as_literal().is_none());
    (is_registry && is_alone).then(|| Target {
        kind: NamedKind::Repository,
        name: rest,
        at: image.at,
        by: image.user.to_string(),
        clusters: Vec::new(),
        region: first
            .known()
            .and_then(|host| host.split('.').find(|part| is_region(part)).map(str::to_owned)),
    })
}

/// Whether what decides a value is called after ECR.
fn says_ecr(origin: &Origin) -> bool {
    origin.to_string().to_ascii_lowercase().contains("ecr")
}

/// The names that each file uses, with what is not known left out.
fn names_used(context: &Context<'_>) -> BTreeMap<FileId, Vec<Text>> {
    let mut used: BTreeMap<FileId, Vec<Text>> = BTreeMap::new();
    for named in context.deployment.ecs_calls.iter().flat_map(|call| &call.names) {
        used.entry(named.at.file).or_default().push(named.name.clone());
    }
    let images = context.deployment.images.iter().filter(|image| image.role == ImageRole::Pushed);
    for image in images {
        let name = Reference::parse(&image.reference).map(|reference| reference.name);
        let repository = name.map(|name| name.split_once('/').map_or(name.clone(), |(_, rest)| rest));
        used.entry(image.at.file).or_default().extend(repository);
    }
    used
}

/// What a file can be held against.
struct Known<'d> {
    made: &'d MadeNames,
    /// Whether the file is about what is made here: it names some of it, or something that begins alike. Otherwise it may
    /// deploy what somebody makes elsewhere.
    is_about: bool,
    /// The places of defaults and of values of which the file itself uses some.
    used: BTreeSet<Span>,
    /// The pattern of each name, in the order of `made`.
    patterns: BTreeMap<NamedKind, Vec<Pattern>>,
}

impl<'d> Known<'d> {
    fn of(made: &'d MadeNames, names: &[Text]) -> Self {
        let written: Vec<String> = names.iter().map(|name| name.render(' ')).collect();
        let parts = made.names.values().flatten().flat_map(|name| &name.parts);
        let used = parts.filter_map(|part| match part {
            NamePart::Given(value, source) if is_used(value, &written) => Some(*source),
            _ => None,
        });
        let mut known = Self { made, is_about: false, used: used.collect(), patterns: BTreeMap::new() };
        for (kind, names) in &made.names {
            known.patterns.insert(*kind, names.iter().map(|name| known.pattern(name)).collect());
        }
        let used: Vec<Used> =
            names.iter().zip(&written).map(|(name, written)| Used::of(name, written)).collect();
        let mut all = made.names.values().flatten().zip(known.patterns.values().flatten());
        known.is_about = all.any(|(made, pattern)| is_meant(made, pattern, &used));
        known
    }

    /// The nearest of the names that are made, where nothing makes what is named.
    fn unknown(&self, target: &Target<'_>) -> Option<&'d MadeName> {
        let written = target.name.render(' ');
        // Of a container the stage is often put in where the pipeline runs; other names with unknown parts may be any.
        let is_whole = target.name.known().is_some() || target.kind == NamedKind::Container;
        let is_name = is_whole
            && written.chars().filter(char::is_ascii_alphanumeric).count() >= 3
            && !written.contains([':', '$', '{', '*'])
            && !PLACEHOLDERS.iter().any(|start| written.to_ascii_lowercase().starts_with(start));
        let is_told = self.made.told.contains(&(target.kind, written.trim().to_owned()));
        if !is_name || !self.is_about || is_told || self.is_elsewhere(target) {
            return None;
        }
        let names = self.all(target.kind)?;
        let wanted = Pattern::of(&target.name);
        if self.patterns.get(&target.kind)?.iter().any(|pattern| pattern.may_be(&wanted)) {
            return None;
        }
        names.iter().take(MOST_COMPARED).max_by_key(|name| likeness(&shown(name), &written))
    }

    /// Whether it is looked for in a region that the infrastructure names nowhere.
    fn is_elsewhere(&self, target: &Target<'_>) -> bool {
        let regions = &self.made.regions;
        target.region.as_ref().is_some_and(|region| !regions.is_empty() && !regions.contains(region))
    }

    /// The names of all that is made of a kind. `None` where there may be more, or nothing is.
    fn all(&self, kind: NamedKind) -> Option<&'d [MadeName]> {
        let names = self.made.names.get(&kind).filter(|_| !self.made.may_be_more.contains(&kind))?;
        Some(names.as_slice())
    }

    /// Whether what stands in a cluster stands in one that is made here, or in the default one.
    fn is_in_known_cluster(&self, target: &Target<'_>) -> bool {
        if !matches!(target.kind, NamedKind::Service) {
            return true;
        }
        if self.all(NamedKind::Cluster).is_none() {
            return target.clusters.is_empty();
        }
        let made = self.patterns.get(&NamedKind::Cluster).map(Vec::as_slice).unwrap_or_default();
        target.clusters.iter().all(|cluster| {
            let cluster = Pattern::of(cluster);
            made.iter().any(|pattern| pattern.may_be(&cluster))
        })
    }

    /// The pattern of a name. What somebody else may give counts as it is written only where the file itself shows that it
    /// is used so, and a stage never does.
    fn pattern(&self, name: &MadeName) -> Pattern {
        let mut text = Text::empty();
        for part in &name.parts {
            match part {
                NamePart::Fixed(part) => text.append(&Text::literal(part.as_str(), name.at)),
                NamePart::Given(part, source) if self.used.contains(source) && !purpose::is_stage(part) => {
                    text.append(&Text::literal(part.as_str(), name.at));
                }
                NamePart::Given(..) | NamePart::Unknown => {
                    let origin = Origin::Other("it may be any".into());
                    text.push(Piece::Hole(Hole { origin, at: name.at }));
                }
            }
        }
        Pattern::of(&text)
    }
}

/// A name that a file uses.
struct Used {
    /// Its first word.
    word: Option<String>,
    /// Its pattern, where all of it is known.
    pattern: Option<Pattern>,
}

impl Used {
    fn of(name: &Text, written: &str) -> Self {
        Self { word: first_word(written), pattern: name.known().map(|_| Pattern::of(name)) }
    }
}

/// Whether some of the names that are used are the made one, or begin with the same word.
fn is_meant(made: &MadeName, pattern: &Pattern, used: &[Used]) -> bool {
    let word = first_word(&shown(made));
    let is_known = made.parts.iter().any(|part| matches!(part, NamePart::Fixed(_) | NamePart::Given(..)));
    let is_it = |used: &Used| {
        word.is_some() && used.word == word || used.pattern.as_ref().is_some_and(|own| pattern.may_be(own))
    };
    is_known && used.iter().any(is_it)
}

/// Whether one of `names` has the value as words of its own.
fn is_used(value: &str, names: &[String]) -> bool {
    let is_word = |text: &str, start: usize| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + value.len()..).and_then(|after| after.chars().next());
        [before, after].into_iter().flatten().all(|c| !c.is_ascii_alphanumeric())
    };
    !purpose::is_stage(value)
        && names.iter().any(|text| text.match_indices(value).any(|(start, _)| is_word(text, start)))
}

/// The first word that is no stage.
fn first_word(name: &str) -> Option<String> {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.find(|word| !purpose::is_stage(word)).map(str::to_ascii_lowercase)
}

fn finding(target: &Target<'_>, nearest: &MadeName) -> Finding {
    let noun = target.kind.noun();
    let name = target.name.to_string();
    let fails = match target.kind {
        NamedKind::Cluster => "the call fails with `ClusterNotFoundException`",
        NamedKind::Service => "the call fails with `ServiceNotFoundException`",
        NamedKind::Family => "the call fails, because the task definition does not exist",
        NamedKind::Container => "the deployment fails, because no task definition has it",
        NamedKind::Repository => "the push fails, because the repository does not exist",
    };
    let message =
        format!("{} names the {noun} `{name}`, which nothing in this repository creates: {fails}", target.by);
    let place = target.name.pieces().iter().find_map(|piece| match piece {
        Piece::Literal(_, from) => Some(from.at),
        Piece::Hole(_) => None,
    });
    let primary = place.unwrap_or(target.at);
    let mut finding = Finding::new(message, Label::new(primary, format!("no {noun} has this name")));
    if !primary.overlaps(target.at) {
        finding = finding.related(Label::new(target.at, "this uses the name"));
    }
    let near = shown(nearest);
    let finding = finding.related(Label::new(nearest.at, format!("`{}` is named `{near}`", nearest.of)));
    let (words, _) = likeness(&near, &name);
    finding.help(if words > 0 && !near.starts_with('…') {
        format!("use an existing name: the closest {noun} is `{near}`")
    } else {
        format!("use the name of a {noun} that exists, or create `{name}`")
    })
}

/// A name for people.
fn shown(name: &MadeName) -> String {
    let parts = name.parts.iter().map(|part| match part {
        NamePart::Fixed(part) | NamePart::Given(part, _) => part.as_str(),
        NamePart::Unknown => "…",
    });
    parts.collect()
}

/// How many words two names share, then how many characters at their ends.
fn likeness(one: &str, other: &str) -> (usize, usize) {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let shared = words(one).intersection(&words(other)).count();
    let before = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let after = one.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other).count();
    (shared, before + after)
}
