//! The modules that a script names, seen without parsing: who may call a function is looked for among those that name
//! its module.

use memchr::{memchr2, memchr3, memmem, memrchr};
use policy_text::source::RepoPath;

use super::embedded::{MODULE_EXTENSIONS, PageKind};

/// What a script imports, hashed and sorted: the path of what is named relative to it, and the last name of the rest,
/// `socket` for `@/net/socket.js`. What is there may be another of the same hash.
#[derive(Debug, Default)]
pub struct ImportedNames(Box<[u32]>);

/// Scripts of one page that are looked at.
const MAX_BLOCKS: usize = 32;

/// Endings of components, which an import may leave out as it may those of modules.
const COMPONENT_EXTENSIONS: [&str; 3] = ["vue", "svelte", "astro"];

/// Names of files that a folder is imported by.
const ENTRY_STEMS: [&str; 3] = ["index", "main", "mod"];

impl ImportedNames {
    /// The names in the text of the script or page at `path`: those of the imports that code begins with.
    pub fn of(path: &RepoPath, text: &str) -> Self {
        let specifiers = if PageKind::of(path).is_some() {
            let blocks = memmem::find_iter(text.as_bytes(), "<script").take(MAX_BLOCKS);
            let code = blocks.filter_map(|at| Some(text.get(at..)?.split_once('>')?.1));
            code.flat_map(specifiers).collect()
        } else {
            specifiers(text)
        };
        let names = specifiers.into_iter().filter_map(|specifier| name_of(path, specifier));
        let mut names: Vec<u32> = names.collect();
        names.sort_unstable();
        names.dedup();
        Self(names.into())
    }

    /// Whether a module that goes by one of `names` may be among them.
    pub fn may_hold(&self, names: &ModuleNames) -> bool {
        names.0.iter().any(|name| self.0.binary_search(name).is_ok())
    }

    /// Whether the script names no module.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a module can be imported by, hashed: its path and its last name and, where a folder or a package is entered
/// through it, those of the folder.
pub struct ModuleNames(Vec<u32>);

impl ModuleNames {
    /// The names of the module at `path`.
    pub fn of(path: &RepoPath) -> Self {
        let (folder, own) = split(stem(path.as_str()));
        let mut names = vec![path_hash(folder, own), hash(own)];
        let (above, folder_name) = split(folder);
        if matches!(folder_name, "src" | "lib") {
            names.push(hash(split(above).1));
        } else if ENTRY_STEMS.contains(&own) {
            names.push(hash(folder_name));
        }
        if ENTRY_STEMS.contains(&own) {
            names.push(path_hash(above, folder_name));
        }
        Self(names)
    }

    /// Whether `specifier` in the script at `importer` may name the module.
    pub fn may_be(&self, importer: &RepoPath, specifier: &str) -> bool {
        name_of(importer, specifier).is_some_and(|name| self.0.contains(&name))
    }
}

/// The quoted texts of each line, as far as the code consists of imports: what follows them, which is most of it, is not
/// looked at.
fn specifiers(code: &str) -> Vec<&str> {
    let mut specifiers = Vec::new();
    let mut inside = false;
    for line in code.lines() {
        let line = line.trim_ascii();
        let is_comment = ["//", "/*", "*"].iter().any(|start| line.starts_with(start));
        let is_directive = !inside && line.starts_with(['"', '\'']);
        if line.is_empty() || is_comment || is_directive {
            continue;
        }
        if !inside && !is_import(line) {
            break;
        }
        let before = specifiers.len();
        specifiers.extend(quoted(line));
        // An import goes on until it has named its module.
        inside = specifiers.len() == before;
    }
    specifiers
}

/// Whether a line begins an import, or a declaration of what `require` gives.
fn is_import(line: &str) -> bool {
    let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    starts(&["import ", "import{", "import*", "import\"", "import'", "export *", "export {", "export{"])
        || (line.contains("require(") && starts(&["const ", "var ", "let "]))
}

fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let open = memchr3(b'"', b'\'', b'`', rest.as_bytes())?;
        let inside = rest.get(open + 1..)?;
        let close = memchr3(b'"', b'\'', b'`', inside.as_bytes())?;
        rest = inside.get(close + 1..)?;
        inside.get(..close)
    })
}

/// The path of what a relative specifier names, else the last name, hashed. `None` for a bare name, which is nearly
/// always that of a package.
fn name_of(importer: &RepoPath, specifier: &str) -> Option<u32> {
    let path = match memchr2(b'?', b'#', specifier.as_bytes()) {
        Some(end) if end > 0 => specifier.get(..end)?,
        _ => specifier,
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.starts_with('.') {
        return Some(relative(split(importer.as_str()).0, path));
    }
    match split(path) {
        (_, "") => None,
        ("", name) if !name.starts_with(['#', '~', '@', '$']) => None,
        (_, name) => Some(hash(stem(name))),
    }
}

/// The hash of the path that `path` names in `folder`.
fn relative(mut folder: &str, mut path: &str) -> u32 {
    loop {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match first {
            "." => {}
            ".." => folder = split(folder).0,
            _ => return path_hash(folder, stem(path)),
        }
        if rest.is_empty() {
            let (above, name) = split(folder);
            return path_hash(above, name);
        }
        path = rest;
    }
}

/// The folder of a path, and its last name.
fn split(path: &str) -> (&str, &str) {
    match memrchr(b'/', path.as_bytes()) {
        Some(slash) => (path.get(..slash).unwrap_or_default(), path.get(slash + 1..).unwrap_or_default()),
        None => ("", path),
    }
}

fn stem(file_name: &str) -> &str {
    match file_name.rsplit_once('.') {
        Some((stem, extension))
            if MODULE_EXTENSIONS.contains(&extension) || COMPONENT_EXTENSIONS.contains(&extension) =>
        {
            stem
        }
        _ => file_name,
    }
}

fn hash(name: &str) -> u32 {
    fnv(0x811c_9dc5, name)
}

fn path_hash(folder: &str, name: &str) -> u32 {
    if folder.is_empty() { hash(name) } else { fnv(fnv(hash(folder), "/"), name) }
}

/// FNV-1a.
fn fnv(start: u32, text: &str) -> u32 {
    text.bytes().fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_names(importer: &str, text: &str, module: &str, expected: bool) {
        let names = ImportedNames::of(&RepoPath::new(importer).unwrap(), text);
        let module = ModuleNames::of(&RepoPath::new(module).unwrap());
        assert_eq!(names.may_hold(&module), expected, "{text}");
    }

    #[test]
    fn a_module_is_named_by_its_file() {
        assert_names("src/a.ts", "import { connect } from '../net/socket'", "net/socket.ts", true);
        assert_names("src/a.ts", "import { connect } from '../net/socket'", "src/socket.ts", false);
        assert_names("src/a.ts", "import { connect } from '././b/../c/socket'", "src/c/socket.ts", false);
        assert_names("src/a.ts", "import { connect }\n  from \"./socket.js\";", "src/socket.ts", true);
        assert_names("src/a.js", "const { connect } = require(`./socket`)", "src/socket.js", true);
        let two = "import React from 'react'; import { connect } from './socket'; import './a.css'";
        assert_names("src/a.ts", two, "src/socket.ts", true);
        assert_names("src/a.ts", "import net from '@/net/chat.service?worker'", "chat.service.ts", true);
        assert_names("src/a.ts", "import { connect } from './sockets'", "src/socket.ts", false);
        assert_names("src/a.ts", "import { connect } from './so", "src/so.ts", false);
        assert_names(
            "src/A.vue",
            "<p/>\n<script setup>\nimport './socket'\n</script>",
            "src/socket.ts",
            true,
        );
    }

    #[test]
    fn imports_come_before_all_other_code() {
        let begin =
            "'use client'\n/* by\n * us */\n\nimport React, {\n  useState,\n} from 'react'\n// then\n";
        let import = "import { connect } from './socket'\n";
        assert_names("src/a.ts", &format!("{begin}{import}connect()"), "src/socket.ts", true);
        assert_names("src/a.ts", &format!("{begin}connect()\n{import}"), "src/socket.ts", false);
    }

    #[test]
    fn pages_of_nothing_but_openings_end() {
        for opening in ["<script", "<script>"] {
            assert_names("a.html", &opening.repeat(200_000), "socket.ts", false);
        }
    }

    #[test]
    fn a_folder_is_named_for_what_it_is_entered_through() {
        assert_names("src/a.ts", "import { connect } from './net'", "src/net/index.ts", true);
        assert_names("src/net/a.ts", "import { connect } from '.'", "src/net/index.ts", true);
        assert_names("src/net/b/a.ts", "import { connect } from '..'", "src/net/index.ts", true);
        assert_names("web/a.ts", "import { connect } from '@acme/net'", "packages/net/src/index.ts", true);
        assert_names("web/a.ts", "import { connect } from '@acme/net'", "packages/net/src/deep/x.ts", false);
    }
}
