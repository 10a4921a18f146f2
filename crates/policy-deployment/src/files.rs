//! What each file says by itself: read and parsed in parallel, one parser a language. Parsing never fails: it yields facts
//! and problems.

mod bake;
mod kind;
mod misread;
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
use policy_text::source::{Altered, FileId, ReadError, RepoPath, Sources, Span};
use policy_text::yaml::{Node, Yaml};
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
    /// The files that were read and what they were read as, in the order of paths.
    pub files: Vec<(FileId, FileKind)>,
    /// Comments that speak to the program, by place.
    pub directives: Directives,
    /// Files that the user may not read, in the order of paths.
    pub unreadable: Vec<FileId>,
    /// What could not be read or understood, sorted by place.
    pub problems: Vec<Problem>,
    /// What went wrong in ourselves, in the order of paths.
    pub faults: Vec<(FileId, Fault)>,
    /// The texts that may name task definitions.
    naming: Vec<(FileId, String)>,
    /// The task definitions that are such because one of these texts names them.
    named: Vec<FileId>,
}

impl Parsed {
    /// How many files of each kind were read.
    pub fn counts(&self) -> Vec<(FileKind, usize)> {
        let mut counts = BTreeMap::new();
        for (_, kind) in &self.files {
            *counts.entry(*kind).or_insert(0) += 1;
        }
        counts.into_iter().collect()
    }

    /// The pipelines that are written in YAML.
    pub(crate) fn pipelines(&self) -> impl Iterator<Item = &Yaml> {
        self.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline()).map(|(_, file)| &file.yaml)
    }

    /// Every text that is run as commands, or may be: scripts, lines of recipes, what pipelines say.
    pub(crate) fn texts_of_commands(&self) -> impl Iterator<Item = &str> {
        let scripts = self.shell.iter().map(|(_, script)| script.text.as_str());
        let recipes = self.makefiles.iter().flat_map(|(_, file)| file.recipes.iter().chain(&file.variables));
        let steps = self.jenkinsfiles.iter().flat_map(|(_, file)| &file.steps);
        let said = self.pipelines().flat_map(Yaml::nodes).filter_map(Node::as_str);
        scripts
            .chain(recipes.map(|(_, line)| line.as_str()))
            .chain(steps.map(|step| step.text.as_str()))
            .chain(said)
    }
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

/// How files are read: what is left out, and what is parsed.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// What these globs cover is not read.
    pub(crate) exclude: &'a Globs,
    pub(crate) terraform: &'a TerraformOptions,
    /// Of scripts and pipelines only those are parsed in whose texts this finds a command that matters.
    pub(crate) has_commands: fn(&str) -> bool,
}

impl Reader<'_> {
    /// Reads and parses every file of a kind that is understood, in parallel.
    pub(crate) fn read_all(self, sources: &Sources<'_>) -> Parsed {
        let wanted: Vec<(FileId, Wanted)> =
            sources.files().filter_map(|(file, path)| Some((file, self.wanted(path)?))).collect();
        let results: Vec<FileResult> =
            wanted.par_iter().filter_map(|&(file, wanted)| self.read(sources, file, wanted)).collect();
        let mut parsed = Parsed::default();
        for result in results {
            parsed.take(result);
        }
        self.name_task_definitions(&mut parsed, sources);
        parsed.problems.sort_unstable();
        parsed
    }

    /// Reads one file anew, whose text has changed since the others were read.
    pub(crate) fn read_again(self, parsed: &mut Parsed, sources: &Sources<'_>, file: FileId) {
        parsed.forget(file);
        let wanted = self.wanted(sources.path(file));
        if let Some(result) = wanted.and_then(|wanted| self.read(sources, file, wanted)) {
            parsed.take(result);
        }
        self.name_task_definitions(parsed, sources);
        parsed.sort();
    }

    fn wanted(self, path: &RepoPath) -> Option<Wanted> {
        match FileKind::of(path) {
            // A file of values that was named is read whatever it is called.
            _ if self.terraform.takes_values_from(path) => Some(Wanted::Kind(FileKind::Terraform)),
            _ if self.exclude.cover(path) => None,
            Some(kind) => Some(Wanted::Kind(kind)),
            None => kind::may_be_script(path).then_some(Wanted::Script),
        }
    }

    fn read(self, sources: &Sources<'_>, file: FileId, wanted: Wanted) -> Option<FileResult> {
        let path = sources.path(file);
        let is_named = self.terraform.takes_values_from(path);
        let role = if is_named { terraform::Role::Values } else { terraform::Role::of(path) };
        read_and_parse(sources, file, wanted, role, self.has_commands)
    }

    /// Takes what the texts name for task definitions, instead of what they named before.
    fn name_task_definitions(self, parsed: &mut Parsed, sources: &Sources<'_>) {
        for file in std::mem::take(&mut parsed.named) {
            parsed.files.retain(|(of, _)| *of != file);
            parsed.task_definitions.retain(|(of, _)| *of != file);
        }
        let named = named::task_definitions(&parsed.naming, sources, self.exclude);
        if !named.is_empty() {
            parsed.named = named.iter().map(|(file, _)| *file).collect();
            parsed.files.extend(parsed.named.iter().map(|&file| (file, FileKind::TaskDefinition)));
            parsed.files.sort_unstable();
            parsed.task_definitions.extend(named);
            parsed.task_definitions.sort_by_key(|(file, _)| *file);
        }
    }
}

impl Parsed {
    /// Adds what one file says, at the end.
    fn take(&mut self, result: FileResult) {
        let FileResult { file, kind, facts, imports, directives, problems, fault, naming } = result;
        self.files.push((file, kind));
        self.naming.extend(naming.map(|text| (file, text)));
        self.directives.allowing.extend(directives.allowing);
        self.directives.malformed.extend(directives.malformed);
        self.problems.extend(problems);
        self.faults.extend(fault.map(|fault| (file, fault)));
        if !imports.is_empty() {
            self.imports.push((file, imports));
        }
        match facts {
            Facts::Terraform(facts) => self.terraform.push((file, facts)),
            Facts::Script(facts) => self.scripts.push((file, *facts)),
            Facts::Bake(facts) => self.bake_files.push((file, facts)),
            Facts::Dockerfile(facts) => self.dockerfiles.push((file, facts)),
            Facts::Jenkinsfile(facts) => self.jenkinsfiles.push((file, facts)),
            Facts::Makefile(facts) => self.makefiles.push((file, facts)),
            Facts::Nomad(facts) => self.job_files.push((file, facts)),
            Facts::Shell(facts) => self.shell.push((file, facts)),
            Facts::TaskDefinition(facts) => self.task_definitions.push((file, facts)),
            Facts::Yaml(facts) => self.yaml.push((file, facts)),
            Facts::IgnoreFile(facts) => self.ignore_files.push((file, Arc::new(facts))),
            Facts::Unreadable => self.unreadable.push(file),
            Facts::Nothing => {}
        }
    }

    /// Drops what a file says.
    fn forget(&mut self, file: FileId) {
        self.each_list(&mut Forget(file));
        self.directives.allowing.retain(|directive| directive.at.file != file);
        self.directives.malformed.retain(|comment| comment.at.file != file);
        self.problems.retain(|problem| problem.at.file != file);
        self.unreadable.retain(|of| *of != file);
    }

    /// Brings everything into the order of paths again.
    fn sort(&mut self) {
        self.each_list(&mut InOrder);
        self.directives.allowing.sort_by_key(|directive| directive.at);
        self.directives.malformed.sort_by_key(|comment| comment.at);
        self.problems.sort_unstable();
        self.unreadable.sort_unstable();
    }

    fn each_list(&mut self, change: &mut impl ChangeList) {
        // Whoever adds a list to `Parsed` cannot forget it here.
        let Self {
            terraform,
            scripts,
            imports,
            bake_files,
            dockerfiles,
            ignore_files,
            jenkinsfiles,
            makefiles,
            job_files,
            shell,
            task_definitions,
            yaml,
            files,
            directives: _,
            unreadable: _,
            problems: _,
            faults,
            naming,
            named: _,
        } = self;
        change.list(terraform);
        change.list(scripts);
        change.list(imports);
        change.list(bake_files);
        change.list(dockerfiles);
        change.list(ignore_files);
        change.list(jenkinsfiles);
        change.list(makefiles);
        change.list(job_files);
        change.list(shell);
        change.list(task_definitions);
        change.list(yaml);
        change.list(files);
        change.list(faults);
        change.list(naming);
    }
}

/// A change to lists by file of whatever type.
trait ChangeList {
    fn list<T>(&mut self, list: &mut Vec<(FileId, T)>);
}

/// Drops what belongs to a file.
struct Forget(FileId);

/// Sorts by file. What one file has keeps its order.
struct InOrder;

impl ChangeList for Forget {
    fn list<T>(&mut self, list: &mut Vec<(FileId, T)>) {
        list.retain(|(file, _)| *file != self.0);
    }
}

impl ChangeList for InOrder {
    fn list<T>(&mut self, list: &mut Vec<(FileId, T)>) {
        list.sort_by_key(|(file, _)| *file);
    }
}

/// Parses everything, with no options, for tests.
#[cfg(test)]
pub(crate) fn parse_plainly(sources: &Sources<'_>) -> Parsed {
    let (exclude, terraform) = (&Globs::default(), &TerraformOptions::default());
    Reader { exclude, terraform, has_commands: |_| true }.read_all(sources)
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
    let is_read = decoded.altered != Some(Altered::FromUtf16) || misread::may_be_utf16(kind);
    let whole = || {
        let (facts, problems) = if is_read {
            parse(path, file, kind, role, &decoded.text, has_commands)
        } else {
            (Facts::Nothing, Vec::new())
        };
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
    result
        .problems
        .extend(decoded.altered.and_then(|altered| misread::problem(file, kind, altered, &decoded.text)));
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
