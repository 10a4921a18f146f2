//! Configuration of bundlers: the names and constants that it gives literally. It is a program; only what can be read
//! off it counts.

mod reader;

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::Text;

use super::config_files::ConfigFiles;
use super::entries;
use super::memo::Memo;
use crate::parse::read;
use crate::parse::syntax::{Expr, ExprKind};
use reader::{Alias, Constant, Reader, literal_properties};

/// Configuration files without their extensions, as seen from the folder of the package.
const CONFIGURATIONS: [&str; 18] = [
    "vite.config",
    "electron.vite.config",
    "webpack.config",
    "webpack.common",
    "webpack.base",
    "vue.config",
    "nuxt.config",
    "next.config",
    "craco.config",
    "config-overrides",
    "quasar.config",
    "rsbuild.config",
    "rspack.config",
    "svelte.config",
    "astro.config",
    "babel.config",
    "build/webpack.base.conf",
    "config/webpack.common",
];

/// Extensions of a configuration that is a script.
pub(super) const EXTENSIONS: [&str; 6] = ["ts", "js", "mjs", "mts", "cjs", "cts"];

/// What the bundlers of one package are told.
#[derive(Debug, Default)]
pub(super) struct Bundler {
    aliases: Vec<Alias>,
    constants: Vec<Constant>,
    /// The folder that `.env` files are read from, where it is not the package's.
    pub(super) env_folder: Option<RepoPath>,
}

/// The bundlers of all packages, each configuration read at most once.
#[derive(Default)]
pub(super) struct Bundlers {
    /// By the folder of the configuration.
    by_package: Memo<RepoPath, Arc<Bundler>>,
    /// By the folder of the code.
    nearest: Memo<RepoPath, Arc<Bundler>>,
}

impl Bundlers {
    /// What the nearest bundler configuration above `from` says.
    pub(super) fn nearest(&self, sources: &Sources<'_>, from: FileId) -> Arc<Bundler> {
        let own = sources.folder_of(from);
        self.nearest.get(own.clone(), || {
            let nearest = own.ancestors().find_map(|folder| {
                let files = configurations(sources, &folder);
                (!files.is_empty()).then_some((folder, files))
            });
            nearest.map(|(folder, files)| self.of_package(sources, &folder, files)).unwrap_or_default()
        })
    }

    fn of_package(
        &self,
        sources: &Sources<'_>,
        package: &RepoPath,
        configurations: Vec<FileId>,
    ) -> Arc<Bundler> {
        self.by_package.get(package.clone(), || {
            let mut bundler = Bundler::default();
            for file in configurations {
                bundler.add(sources, file, package);
            }
            Arc::new(bundler)
        })
    }
}

fn configurations(sources: &Sources<'_>, folder: &RepoPath) -> Vec<FileId> {
    CONFIGURATIONS
        .iter()
        .filter_map(|stem| folder.join(stem))
        .filter(|stem| sources.any_begins_with(&format!("{}.", stem.as_str())))
        .flat_map(|stem| EXTENSIONS.map(|extension| RepoPath::new(&format!("{stem}.{extension}"))))
        .filter_map(|path| sources.find(&path?))
        .collect()
}

impl Bundler {
    /// The file that `specifier` names by an alias.
    pub(super) fn aliased(&self, files: &ConfigFiles<'_>, specifier: &str) -> Option<FileId> {
        let matching = self.aliases.iter().filter_map(|alias| Some((alias, alias.rest(specifier)?)));
        let (alias, rest) = matching.max_by_key(|(alias, _)| alias.name.len())?;
        alias.targets.iter().find_map(|target| entries::module_at(files, &target.join(rest)?))
    }

    /// The values that the bundler puts in the place of `name`; empty where it leaves the name alone.
    pub(super) fn constant(&self, name: &str) -> Vec<Text> {
        let constant = self.constants.iter().find(|constant| &*constant.name == name);
        constant.map(|constant| constant.values.clone()).unwrap_or_default()
    }

    /// Adds what the configuration in `file` says.
    fn add(&mut self, sources: &Sources<'_>, file: FileId, package: &RepoPath) {
        let Ok(decoded) = sources.read(file) else {
            return;
        };
        let (module, _) = read(file, sources.path(file), &decoded.text);
        let reader = Reader::new(file, &module);
        let own = sources.folder_of(file);
        for Expr { kind, .. } in &module.exprs {
            match kind {
                ExprKind::Object(properties) => {
                    for (name, value) in literal_properties(properties) {
                        match name {
                            "alias" => self.aliases.extend(reader.aliases(value, [&own, package])),
                            "define" | "env" => {
                                self.constants.extend(reader.constants(value, name == "env"));
                            }
                            "envDir" => {
                                self.env_folder = reader.path(value).and_then(|path| own.join(&path));
                            }
                            _ => {}
                        }
                    }
                }
                ExprKind::New(callee, arguments) if module.last_name(*callee) == Some("DefinePlugin") => {
                    let table = arguments.first();
                    self.constants
                        .extend(table.into_iter().flat_map(|table| reader.constants(*table, false)));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::Span;

    use super::super::{EnvironmentObject, Tooling, tree};
    use super::*;

    const CODE: [(&str, &str); 5] = [
        ("web/package.json", "{}"),
        ("web/source/main.ts", ""),
        ("web/source/net/url.ts", ""),
        ("web/source/net/index.ts", ""),
        ("shared/port.ts", ""),
    ];

    /// `expected` is what `specifier` names in `web/source/main.ts`; empty for nothing.
    #[track_caller]
    fn assert_alias(path: &str, config: &str, specifier: &str, expected: &str) {
        let mut files = CODE.to_vec();
        files.push((path, config));
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let from = sources.find(&RepoPath::new("web/source/main.ts").unwrap()).unwrap();
        let found = Tooling::new(&sources).resolve(specifier, from);
        assert_eq!(found.map_or("", |file| sources.path(file).as_str()), expected, "{specifier} by {config}");
    }

    #[test]
    fn vite_names_folders_in_several_ways() {
        let config = "import path, { resolve } from 'path';
            const shared = resolve(__dirname, '../shared');
            export default defineConfig(({ mode }) => ({ resolve: { alias: {
                '@code': path.resolve(__dirname, './source'),
                net: fileURLToPath(new URL('./source/net', import.meta.url)),
                '%': `${__dirname}/source`,
                shared,
                '/site/': '/source/',
                other: process.env.OTHER,
            } } }))";
        for (specifier, expected) in [
            ("@code/net/url", "web/source/net/url.ts"),
            ("net", "web/source/net/index.ts"),
            ("%/main", "web/source/main.ts"),
            ("shared/port", "shared/port.ts"),
            ("other/main", ""),
            ("network", ""),
        ] {
            assert_alias("web/vite.config.ts", config, specifier, expected);
        }
    }

    #[test]
    fn a_list_of_aliases_may_hold_regular_expressions() {
        let config = "module.exports = { resolve: { alias: [
            { find: /^code\\//, replacement: path.join(process.cwd(), 'source') + '/' },
            { find: 'net', replacement: path.resolve('source/net') },
            { find: /^(a|b)$/, replacement: './source' },
        ] } }";
        assert_alias("web/vite.config.js", config, "code/main", "web/source/main.ts");
        assert_alias("web/vite.config.js", config, "net/url", "web/source/net/url.ts");
        assert_alias("web/vite.config.js", config, "a", "");
    }

    #[test]
    fn webpack_has_exact_names_and_helpers_of_its_own() {
        let config = "const path = require('path')
            function resolve (dir) { return path.join(__dirname, '..', dir) }
            module.exports = { resolve: { alias: { '@': resolve('source'), net$: resolve('source/net/url.ts') } } }";
        assert_alias("web/build/webpack.base.conf.js", config, "@/main", "web/source/main.ts");
        assert_alias("web/build/webpack.base.conf.js", config, "net", "web/source/net/url.ts");
        assert_alias("web/build/webpack.base.conf.js", config, "net/index", "");
    }

    #[test]
    fn a_broken_or_circular_configuration_names_nothing() {
        assert_alias("web/vite.config.ts", "export default { resolve: { alias: { x: ", "x/main", "");
        let circle = "const a = b; const b = a; export default { resolve: { alias: { x: a } } }";
        assert_alias("web/vite.config.ts", circle, "x/main", "");
    }

    #[test]
    fn a_path_that_multiplies_at_each_name_is_given_up() {
        let sum = |index: usize| {
            let terms = vec![format!("p{}", index - 1); 60];
            format!("const p{index} = {};", terms.join(" + "))
        };
        let sums: Vec<String> = (1..=5).map(sum).collect();
        for first in ["'./'", "''"] {
            let config = format!(
                "const p0 = {first}; {} export default {{ resolve: {{ alias: {{ ok: './source', x: p5 }} }} }}",
                sums.join("\n")
            );
            assert_alias("web/vite.config.ts", &config, "x/source/main", "");
            assert_alias("web/vite.config.ts", &config, "ok/main", "web/source/main.ts");
        }
    }

    /// The values of `import.meta.env.VITE_WS` in `web/source/main.ts`.
    #[track_caller]
    fn assert_values(config: &str, name: &str, expected: &[&str]) {
        let mut files = CODE.to_vec();
        files.extend([("web/vite.config.ts", config), ("web/.env", "VITE_WS=a"), (".env", "VITE_WS=b")]);
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let from = sources.find(&RepoPath::new("web/source/main.ts").unwrap()).unwrap();
        let tooling = Tooling::new(&sources);
        let values = match name.strip_prefix("import.meta.env.") {
            Some(name) => tooling.variable(EnvironmentObject::ImportMeta, name, Span::start_of(from)),
            None => tooling.constant(name, from),
        };
        assert_eq!(values.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn constants_are_replaced_by_what_the_configuration_says() {
        let config = r#"export default { define: {
            'import.meta.env.VITE_WS': JSON.stringify(process.env.WS ?? 'ws://x:8000'),
            __PORT__: '"8000"', __CODE__: 'window.port', __CALL__: port(),
            __NUMBER__: 8001, __DIGITS__: '8002',
        } }"#;
        assert_values(config, "import.meta.env.VITE_WS", &["${WS}", "ws://x:8000"]);
        assert_values(config, "__PORT__", &["8000"]);
        assert_values(config, "__NUMBER__", &["8001"]);
        assert_values(config, "__DIGITS__", &["8002"]);
        assert_values(config, "__CODE__", &[]);
        assert_values(config, "__CALL__", &[]);
    }

    #[test]
    fn vite_reads_environment_files_where_it_is_told_to() {
        assert_values("export default {}", "import.meta.env.VITE_WS", &["a"]);
        assert_values("export default { envDir: '../' }", "import.meta.env.VITE_WS", &["b"]);
    }
}
