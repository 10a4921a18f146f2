//! Text to syntax facts, one module a language. Parsing never fails: it yields facts and problems.

pub mod dockerfile;
pub mod dockerignore;
pub mod embedded;
pub mod json;
mod kind;
pub mod script;
pub mod terraform;
pub mod yaml;

pub use kind::FileKind;
use rayon::prelude::*;

use crate::source::{FileId, Sources, Span};

/// Something in a file that could not be understood, worded for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub at: Span,
    /// What happened and what it cost: "this block is not valid HCL (expected `}`); the rest of the file was read".
    pub message: String,
}

/// What the files of a tree say, by language, each in the order of paths.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Terraform configuration.
    pub terraform: Vec<(FileId, terraform::File)>,
    /// TypeScript and JavaScript that mentions what a rule looks for.
    pub scripts: Vec<(FileId, script::Module)>,
    /// Dockerfiles.
    pub dockerfiles: Vec<(FileId, dockerfile::Dockerfile)>,
    /// Ignore files of build contexts.
    pub ignore_files: Vec<(FileId, dockerignore::IgnoreFile)>,
    /// Compose files, workflows, manifests and other YAML that matters.
    pub yaml: Vec<(FileId, yaml::File)>,
    /// How many files of each kind were read.
    pub read: Vec<(FileKind, usize)>,
    /// What could not be read or understood, sorted by place.
    pub problems: Vec<Problem>,
}

enum Facts {
    Terraform(terraform::File),
    Script(script::Module),
    Dockerfile(dockerfile::Dockerfile),
    IgnoreFile(dockerignore::IgnoreFile),
    Yaml(yaml::File),
    Nothing,
}

/// Reads and parses every file of a kind that is understood, in parallel.
pub fn parse_all(sources: &Sources<'_>) -> Parsed {
    let wanted: Vec<(FileId, FileKind)> =
        sources.files().filter_map(|(file, path)| Some((file, FileKind::of(path)?))).collect();
    let results: Vec<(FileId, FileKind, Facts, Vec<Problem>)> = wanted
        .par_iter()
        .map(|&(file, kind)| {
            let (facts, problems) = parse_file(sources, file, kind);
            (file, kind, facts, problems)
        })
        .collect();

    let mut parsed = Parsed::default();
    let mut read = std::collections::BTreeMap::new();
    for (file, kind, facts, problems) in results {
        *read.entry(kind).or_insert(0) += 1;
        parsed.problems.extend(problems);
        match facts {
            Facts::Terraform(facts) => parsed.terraform.push((file, facts)),
            Facts::Script(facts) => parsed.scripts.push((file, facts)),
            Facts::Dockerfile(facts) => parsed.dockerfiles.push((file, facts)),
            Facts::IgnoreFile(facts) => parsed.ignore_files.push((file, facts)),
            Facts::Yaml(facts) => parsed.yaml.push((file, facts)),
            Facts::Nothing => {}
        }
    }
    parsed.read = read.into_iter().collect();
    parsed.problems.sort_unstable();
    parsed
}

fn parse_file(sources: &Sources<'_>, file: FileId, kind: FileKind) -> (Facts, Vec<Problem>) {
    let decoded = match sources.read(file) {
        Ok(decoded) => decoded,
        Err(error) => {
            let message = format!("`{}` could not be read: {error}", sources.path(file));
            return (Facts::Nothing, vec![Problem { at: Span::start_of(file), message }]);
        }
    };
    let text = &decoded.text;
    let (facts, mut problems) = match kind {
        FileKind::Terraform => wrap(Facts::Terraform, terraform::parse(file, text)),
        FileKind::Script => match script::parse(file, sources.path(file), text) {
            Some(parsed) => wrap(Facts::Script, parsed),
            None => (Facts::Nothing, Vec::new()),
        },
        FileKind::Dockerfile => wrap(Facts::Dockerfile, dockerfile::parse(file, text)),
        FileKind::IgnoreFile => wrap(Facts::IgnoreFile, dockerignore::parse(file, text)),
        FileKind::Yaml => match yaml::parse(file, sources.path(file), text) {
            Some(parsed) => wrap(Facts::Yaml, parsed),
            None => (Facts::Nothing, Vec::new()),
        },
    };
    if let Some(offset) = decoded.first_invalid {
        let message = "not valid UTF-8 from here on; each invalid byte was read as `?`".to_owned();
        problems.push(Problem { at: Span::new(file, offset..offset + 1), message });
    }
    (facts, problems)
}

fn wrap<T>(facts: fn(T) -> Facts, (parsed, problems): (T, Vec<Problem>)) -> (Facts, Vec<Problem>) {
    (facts(parsed), problems)
}
