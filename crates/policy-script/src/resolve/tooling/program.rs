//! From the command of an image to the module that it starts: runners, the scripts of a package, and what is compiled.

use policy_text::source::{FileId, RepoPath};

use super::manager::Asked;
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
        let line = match command {
            [shell, flag, line, ..] if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') => {
                Some(*line)
            }
            [line] if line.contains(' ') => Some(*line),
            _ => None,
        };
        match line {
            Some(line) => {
                let (folder, words) = last(folder, line)?;
                self.by_words(&folder, &words, scripts)
            }
            None => self.by_words(folder, command, scripts),
        }
    }

    fn by_words(&self, folder: &RepoPath, mut words: &[&str], scripts: usize) -> Option<Program> {
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
        if program == "nx" {
            return self.nx_entry(folder, arguments).map(Program::Module);
        }
        let asked = Asked::of(words)?;
        let folder = match asked.package {
            Some(package) => self.package_meant(folder, package)?,
            None => folder.clone(),
        };
        let scripts = scripts.checked_sub(1)?;
        let line = || {
            let script = asked.words.first().filter(|_| !asked.is_program)?;
            let manifest = self.files.manifest_in(&folder)?;
            Some(manifest.json.at(&["scripts", script])?.as_str()?.to_owned())
        };
        match line() {
            Some(line) => {
                let (folder, words) = last(&folder, &line)?;
                self.by_words(&folder, &words, scripts)
            }
            // `yarn node dist/main.js`
            None => self.by_words(&folder, &asked.words, scripts),
        }
    }

    fn module_or_project(&self, folder: &RepoPath, module: &str) -> Option<Program> {
        let written = module.trim_start_matches("./").trim_end_matches('/');
        // Of `apps/api/dist/main.js`, `apps/api` is the package.
        let slashes = written
            .rmatch_indices('/')
            .filter_map(|(at, _)| Some((folder.join(written.get(..at)?)?, written.get(at + 1..)?)));
        let mut packages = slashes.filter(|(inner, _)| self.files.manifest_in(inner).is_some());
        let inner = packages.find_map(|(inner, rest)| self.of_package(&inner, rest));
        inner.or_else(|| self.of_package(folder, written))
    }

    /// What a module of the package in `folder` starts.
    fn of_package(&self, folder: &RepoPath, written: &str) -> Option<Program> {
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

/// The words of the last command of a line, and the folder that it runs in: what comes before it prepares.
fn last<'l>(folder: &RepoPath, line: &'l str) -> Option<(RepoPath, Vec<&'l str>)> {
    let commands = line.split(['&', ';', '|']).map(|command| {
        let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'', '(', ')']));
        words.filter(|word| !word.is_empty()).collect::<Vec<&str>>()
    });
    let mut folder = folder.clone();
    let mut last = Vec::new();
    for words in commands.filter(|words| !words.is_empty()) {
        if let ["cd", into] = *words {
            folder = folder.join(into)?;
        } else {
            last = words;
        }
    }
    Some((folder, last))
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
        if files.iter().all(|(path, _)| *path != PACKAGE.0) {
            files.push(PACKAGE);
        }
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
    fn a_package_of_a_workspace_is_started_from_its_root() {
        let shop = (
            "api/apps/shop/package.json",
            r#"{"name": "@acme/shop", "scripts": {"start": "node dist/main.js", "here": "cd lib && node ./run"}}"#,
        );
        let root = (
            "api/package.json",
            r#"{"scripts": {"shop": "cd apps/shop && npm start", "twice": "turbo run start",
                "one": "turbo start --filter=@acme/shop"}, "dependencies": {"next": "15"}}"#,
        );
        let page = ("api/apps/page/package.json", r#"{"dependencies": {"next": "15"}}"#);
        let files = [shop, root, page, ("api/apps/shop/src/main.ts", ""), ("api/apps/shop/lib/run.js", "")];
        let main = "api/apps/shop/src/main.ts";
        for command in [
            "node apps/shop/dist/main.js",
            "npm run shop",
            "npm run one",
            "npm start --workspace apps/shop",
            "npm run start -w @acme/shop",
            "pnpm --filter @acme/shop start",
            "pnpm --filter shop... start",
            "yarn workspace @acme/shop start",
            "yarn --cwd apps/shop node dist/main.js",
        ] {
            let words: Vec<&str> = command.split_whitespace().collect();
            assert_starts(&files, &words, main);
        }
        assert_starts(&files, &["npm", "run", "here", "-w", "apps/shop"], "api/apps/shop/lib/run.js");
        assert_starts(&files, &["node", "apps/page/server.js"], "project api/apps/page");
        assert_starts(&files, &["npm", "run", "twice"], "");
        assert_starts(&files, &["pnpm", "--filter", "other", "start"], "");
    }

    #[test]
    fn nx_starts_what_a_project_is_built_from() {
        let project = |name: &str| {
            format!(
                r#"{{"name": "{name}", "targets": {{"build": {{"options": {{"main": "apps/{name}/src/run.ts"}}}}}}}}"#
            )
        };
        let (shop, page) = (project("shop"), project("page"));
        let files = [
            ("api/apps/shop/project.json", shop.as_str()),
            ("api/apps/page/project.json", page.as_str()),
            ("api/apps/shop/src/run.ts", ""),
        ];
        assert_starts(&files, &["npx", "nx", "serve", "shop"], "api/apps/shop/src/run.ts");
        assert_starts(&files, &["nx", "run", "shop:serve"], "api/apps/shop/src/run.ts");
        assert_starts(&files, &["nx", "serve", "page"], "");
        assert_starts(&files, &["nx", "serve"], "");
    }

    #[test]
    fn frameworks_serve_their_projects() {
        assert_starts(&[], &["npx", "next", "start"], "project api");
        assert_starts(&[], &["node", "server.js"], "project api");
        assert_starts(&[("api/server.js", "")], &["node", "server.js"], "api/server.js");
        assert_starts(&[], &["nuxt", "start"], "");
    }
}
