//! Configuration of bundlers: the names and constants that it gives literally. It is a program; only what can be read
//! off it counts.

use std::sync::Arc;

use super::Project;
use crate::parse::script::read;
use crate::parse::script::syntax::{Expr, ExprId, ExprKind, FunctionId, Logic, Module, NameUse, Property};
use crate::resolve::{Origin, Text};
use crate::source::{FileId, RepoPath, Span};

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

const EXTENSIONS: [&str; 6] = ["ts", "js", "mjs", "mts", "cjs", "cts"];

/// How far a path in a configuration is followed through names and calls.
const MAX_DEPTH: usize = 12;

/// What the bundlers of one package are told.
#[derive(Debug, Default)]
pub(super) struct Bundler {
    aliases: Vec<Alias>,
    constants: Vec<Constant>,
    /// The folder that `.env` files are read from, where it is not the package's.
    pub(super) env_folder: Option<RepoPath>,
}

/// A name that stands for a file or a folder.
#[derive(Debug)]
struct Alias {
    name: String,
    /// Relative names can mean the folder of the configuration or of the package.
    targets: Vec<RepoPath>,
}

/// An expression that is replaced by a value: `process.env.API_URL`, `__WS_URL__`.
#[derive(Debug)]
struct Constant {
    name: Arc<str>,
    values: Vec<Text>,
}

impl Project<'_> {
    /// The file that `specifier` names by an alias of the bundler.
    pub(super) fn by_alias(&self, specifier: &str, from: FileId) -> Option<FileId> {
        let bundler = self.bundler(from);
        let matching = bundler.aliases.iter().filter_map(|alias| Some((alias, alias.rest(specifier)?)));
        let (alias, rest) = matching.max_by_key(|(alias, _)| alias.name.len())?;
        alias.targets.iter().find_map(|target| self.folder_or_file(&target.join(rest)?))
    }

    /// The values that the bundler puts in the place of `name` in the code of `from`; empty where it does not.
    pub fn constant(&self, name: &str, from: FileId) -> Vec<Text> {
        // Written as constants are, so that `document` and `WebSocket` make nobody read a configuration.
        if !name.contains(['_', '.']) {
            return Vec::new();
        }
        let bundler = self.bundler(from);
        let constant = bundler.constants.iter().find(|constant| &*constant.name == name);
        constant.map(|constant| constant.values.clone()).unwrap_or_default()
    }

    /// What the nearest bundler configuration above `from` says.
    pub(super) fn bundler(&self, from: FileId) -> Arc<Bundler> {
        let Some(own) = self.sources.path(from).parent() else {
            return Arc::default();
        };
        self.nearest_bundlers.get(own.clone(), || {
            let nearest = own.ancestors().find_map(|folder| {
                let files = self.configurations(&folder);
                (!files.is_empty()).then_some((folder, files))
            });
            nearest.map(|(folder, files)| self.bundler_of(&folder, files)).unwrap_or_default()
        })
    }

    fn bundler_of(&self, package: &RepoPath, configurations: Vec<FileId>) -> Arc<Bundler> {
        self.bundlers.get(package.clone(), || {
            let mut bundler = Bundler::default();
            for file in configurations {
                self.read_bundler(file, package, &mut bundler);
            }
            Arc::new(bundler)
        })
    }

    fn configurations(&self, folder: &RepoPath) -> Vec<FileId> {
        CONFIGURATIONS
            .iter()
            .filter_map(|stem| folder.join(stem))
            .filter(|stem| self.sources.any_begins_with(&format!("{}.", stem.as_str())))
            .flat_map(|stem| EXTENSIONS.map(|extension| RepoPath::new(&format!("{stem}.{extension}"))))
            .filter_map(|path| self.sources.find(&path?))
            .collect()
    }

    fn read_bundler(&self, file: FileId, package: &RepoPath, bundler: &mut Bundler) {
        let Ok(decoded) = self.sources.read(file) else {
            return;
        };
        let path = self.sources.path(file);
        let (module, _) = read(file, path, &decoded.text);
        let reader = Reader { file, module: &module };
        let own = path.parent().unwrap_or_else(RepoPath::root);
        for Expr { kind, .. } in &module.exprs {
            match kind {
                ExprKind::Object(properties) => {
                    for (name, value) in literal_properties(properties) {
                        match name {
                            "alias" => bundler.aliases.extend(reader.aliases(value, [&own, package])),
                            "define" | "env" => {
                                bundler.constants.extend(reader.constants(value, name == "env"));
                            }
                            "envDir" => {
                                bundler.env_folder = reader.path(value).and_then(|path| own.join(&path));
                            }
                            _ => {}
                        }
                    }
                }
                ExprKind::New(callee, arguments) if module.last_name(*callee) == Some("DefinePlugin") => {
                    let table = arguments.first();
                    bundler
                        .constants
                        .extend(table.into_iter().flat_map(|table| reader.constants(*table, false)));
                }
                _ => {}
            }
        }
    }
}

impl Alias {
    /// What `specifier` names below the alias; empty for the alias itself.
    fn rest<'n>(&self, specifier: &'n str) -> Option<&'n str> {
        let rest = specifier.strip_prefix(self.name.trim_end_matches(['/', '*', '$']))?;
        let below = rest.is_empty() || (rest.starts_with('/') && !self.name.ends_with('$'));
        below.then(|| rest.trim_start_matches('/'))
    }
}

/// Reads values off a configuration.
struct Reader<'m> {
    file: FileId,
    module: &'m Module,
}

impl Reader<'_> {
    /// The entries of an `alias` table, or of a list of `{find, replacement}`.
    fn aliases(&self, table: ExprId, folders: [&RepoPath; 2]) -> Vec<Alias> {
        let entry = |name: String, target: ExprId| {
            let path = self.path(target)?;
            let below = |folder: &RepoPath| folder.join(path.trim_start_matches('/'));
            Some(Alias { name, targets: folders.iter().filter_map(|folder| below(folder)).collect() })
        };
        match &self.module[self.definition(table)].kind {
            ExprKind::Object(properties) => literal_properties(properties)
                .filter_map(|(name, target)| entry(name.to_owned(), target))
                .collect(),
            ExprKind::Array(entries) => entries
                .iter()
                .filter_map(|item| {
                    let name = match &self.module[self.property(*item, "find")?].kind {
                        ExprKind::String(name) => name.to_string(),
                        ExprKind::Regex(pattern) => plain_prefix(pattern)?,
                        _ => return None,
                    };
                    entry(name, self.property(*item, "replacement")?)
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of a `define` table; those of `env` are variables of the environment and plain values.
    fn constants(&self, table: ExprId, variables: bool) -> Vec<Constant> {
        let ExprKind::Object(properties) = &self.module[self.definition(table)].kind else {
            return Vec::new();
        };
        literal_properties(properties)
            .filter_map(|(name, value)| {
                let values = self.values(value, variables, MAX_DEPTH)?;
                let name = if variables { format!("process.env.{name}") } else { name.to_owned() };
                Some(Constant { name: name.into(), values })
            })
            .collect()
    }

    /// What an expression of a `define` table is replaced by. `None` where that cannot be read off.
    fn values(&self, expr: ExprId, plain: bool, depth: usize) -> Option<Vec<Text>> {
        let depth = depth.checked_sub(1)?;
        let expr = self.definition(expr);
        let at = Span::new(self.file, self.module[expr].range());
        match &self.module[expr].kind {
            ExprKind::String(text) => {
                // A string in the table is code: `'"ws://…"'` and `'8000'` give text, `'window.url'` does not.
                let inner = if plain || text.parse::<u64>().is_ok() {
                    Some(&**text)
                } else {
                    text.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']))
                };
                Some(vec![Text::literal(inner?, at)])
            }
            ExprKind::Number(number) => Some(vec![Text::literal(number.clone(), at)]),
            ExprKind::Call(callee, arguments) if self.module.last_name(*callee) == Some("stringify") => {
                self.values(*arguments.first()?, true, depth)
            }
            ExprKind::Member(object, name) if self.module.last_name(*object) == Some("env") => {
                Some(vec![Text::hole(Origin::Environment(name.clone()), at)])
            }
            ExprKind::Logical(Logic::Or | Logic::Coalesce, first, second) => {
                let mut values = self.values(*first, plain, depth)?;
                values.extend(self.values(*second, plain, depth)?);
                Some(values)
            }
            _ => None,
        }
    }

    /// The path that an expression gives, relative to the folder of the configuration.
    fn path(&self, expr: ExprId) -> Option<String> {
        self.path_of(expr, &[], MAX_DEPTH)
    }

    fn path_of(&self, expr: ExprId, arguments: &[ExprId], depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let follow = |expr: &ExprId| self.path_of(*expr, arguments, depth);
        match &self.module[expr].kind {
            ExprKind::String(text) => Some(text.to_string()),
            ExprKind::Concat(parts, _) => parts.iter().map(follow).collect(),
            ExprKind::Name(used) if matches!(&*used.name, "__dirname" | "__filename") => Some(".".to_owned()),
            ExprKind::Name(_) => {
                let value = self.definition(expr);
                if value == expr { None } else { self.path_of(value, arguments, depth) }
            }
            ExprKind::Parameter(_, index) => self.path_of(*arguments.get(*index)?, &[], depth),
            ExprKind::Member(object, name) => match &**name {
                "pathname" | "href" => follow(object),
                "dirname" | "url" if matches!(self.module[*object].kind, ExprKind::ImportMeta) => {
                    Some(".".to_owned())
                }
                _ => None,
            },
            ExprKind::New(callee, given) if self.module.last_name(*callee) == Some("URL") => {
                follow(given.first()?)
            }
            ExprKind::Call(callee, given) => match self.function(*callee) {
                Some(function) => self.path_of(self.module[function].returns.first()?.0, given, depth),
                None => match self.module.last_name(*callee)? {
                    "resolve" | "join" => {
                        let parts: Option<Vec<String>> = given.iter().map(follow).collect();
                        Some(parts?.join("/"))
                    }
                    "fileURLToPath" | "dirname" | "normalizePath" => follow(given.first()?),
                    "cwd" => Some(".".to_owned()),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    /// The function of the configuration itself that a callee names.
    fn function(&self, callee: ExprId) -> Option<FunctionId> {
        match self.module[self.definition(callee)].kind {
            ExprKind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The expression that a name was given, where it was given one; else the expression itself.
    fn definition(&self, expr: ExprId) -> ExprId {
        let ExprKind::Name(NameUse { name, scope, .. }) = &self.module[expr].kind else {
            return expr;
        };
        let binding = self.module.lookup(name, *scope).map(|binding| &self.module[binding]);
        match binding.map(|binding| binding.definitions.as_slice()) {
            Some([only]) => only.value,
            _ => expr,
        }
    }

    fn property(&self, object: ExprId, name: &str) -> Option<ExprId> {
        match &self.module[object].kind {
            ExprKind::Object(properties) => {
                literal_properties(properties).find(|(own, _)| *own == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

fn literal_properties(properties: &[Property]) -> impl Iterator<Item = (&str, ExprId)> {
    properties.iter().filter_map(|property| match property {
        Property::Value(name, value) => Some((&**name, *value)),
        _ => None,
    })
}

/// The plain name that a regular expression such as `^@\/` stands for.
fn plain_prefix(pattern: &str) -> Option<String> {
    let plain = pattern.trim_start_matches('^').trim_end_matches("(.*)").replace("\\/", "/");
    let is_name = |c: char| c.is_ascii_alphanumeric() || "@~#/_-$".contains(c);
    plain.chars().all(is_name).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::super::{EnvironmentObject, tree};
    use super::*;
    use crate::source::Sources;

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
        let found = Project::new(&sources).resolve(specifier, from);
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

    /// The values of `import.meta.env.VITE_WS` in `web/source/main.ts`.
    #[track_caller]
    fn assert_values(config: &str, name: &str, expected: &[&str]) {
        let mut files = CODE.to_vec();
        files.extend([("web/vite.config.ts", config), ("web/.env", "VITE_WS=a"), (".env", "VITE_WS=b")]);
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let from = sources.find(&RepoPath::new("web/source/main.ts").unwrap()).unwrap();
        let project = Project::new(&sources);
        let values = match name.strip_prefix("import.meta.env.") {
            Some(name) => project.variable(EnvironmentObject::ImportMeta, name, Span::start_of(from)),
            None => project.constant(name, from),
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
