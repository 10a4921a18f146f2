//! From the command of an image to the module that it starts: runners, the scripts of a package, and what is compiled.

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath};

use super::{Tooling, entries, paths};

/// What a command starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// This module.
    Module(FileId),
    /// The server of a framework, which serves what the files of the package in this folder say.
    Project(RepoPath),
}

/// Scripts of packages that run each other.
const MAX_SCRIPTS: usize = 6;

/// Programs that run what follows them.
const WRAPPERS: [&str; 16] = [
    "exec",
    "env",
    "cross-env",
    "cross-env-shell",
    "dotenv",
    "dotenvx",
    "env-cmd",
    "dumb-init",
    "tini",
    "npx",
    "bunx",
    "pnpx",
    "sudo",
    "nice",
    "--",
    "docker-entrypoint.sh",
];

/// Programs that run a module.
const RUNNERS: [&str; 10] = [
    "node",
    "nodejs",
    "tsx",
    "ts-node",
    "ts-node-dev",
    "nodemon",
    "bun",
    "deno",
    "pm2-runtime",
    "babel-node",
];

/// Flags of those that take the next word.
const VALUED: [&str; 9] =
    ["-r", "--require", "--import", "--loader", "-P", "--project", "--env-file", "-c", "-i"];

const MANAGERS: [&str; 4] = ["npm", "yarn", "pnpm", "bun"];

/// Programs of frameworks that serve what the files of a project say, with the dependency of each.
const FRAMEWORKS: [(&str, &str); 5] = [
    ("next", "next"),
    ("nuxt", "nuxt"),
    ("nuxi", "nuxt"),
    ("remix-serve", "@remix-run/serve"),
    ("react-router-serve", "@react-router/serve"),
];

/// Files that a framework writes when it builds, by the dependency that shows it.
const BUILT: [(&str, &str); 5] = [
    ("next", "server.js"),
    ("nuxt", ".output/server/index.mjs"),
    ("@sveltejs/kit", "build"),
    ("@sveltejs/kit", "build/index.js"),
    ("astro", "dist/server/entry.mjs"),
];

impl Tooling<'_> {
    /// What a command starts whose working directory is `folder`.
    pub(crate) fn program(&self, folder: &RepoPath, command: &[&str]) -> Option<Program> {
        self.started(folder, command, MAX_SCRIPTS)
    }

    fn started(&self, folder: &RepoPath, command: &[&str], scripts: usize) -> Option<Program> {
        let words: Vec<&str> = match command {
            [shell, flag, line, ..] if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') => {
                last(line)
            }
            [line] if line.contains(' ') => last(line),
            words => words.to_vec(),
        };
        let mut words = words.as_slice();
        while let Some((first, rest)) = words.split_first() {
            let is_setting = first.contains('=') && !first.starts_with('-');
            if !is_setting && !WRAPPERS.contains(&name_of(first)) {
                break;
            }
            words = rest;
        }
        let (program, arguments) = words.split_first()?;
        let program = name_of(program);
        if let Some((_, dependency)) = FRAMEWORKS.iter().find(|(name, _)| *name == program) {
            let manifest = self.files.manifest_in(folder)?;
            return manifest.version_of(dependency).map(|_| Program::Project(folder.clone()));
        }
        if program == "nest" {
            return self.nest_entry(folder).map(Program::Module);
        }
        if RUNNERS.contains(&program)
            && let Some(module) = module_among(arguments)
            && let Some(found) = self.module_or_project(folder, module)
        {
            return Some(found);
        }
        let script = MANAGERS.contains(&program).then(|| script_among(arguments))??;
        let manifest = self.files.manifest_in(folder)?;
        let line = manifest.json.at(&["scripts", script]).and_then(Node::as_str)?;
        self.started(folder, &last(line), scripts.checked_sub(1)?)
    }

    fn module_or_project(&self, folder: &RepoPath, module: &str) -> Option<Program> {
        let written = module.trim_start_matches("./").trim_end_matches('/');
        if let Some(manifest) = self.files.manifest_in(folder) {
            let is_built = |(dependency, built): &(&str, &str)| {
                let is_listed =
                    folder.join(built).is_some_and(|path| self.files.sources.find(&path).is_some());
                manifest.version_of(dependency).is_some() && written.ends_with(built) && !is_listed
            };
            if BUILT.iter().any(is_built) {
                return Some(Program::Project(folder.clone()));
            }
        }
        // An absolute path begins in the working directory, which is not known here.
        let mut rest = written.trim_start_matches('/');
        loop {
            if let Some(found) = self.source_of_module(folder, rest) {
                return Some(Program::Module(found));
            }
            if !written.starts_with('/') {
                return None;
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// The module that a path of a package is, or is compiled from.
    fn source_of_module(&self, folder: &RepoPath, path: &str) -> Option<FileId> {
        let sources = self.files.sources;
        let listed = || paths::module_at(sources, &folder.join(path)?);
        let by_name = || entries::source_of(sources, folder, path);
        let by_compiler = || {
            let config = self.files.json(sources.find(&folder.join("tsconfig.json")?)?)?;
            let option = |name: &str| {
                let value = config.at(&["compilerOptions", name])?.as_str()?;
                Some(value.trim_start_matches("./").trim_end_matches('/').to_owned())
            };
            let output = option("outDir")?;
            let below = path.strip_prefix(&output)?.strip_prefix('/')?;
            let root = option("rootDir").unwrap_or_default();
            let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
            [root.as_str(), "src", ""].into_iter().find_map(|root| {
                let root = if matches!(root, "" | ".") { folder.clone() } else { folder.join(root)? };
                paths::module_at(sources, &root.join(stem)?)
            })
        };
        // `dist/apps/api/main.js` of a workspace of Nest is `apps/api/src/main.ts`.
        let of_workspace = || {
            let (output, below) = path.split_once('/')?;
            let (project, name) = below.rsplit_once('/')?;
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let is_output = policy_text::purpose::is_compiled_folder(output);
            let source = folder.join(project)?.join("src")?.join(stem)?;
            if is_output { paths::module_at(sources, &source) } else { None }
        };
        by_compiler().or_else(by_name).or_else(listed).or_else(of_workspace)
    }

    /// `src/main.ts`, or what the configuration of Nest says instead.
    fn nest_entry(&self, folder: &RepoPath) -> Option<FileId> {
        let config =
            folder.join("nest-cli.json").and_then(|path| self.files.json(self.files.sources.find(&path)?));
        let setting = |name: &str| Some(config.as_ref()?.get(name)?.as_str()?.to_owned());
        let root = setting("sourceRoot").unwrap_or_else(|| "src".to_owned());
        let entry = setting("entryFile").unwrap_or_else(|| "main".to_owned());
        paths::module_at(self.files.sources, &folder.join(&root)?.join(&entry)?)
    }
}

fn is_shell(word: &str) -> bool {
    matches!(name_of(word), "sh" | "bash" | "ash" | "dash")
}

fn name_of(word: &str) -> &str {
    word.rsplit_once('/').map_or(word, |(_, name)| name)
}

/// The words of the last command of a line: what comes before it prepares.
fn last(line: &str) -> Vec<&str> {
    let command = line.rsplit(['&', ';', '|']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    command.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect()
}

/// The module among the words behind a runner.
fn module_among<'w>(words: &[&'w str]) -> Option<&'w str> {
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        if VALUED.contains(&word) {
            words.next();
        } else if !word.starts_with('-') && !matches!(word, "run" | "start" | "watch") {
            return Some(word);
        }
    }
    None
}

/// The script among the words behind a manager of packages.
fn script_among<'w>(words: &[&'w str]) -> Option<&'w str> {
    words.iter().copied().find(|word| !word.starts_with('-') && !matches!(*word, "run" | "run-script"))
}

#[cfg(test)]
mod tests {
    use policy_text::source::Sources;

    use super::super::tree;
    use super::*;

    const PACKAGE: (&str, &str) = (
        "api/package.json",
        r#"{"scripts": {"start": "npm run build && NODE_ENV=production node -r dotenv/config dist/index.js",
            "serve": "pnpm start", "dev": "nodemon", "loop": "npm run loop"},
            "dependencies": {"next": "15"}}"#,
    );

    #[track_caller]
    fn assert_starts(files: &[(&str, &str)], command: &[&str], expected: &str) {
        let mut files = files.to_vec();
        files.push(PACKAGE);
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let found = Tooling::new(&sources).program(&RepoPath::new("api").unwrap(), command);
        let found = match found {
            Some(Program::Module(file)) => sources.path(file).as_str().to_owned(),
            Some(Program::Project(folder)) => format!("project {folder}"),
            None => String::new(),
        };
        assert_eq!(found, expected, "{command:?}");
    }

    #[test]
    fn a_command_starts_the_source_of_what_it_names() {
        let files = [("api/src/index.ts", ""), ("api/other.js", "")];
        assert_starts(&files, &["node", "dist/index.js"], "api/src/index.ts");
        assert_starts(&files, &["node", "--enable-source-maps", "/app/dist/index.js"], "api/src/index.ts");
        assert_starts(&files, &["sh", "-c", "prisma migrate deploy && exec node ./other"], "api/other.js");
        assert_starts(&files, &["dumb-init", "--", "tsx", "src/index.ts"], "api/src/index.ts");
        assert_starts(&files, &["npm", "start"], "api/src/index.ts");
        assert_starts(&files, &["yarn", "run", "serve"], "api/src/index.ts");
        assert_starts(&files, &["npm", "run", "loop"], "");
        assert_starts(&files, &["node", "dist/none.js"], "");
        assert_starts(&files, &["python", "other.js"], "");
    }

    #[test]
    fn configurations_say_where_sources_are() {
        let config =
            ("api/tsconfig.json", r#"{"compilerOptions": {"outDir": "./out", "rootDir": "./code"}}"#);
        assert_starts(&[config, ("api/code/main.ts", "")], &["node", "out/main.js"], "api/code/main.ts");
        let nest = ("api/nest-cli.json", r#"{"sourceRoot": "source"}"#);
        assert_starts(&[nest, ("api/source/main.ts", "")], &["npx", "nest", "start"], "api/source/main.ts");
        let workspace = [("api/apps/shop/src/main.ts", "")];
        assert_starts(&workspace, &["node", "dist/apps/shop/main"], "api/apps/shop/src/main.ts");
    }

    #[test]
    fn frameworks_serve_their_projects() {
        assert_starts(&[], &["npx", "next", "start"], "project api");
        assert_starts(&[], &["node", "server.js"], "project api");
        assert_starts(&[("api/server.js", "")], &["node", "server.js"], "api/server.js");
        assert_starts(&[], &["nuxt", "start"], "");
    }
}
