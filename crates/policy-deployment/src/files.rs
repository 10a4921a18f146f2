//! What each file says by itself: read and parsed in parallel, one parser a language. Parsing never fails: it yields facts
//! and problems.

mod bake;
mod kind;
mod named;
mod nomad;
mod task_definition;
pub(crate) mod variables;
pub mod yaml_file;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use bake::BakeFile;
pub use kind::FileKind;
pub use nomad::JobFile;
use policy_docker::{dockerfile, dockerignore};
use policy_script::{self as script, ImportedNames};
use policy_shell::{jenkinsfile, justfile, makefile, parse as shell};
use policy_terraform::{TerraformOptions, parse as terraform};
use policy_text::Problem;
use policy_text::directive::{Directives, directives};
use policy_text::fault::{self, Fault};
use policy_text::globs::Globs;
use policy_text::source::{FileId, ReadError, RepoPath, Sources, Span};
use rayon::prelude::*;
pub use task_definition::ContainerImage;

/// What the files of a tree say, by language, each in the order of paths.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Terraform configuration.
    pub terraform: Vec<(FileId, terraform::File)>,
    /// TypeScript and JavaScript that mentions what a rule looks for.
    pub scripts: Vec<(FileId, script::Module)>,
    /// The modules that each script names, parsed or not, where it names any.
    pub imports: Vec<(FileId, ImportedNames)>,
    /// Bake files that have targets.
    pub bake_files: Vec<(FileId, BakeFile)>,
    /// Dockerfiles.
    pub dockerfiles: Vec<(FileId, dockerfile::Dockerfile)>,
    /// Ignore files of build contexts.
    pub ignore_files: Vec<(FileId, Arc<dockerignore::IgnoreFile>)>,
    /// Jenkinsfiles that have to do with images.
    pub jenkinsfiles: Vec<(FileId, jenkinsfile::Jenkinsfile)>,
    /// Makefiles that have to do with images.
    pub makefiles: Vec<(FileId, makefile::Makefile)>,
    /// Job files of Nomad.
    pub job_files: Vec<(FileId, JobFile)>,
    /// Shell scripts that have to do with images.
    pub shell: Vec<(FileId, shell::Script)>,
    /// Task definitions in JSON files, each with its containers.
    pub task_definitions: Vec<(FileId, Vec<ContainerImage>)>,
    /// Compose files, workflows, manifests and other YAML that matters.
    pub yaml: Vec<(FileId, yaml_file::File)>,
    /// The files that were read, in the order of paths.
    pub files: Vec<FileId>,
    /// How many files of each kind were read.
    pub read: Vec<(FileKind, usize)>,
    /// Comments that speak to the program, by place.
    pub directives: Directives,
    /// Files that the user may not read, in the order of paths.
    pub unreadable: Vec<FileId>,
    /// What could not be read or understood, sorted by place.
    pub problems: Vec<Problem>,
    /// What went wrong in ourselves, in the order of paths.
    pub faults: Vec<Fault>,
}

/// What a file is read as.
#[derive(Clone, Copy)]
enum Wanted {
    /// What its name says.
    Kind(FileKind),
    /// A script, where its first line says that a shell runs it.
    Script,
}

impl Wanted {
    /// What a file of this text is read as. `None` for what is no script after all.
    fn kind(self, text: &str) -> Option<FileKind> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Script => shell::names_shell(text).then_some(FileKind::Shell),
        }
    }
}

enum Facts {
    Terraform(terraform::File),
    Script(Box<script::Module>),
    Bake(BakeFile),
    Dockerfile(dockerfile::Dockerfile),
    IgnoreFile(dockerignore::IgnoreFile),
    Jenkinsfile(jenkinsfile::Jenkinsfile),
    Makefile(makefile::Makefile),
    Nomad(JobFile),
    Shell(shell::Script),
    TaskDefinition(Vec<ContainerImage>),
    Yaml(yaml_file::File),
    Unreadable,
    Nothing,
}

struct FileResult {
    file: FileId,
    kind: FileKind,
    facts: Facts,
    imports: ImportedNames,
    directives: Directives,
    problems: Vec<Problem>,
    fault: Option<Fault>,
    /// The text, where it may name task definitions.
    naming: Option<String>,
}

/// Reads and parses every file of a kind that is understood, but those that `exclude` covers, in parallel. Of scripts and
/// pipelines only those are parsed in whose texts `has_commands` finds a command that matters.
pub(crate) fn parse_all(
    sources: &Sources<'_>,
    exclude: &Globs,
    options: &TerraformOptions,
    has_commands: fn(&str) -> bool,
) -> Parsed {
    // A file of values that was named is read whatever it is called.
    let named = |path: &RepoPath| options.takes_values_from(path);
    let wanted: Vec<(FileId, Wanted)> = sources
        .files()
        .filter_map(|(file, path)| match FileKind::of(path) {
            _ if named(path) => Some((file, Wanted::Kind(FileKind::Terraform))),
            _ if exclude.cover(path) => None,
            Some(kind) => Some((file, Wanted::Kind(kind))),
            None => kind::may_be_script(path).then_some((file, Wanted::Script)),
        })
        .collect();
    let results: Vec<FileResult> = wanted
        .par_iter()
        .filter_map(|&(file, wanted)| {
            let path = sources.path(file);
            let role = if named(path) { terraform::Role::Values } else { terraform::Role::of(path) };
            read_and_parse(sources, file, wanted, role, has_commands)
        })
        .collect();

    let mut parsed = Parsed::default();
    let mut read = BTreeMap::new();
    let mut naming = Vec::new();
    for FileResult { file, kind, facts, imports, directives, problems, fault, naming: text } in results {
        naming.extend(text);
        *read.entry(kind).or_insert(0) += 1;
        parsed.files.push(file);
        parsed.directives.allowing.extend(directives.allowing);
        parsed.directives.malformed.extend(directives.malformed);
        parsed.problems.extend(problems);
        parsed.faults.extend(fault);
        if !imports.is_empty() {
            parsed.imports.push((file, imports));
        }
        match facts {
            Facts::Terraform(facts) => parsed.terraform.push((file, facts)),
            Facts::Script(facts) => parsed.scripts.push((file, *facts)),
            Facts::Bake(facts) => parsed.bake_files.push((file, facts)),
            Facts::Dockerfile(facts) => parsed.dockerfiles.push((file, facts)),
            Facts::Jenkinsfile(facts) => parsed.jenkinsfiles.push((file, facts)),
            Facts::Makefile(facts) => parsed.makefiles.push((file, facts)),
            Facts::Nomad(facts) => parsed.job_files.push((file, facts)),
            Facts::Shell(facts) => parsed.shell.push((file, facts)),
            Facts::TaskDefinition(facts) => parsed.task_definitions.push((file, facts)),
            Facts::Yaml(facts) => parsed.yaml.push((file, facts)),
            Facts::IgnoreFile(facts) => parsed.ignore_files.push((file, Arc::new(facts))),
            Facts::Unreadable => parsed.unreadable.push(file),
            Facts::Nothing => {}
        }
    }
    let named = named::task_definitions(&naming, sources, exclude);
    if !named.is_empty() {
        *read.entry(FileKind::TaskDefinition).or_insert(0) += named.len();
        parsed.files.extend(named.iter().map(|(file, _)| *file));
        parsed.files.sort_unstable();
        parsed.task_definitions.extend(named);
        parsed.task_definitions.sort_by_key(|(file, _)| *file);
    }
    parsed.read = read.into_iter().collect();
    parsed.problems.sort_unstable();
    parsed
}

/// Parses everything, with no options, for tests.
#[cfg(test)]
pub(crate) fn parse_plainly(sources: &Sources<'_>) -> Parsed {
    parse_all(sources, &Globs::default(), &TerraformOptions::default(), |_| true)
}

fn read_and_parse(
    sources: &Sources<'_>,
    file: FileId,
    wanted: Wanted,
    role: terraform::Role,
    has_commands: fn(&str) -> bool,
) -> Option<FileResult> {
    let path = sources.path(file);
    let decoded = match sources.read(file) {
        Ok(decoded) => decoded,
        Err(error) => {
            let Wanted::Kind(kind) = wanted else { return None };
            let message = format!("`{path}` could not be read: {error}");
            let problems = vec![Problem::unreadable(Span::start_of(file), message)];
            let facts = if error == ReadError::PermissionDenied { Facts::Unreadable } else { Facts::Nothing };
            let (imports, directives) = (ImportedNames::default(), Directives::default());
            return Some(FileResult {
                file,
                kind,
                facts,
                imports,
                directives,
                problems,
                fault: None,
                naming: None,
            });
        }
    };
    let kind = wanted.kind(&decoded.text)?;
    let whole = || {
        let (facts, problems) = parse(path, file, kind, role, &decoded.text, has_commands);
        let imports = match kind {
            FileKind::Script | FileKind::Page => ImportedNames::of(path, &decoded.text),
            _ => ImportedNames::default(),
        };
        let directives = directives(file, &decoded.text);
        FileResult { file, kind, facts, imports, directives, problems, fault: None, naming: None }
    };
    let mut result = fault::contained(|| format!("`{path}`"), whole).unwrap_or_else(|fault| {
        let message = "a fault in portcullis kept it from understanding this file; please report it";
        let problems = vec![Problem::unreadable(Span::start_of(file), message)];
        let (imports, directives) = (ImportedNames::default(), Directives::default());
        let fault = Some(fault);
        FileResult { file, kind, facts: Facts::Nothing, imports, directives, problems, fault, naming: None }
    });
    if let Some(offset) = decoded.first_invalid {
        let message = "not valid UTF-8 from here on; each invalid byte was read as `?`".to_owned();
        result.problems.push(Problem::unreadable(Span::new(file, offset..offset + 1), message));
    }
    result.naming = named::may_name(&result.facts, &decoded.text).then_some(decoded.text);
    Some(result)
}

fn parse(
    path: &RepoPath,
    file: FileId,
    kind: FileKind,
    role: terraform::Role,
    text: &str,
    has_commands: fn(&str) -> bool,
) -> (Facts, Vec<Problem>) {
    match kind {
        FileKind::Jenkinsfile | FileKind::Justfile | FileKind::Makefile | FileKind::Shell
            if !has_commands(text) =>
        {
            (Facts::Nothing, Vec::new())
        }
        FileKind::Terraform => wrap(Facts::Terraform, terraform::parse(file, path, role, text)),
        FileKind::Script | FileKind::Page => {
            let parsed = script::read_candidate(file, path, text);
            wrap_some(Facts::Script, parsed.map(|(module, problems)| (Box::new(module), problems)))
        }
        FileKind::Bake => wrap_some(Facts::Bake, bake::parse(file, path, text)),
        FileKind::Dockerfile => wrap(Facts::Dockerfile, dockerfile::parse(file, text)),
        FileKind::IgnoreFile => wrap(Facts::IgnoreFile, dockerignore::parse(file, text)),
        FileKind::Jenkinsfile => (Facts::Jenkinsfile(jenkinsfile::parse(file, text)), Vec::new()),
        FileKind::Justfile => (Facts::Makefile(justfile::parse(file, text)), Vec::new()),
        FileKind::Makefile => (Facts::Makefile(makefile::parse(file, text)), Vec::new()),
        FileKind::Nomad => wrap_some(Facts::Nomad, nomad::parse(file, path, text)),
        FileKind::Shell => wrap_some(Facts::Shell, shell::parse(file, text)),
        FileKind::TaskDefinition => wrap_some(Facts::TaskDefinition, task_definition::parse(file, text)),
        FileKind::Yaml => wrap_some(Facts::Yaml, yaml_file::parse(file, path, text, has_commands)),
    }
}

fn wrap<T>(facts: fn(T) -> Facts, (parsed, problems): (T, Vec<Problem>)) -> (Facts, Vec<Problem>) {
    (facts(parsed), problems)
}

fn wrap_some<T>(facts: fn(T) -> Facts, parsed: Option<(T, Vec<Problem>)>) -> (Facts, Vec<Problem>) {
    parsed.map_or((Facts::Nothing, Vec::new()), |parsed| wrap(facts, parsed))
}
