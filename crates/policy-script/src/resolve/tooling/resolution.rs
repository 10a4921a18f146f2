//! From the name in an import to the file of the repository: paths, configured names, packages, conventions.

use policy_text::source::FileId;

use super::{Tooling, convention, entries, paths, workspace};

impl Tooling<'_> {
    /// The listed file that `specifier` names in an import of `from`. `None` for packages from a registry, and for what
    /// is not there. The code names this file; see [`Tooling::shipped`] for the one that a production build takes.
    pub(crate) fn resolve(&self, specifier: &str, from: FileId) -> Option<FileId> {
        let specifier = paths::without_query(specifier);
        // Only the folder of the code counts, and its files import the same modules again and again.
        let folder = self.files.sources.folder_of(from);
        self.resolutions.get((folder, specifier.into()), || self.look_up(specifier, from))
    }

    fn look_up(&self, specifier: &str, from: FileId) -> Option<FileId> {
        let files = &self.files;
        if paths::is_relative(specifier) {
            return entries::module_at(files, &files.sources.folder_of(from).join(specifier)?);
        }
        if specifier.contains(':') {
            return None;
        }
        if let Some(rooted) = specifier.strip_prefix('/') {
            return convention::below_package(files, rooted, from);
        }
        if specifier.starts_with('#')
            && let Some(found) = files
                .manifest(from)
                .and_then(|manifest| entries::internal_import(files.sources, &manifest, specifier))
        {
            return Some(found);
        }
        self.tsconfigs
            .file(files, specifier, from)
            .or_else(|| self.bundlers.nearest(files.sources, from).aliased(files, specifier))
            .or_else(|| {
                let (name, subpath) = paths::package_name(specifier);
                entries::entry(files.sources, &*workspace::package(files, name, from)?, subpath)
            })
            .or_else(|| convention::by_convention(files, specifier, from))
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{RepoPath, Sources};

    use super::super::tree;
    use super::*;

    /// `expected` is what `specifier` names in `from`; empty for nothing.
    #[track_caller]
    fn assert_resolves(files: &[(&str, &str)], from: &str, specifier: &str, expected: &str) {
        let tree = tree(files);
        let sources = Sources::open(&tree);
        let from = sources.find(&RepoPath::new(from).unwrap()).unwrap();
        let found = Tooling::new(&sources).resolve(specifier, from);
        let found = found.map_or("", |file| sources.path(file).as_str());
        assert_eq!(found, expected, "{specifier}");
    }

    #[test]
    fn a_relative_import_stays_inside_the_root() {
        let files = [("web/src/a.ts", ""), ("web/config.ts", ""), ("web/src/b/index.ts", "")];
        assert_resolves(&files, "web/src/a.ts", "../config", "web/config.ts");
        assert_resolves(&files, "web/src/a.ts", "./b?worker", "web/src/b/index.ts");
        assert_resolves(&files, "web/src/a.ts", "../../../etc/passwd", "");
        assert_resolves(&files, "web/src/b/index.ts", "..", "");
    }

    #[test]
    fn the_manifest_of_a_folder_names_its_entry() {
        let files = [
            ("a.js", ""),
            ("lib/package.json", r#"{"main": "start"}"#),
            ("lib/start.js", ""),
            ("lib/index.js", ""),
        ];
        assert_resolves(&files, "a.js", "./lib", "lib/start.js");
    }

    #[test]
    fn paths_of_the_nearest_tsconfig_and_what_it_extends() {
        let files = [
            (
                "tsconfig.base.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@acme/*": ["libs/*/src"], "@acme/x": ["x.ts"]}}} // base"#,
            ),
            (
                "apps/web/tsconfig.json",
                r#"{"extends": "../../tsconfig.base", "compilerOptions": {"strict": true,},}"#,
            ),
            ("apps/web/main.ts", ""),
            ("libs/net/src/index.ts", ""),
            ("x.ts", ""),
        ];
        assert_resolves(&files, "apps/web/main.ts", "@acme/net", "libs/net/src/index.ts");
        assert_resolves(&files, "apps/web/main.ts", "@acme/x", "x.ts");
        assert_resolves(&files, "apps/web/main.ts", "@acme/none", "");
        assert_resolves(&files, "apps/web/main.ts", "libs/net/src", "libs/net/src/index.ts");
    }

    #[test]
    fn a_solution_keeps_its_paths_in_what_it_refers_to() {
        let files = [
            (
                "tsconfig.json",
                r#"{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "./none"}]}"#,
            ),
            ("tsconfig.app.json", r##"{"compilerOptions": {"paths": {"#/*": ["./source/*"]}}}"##),
            ("source/main.ts", ""),
            ("source/url.ts", ""),
        ];
        assert_resolves(&files, "source/main.ts", "#/url", "source/url.ts");
    }

    #[test]
    fn a_cycle_of_configurations_ends() {
        let files = [
            ("tsconfig.json", r#"{"extends": "./b.json"}"#),
            (
                "b.json",
                r#"{"extends": ["./tsconfig.json", "./none.json"], "compilerOptions": {"baseUrl": "src"}}"#,
            ),
            ("src/a.ts", ""),
            ("src/net/url.ts", ""),
        ];
        assert_resolves(&files, "src/a.ts", "net/url", "src/net/url.ts");
        assert_resolves(&files, "src/a.ts", "net/none", "");
    }

    #[test]
    fn a_template_names_the_folder_of_the_outermost_configuration() {
        let files = [
            ("base.json", r#"{"compilerOptions": {"paths": {"~/*": ["${configDir}/code/*"]}}}"#),
            ("web/tsconfig.json", r#"{"extends": "../base.json"}"#),
            ("web/code/a.ts", ""),
        ];
        assert_resolves(&files, "web/code/a.ts", "~/a", "web/code/a.ts");
    }

    #[test]
    fn a_workspace_package_is_its_source_and_not_its_build() {
        let files = [
            ("package.json", r#"{"workspaces": ["packages/*"]}"#),
            (
                "packages/web/package.json",
                r#"{"name": "@acme/web", "dependencies": {"@acme/net": "^1.0.0"}}"#,
            ),
            ("packages/web/main.ts", ""),
            (
                "packages/net/package.json",
                r#"{"name": "@acme/net", "exports": {".": {"import": "./dist/index.mjs"}, "./*": {"types": "./dist/esm/*.d.ts"}}}"#,
            ),
            ("packages/net/dist/index.mjs", ""),
            ("packages/net/src/index.ts", ""),
            ("packages/net/src/url.ts", ""),
        ];
        assert_resolves(&files, "packages/web/main.ts", "@acme/net", "packages/net/src/index.ts");
        assert_resolves(&files, "packages/web/main.ts", "@acme/net/url", "packages/net/src/url.ts");
        assert_resolves(&files, "packages/web/main.ts", "@acme/other", "");
        assert_resolves(&files, "packages/web/main.ts", "react", "");
    }

    #[test]
    fn a_package_in_a_folder_of_another_name_is_found_where_its_version_says_that_it_is_here() {
        let files = [
            ("pnpm-workspace.yaml", "packages: [p/*]"),
            ("web/package.json", r#"{"dependencies": {"sockets": "workspace:^", "other": "^1"}}"#),
            ("web/main.ts", ""),
            ("p/n/package.json", r#"{"name": "sockets", "main": "lib/main.js"}"#),
            ("p/n/src/main.ts", ""),
        ];
        assert_resolves(&files, "web/main.ts", "sockets", "p/n/src/main.ts");
        assert_resolves(&files, "web/main.ts", "other", "");
    }

    #[test]
    fn without_a_workspace_a_package_of_the_same_name_is_another() {
        let files = [
            ("web/package.json", r#"{"dependencies": {"react": "^18", "shared": "file:../shared"}}"#),
            ("web/main.ts", ""),
            ("react/package.json", r#"{"name": "react"}"#),
            ("react/index.js", ""),
            ("shared/package.json", r#"{"name": "@x/shared"}"#),
            ("shared/index.ts", ""),
        ];
        assert_resolves(&files, "web/main.ts", "react", "");
        assert_resolves(&files, "web/main.ts", "shared", "shared/index.ts");
    }

    #[test]
    fn a_package_names_its_own_files() {
        let files = [
            ("package.json", r##"{"name": "app", "imports": {"#net/*": "./src/net/*.js"}}"##),
            ("src/a.ts", ""),
            ("src/net/url.ts", ""),
        ];
        assert_resolves(&files, "src/a.ts", "#net/url", "src/net/url.ts");
        assert_resolves(&files, "src/a.ts", "app/src/a", "src/a.ts");
        assert_resolves(&files, "src/a.ts", "#none/url", "");
    }

    #[test]
    fn conventions_hold_where_no_configuration_speaks() {
        let files =
            [("web/package.json", "{}"), ("web/src/a.ts", ""), ("web/app/b.ts", ""), ("web/main.js", "")];
        assert_resolves(&files, "web/src/a.ts", "@/a", "web/src/a.ts");
        assert_resolves(&files, "web/src/a.ts", "~/b", "web/app/b.ts");
        assert_resolves(&files, "web/src/a.ts", "/main.js", "web/main.js");
        assert_resolves(&files, "web/src/a.ts", "https://cdn.example.org/web/main.js", "");
        assert_resolves(&files, "web/src/a.ts", "node:fs", "");
    }
}
