//! What a manager of packages, or what runs tasks over a workspace, is told to run: which script, of which package.

use policy_text::source::{FileId, RepoPath};

use super::{Tooling, paths};

/// Programs that run scripts of packages.
const MANAGERS: [&str; 5] = ["npm", "yarn", "pnpm", "bun", "turbo"];

/// Flags that take a folder to run in.
const FOLDER: [&str; 4] = ["--prefix", "-C", "--dir", "--cwd"];

/// Flags that take a package, by its name or its folder.
const PACKAGE: [&str; 3] = ["--workspace", "--filter", "-F"];

/// Words before the name of a script that say nothing else.
const VERBS: [&str; 2] = ["run", "run-script"];

/// What is run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked<'w> {
    /// The words behind all flags: a script, or a program, with its arguments.
    pub(super) words: Vec<&'w str>,
    /// The package it is of. `None` for that of the working directory.
    pub(super) package: Option<&'w str>,
    /// Whether the words are a program, and no script.
    pub(super) is_program: bool,
}

impl<'w> Asked<'w> {
    /// What these words ask for, where they are of a manager and name at most one package.
    pub(super) fn of(words: &[&'w str]) -> Option<Self> {
        let (program, rest) = words.split_first()?;
        let program = program.rsplit_once('/').map_or(*program, |(_, name)| name);
        if !MANAGERS.contains(&program) {
            return None;
        }
        let mut found = Self { words: Vec::new(), package: None, is_program: false };
        let mut rest = rest.iter().copied();
        while let Some(word) = rest.next() {
            let (flag, value) =
                word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
            let names_package = FOLDER.contains(&flag)
                || PACKAGE.contains(&flag)
                || flag == "-w" && program == "npm"
                || word == "workspace" && program == "yarn" && found.words.is_empty();
            if names_package {
                let package = value.or_else(|| rest.next())?;
                if found.package.replace(package).is_some() {
                    return None;
                }
            } else if matches!(word, "exec" | "dlx" | "x") && found.words.is_empty() {
                found.is_program = true;
            } else if word == "--" || word.starts_with('-') && (!found.is_program || found.words.is_empty()) {
                // Flags of the manager, or of the script: neither tells another program.
            } else if !(VERBS.contains(&word) && found.words.is_empty()) {
                found.words.push(word);
            }
        }
        // Without a package, tasks are run in all.
        let is_one = program != "turbo" || found.package.is_some();
        (is_one && !found.words.is_empty()).then_some(found)
    }
}

impl Tooling<'_> {
    /// The folder of the one package in or below `folder` that is meant by its path or its name.
    pub(crate) fn package_meant(&self, folder: &RepoPath, package: &str) -> Option<RepoPath> {
        // `...` is for what depends on it, or what it depends on, beside it.
        let package = package.trim_start_matches('{').trim_end_matches('}').trim_end_matches("...");
        let is_path = package.starts_with('.') || !package.starts_with('@');
        let by_path = folder.join(package).filter(|path| is_path && self.files.manifest_in(path).is_some());
        by_path.or_else(|| {
            let called = |is: &dyn Fn(&str) -> bool| {
                let packages = self.files.package_folders().iter().filter(|path| path.is_within(folder));
                let mut named: Vec<&RepoPath> = packages
                    .filter(|path| {
                        let manifest = self.files.manifest_in(path);
                        manifest.is_some_and(|manifest| manifest.name().is_some_and(is))
                    })
                    .collect();
                // Copies of it lie in what a tool has made.
                named.sort_by_key(|path| path.components().count());
                match *named.as_slice() {
                    [only] => Some(only.clone()),
                    [first, second, ..] if first.components().count() < second.components().count() => {
                        Some(first.clone())
                    }
                    _ => None,
                }
            };
            // A name without a scope stands for that in any.
            let without_scope = |name: &str| name.rsplit_once('/').map(|(_, name)| name) == Some(package);
            called(&|name| name == package).or_else(|| called(&without_scope))
        })
    }

    /// What Nx makes the program of that a project serves: `nx serve api`, `nx run api:serve`.
    pub(super) fn nx_entry(&self, folder: &RepoPath, words: &[&str]) -> Option<FileId> {
        let project = match words {
            ["serve", project] => project,
            ["run", task] => task.split_once(':')?.0,
            _ => return None,
        };
        let sources = self.files.sources;
        let configs = sources.files_within(folder).filter(|(_, path)| path.file_name() == "project.json");
        let mut named = configs.filter_map(|(file, _)| {
            let config = self.files.json(file)?;
            (config.get("name")?.as_str()? == project).then_some(config)
        });
        let config = named.next().filter(|_| named.next().is_none())?;
        let main = config.at(&["targets", "build", "options", "main"])?.as_str()?;
        paths::module_at(sources, &folder.join(main)?)
    }

    /// The package that `pnpm deploy` puts somewhere, and the folder that it puts it in, as it is written.
    pub(crate) fn deployed<'w>(&self, folder: &RepoPath, words: &[&'w str]) -> Option<(RepoPath, &'w str)> {
        let asked = Asked::of(words).filter(|_| words.first() == Some(&"pnpm"))?;
        match *asked.words {
            ["deploy", to] => Some((self.package_meant(folder, asked.package?)?, to)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_asks(line: &str, expected: Option<(&str, Option<&str>)>) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let asked = Asked::of(&words);
        let found = asked.map(|asked| (asked.words.join(" "), asked.package));
        assert_eq!(found, expected.map(|(words, package)| (words.to_owned(), package)), "{line}");
    }

    #[test]
    fn a_manager_is_told_one_script_of_one_package() {
        for line in
            ["npm start", "npm run start", "yarn start", "pnpm -s run start", "npm run start --silent"]
        {
            assert_asks(line, Some(("start", None)));
        }
        for line in [
            "npm run start --workspace=api",
            "npm -w api start",
            "npm --prefix api run start",
            "pnpm --filter api start",
            "pnpm -F=api run start",
            "pnpm -C api start",
            "yarn workspace api start",
            "turbo run start --filter=api",
        ] {
            assert_asks(line, Some(("start", Some("api"))));
        }
        assert_asks("pnpm -w start", Some(("start", None)));
        assert_asks("pnpm exec tsx --watch src/a.ts", Some(("tsx --watch src/a.ts", None)));
    }

    #[test]
    fn what_runs_in_several_packages_is_no_program() {
        for line in ["turbo run start", "pnpm --filter a --filter b start", "npm", "node start"] {
            assert_asks(line, None);
        }
    }
}
