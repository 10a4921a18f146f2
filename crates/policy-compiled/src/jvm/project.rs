//! The modules of a project of Maven or Gradle: their build files, code and resources.

use std::collections::{BTreeSet, HashMap};

use policy_text::source::{FileId, RepoPath, Sources};

use crate::reading::Reading;

/// The files that say how a module is built.
const BUILD_FILES: [&str; 3] = ["pom.xml", "build.gradle", "build.gradle.kts"];
/// Where code lies in a module.
const CODE: [&str; 2] = ["src/main/java", "src/main/kotlin"];
/// Where files lie that are served as they are.
const FILES: [&str; 4] = ["static", "public", "resources", "META-INF/resources"];

/// A module and those of the repository that it uses.
pub(super) struct Modules {
    /// Each build file with its text, the module's own first, and those of the folders above.
    pub(super) build_files: Vec<(FileId, String)>,
    /// The names of the modules.
    pub(super) names: BTreeSet<String>,
    /// The code.
    pub(super) code: Vec<FileId>,
    /// The folders of resources, the module's own first.
    pub(super) resources: Vec<RepoPath>,
    pub(super) has_files: bool,
}

/// Whether a folder is a module with code.
pub(crate) fn is_project(folder: &RepoPath, sources: &Sources<'_>) -> bool {
    let has_code = CODE.iter().any(|code| folder.join(code).is_some_and(|code| sources.is_folder(&code)));
    has_code && build_file(folder, sources).is_some()
}

/// The modules with code at or below a folder.
pub(crate) fn projects(folder: &RepoPath, sources: &Sources<'_>) -> Vec<RepoPath> {
    let files = sources.files_within(folder);
    let folders = files.filter(|(_, path)| BUILD_FILES.contains(&path.file_name()));
    let folders: BTreeSet<RepoPath> = folders.filter_map(|(_, path)| path.parent()).collect();
    folders.into_iter().filter(|folder| is_project(folder, sources)).collect()
}

fn build_file(folder: &RepoPath, sources: &Sources<'_>) -> Option<FileId> {
    BUILD_FILES.iter().find_map(|name| sources.find(&folder.join(name)?))
}

/// The module in `folder` and the modules beside it that its build file names, and theirs.
pub(super) fn modules(folder: &RepoPath, sources: &Sources<'_>, reading: &mut Reading<'_>) -> Modules {
    let mut read = |file: FileId| Some((file, reading.text(file)?));
    let above =
        folder.ancestors().skip(1).filter_map(|folder| build_file(&folder, sources)).filter_map(&mut read);
    let above: Vec<(FileId, String)> = above.collect();
    let mut found = Modules {
        build_files: Vec::new(),
        names: BTreeSet::new(),
        code: Vec::new(),
        resources: Vec::new(),
        has_files: false,
    };
    // Modules lie beside each other, below the topmost build file.
    let top = above.last().map_or_else(|| folder.clone(), |(file, _)| sources.folder_of(*file));
    let mut others: HashMap<String, Vec<RepoPath>> = HashMap::new();
    for other in projects(&top, sources).into_iter().filter(|other| other != folder) {
        others.entry(artifact(&other, sources)).or_default().push(other);
    }
    let mut pending = vec![folder.clone()];
    while let Some(module) = pending.pop() {
        let own = build_file(&module, sources).and_then(&mut read);
        let mut used = BTreeSet::new();
        for name in own.iter().flat_map(|(_, text)| named(text)) {
            if let Some((name, modules)) = others.remove_entry(name) {
                found.names.insert(name);
                used.extend(modules);
            }
        }
        pending.extend(used);
        found.build_files.extend(own);
        found.add(&module, sources);
    }
    found.build_files.extend(above);
    found
}

/// The names in a build file that may be those of modules: `<artifactId>name</artifactId>`, `":name"`.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let of_maven = text.split("<artifactId>").skip(1).filter_map(|rest| rest.split_once("</artifactId>"));
    let of_gradle = text.split(['"', '\'']).filter_map(|quoted| quoted.rsplit_once(':'));
    of_maven.map(|(name, _)| name.trim()).chain(of_gradle.map(|(_, name)| name))
}

/// What other modules call the one in `folder`.
fn artifact(folder: &RepoPath, sources: &Sources<'_>) -> String {
    let pom = folder.join("pom.xml").and_then(|pom| sources.find(&pom));
    let own = pom.and_then(|pom| {
        let text = sources.read(pom).ok()?.text;
        // The parent has a name too, and stands first.
        let rest = text.split_once("</parent>").map_or(text.as_str(), |(_, rest)| rest);
        let (_, rest) = rest.split_once("<artifactId>")?;
        Some(rest.split_once("</artifactId>")?.0.trim().to_owned())
    });
    own.unwrap_or_else(|| folder.file_name().to_owned())
}

impl Modules {
    fn add(&mut self, module: &RepoPath, sources: &Sources<'_>) {
        for folder in CODE.iter().filter_map(|code| module.join(code)) {
            let files = sources
                .files_within(&folder)
                .filter(|(_, path)| matches!(path.extension(), Some("java" | "kt")));
            self.code.extend(files.map(|(file, _)| file));
        }
        let Some(resources) = module.join("src/main/resources") else { return };
        let mut folders = FILES.iter().filter_map(|name| resources.join(name));
        self.has_files |= folders.any(|folder| sources.is_folder(&folder));
        let web = module.join("src/main/webapp");
        self.has_files |= web.is_some_and(|folder| sources.is_folder(&folder));
        self.resources.push(resources);
    }
}
