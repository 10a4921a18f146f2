//! Which `.env` files a bundler reads for a production build, in which order, and what they make of a variable.

use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;
use policy_text::expansion::{Action, Substitute};
use policy_text::needles::one_pass;
use policy_text::source::{FileId, RepoPath, Span};
use policy_text::value::{Origin, Text};

use super::builds::{PackageBuild, builds};
use super::dotenv::{self, Assignment};
use super::manifest::Manifest;
use super::{EnvironmentObject, Tooling};

/// Which file overrides which, where several set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// `.env.production` overrides `.env.local`: Vite, Vue CLI.
    ModeLast,
    /// `.env.local` overrides `.env.production`: Create React App, Next, Expo.
    LocalLast,
    /// Only `.env` is read.
    Plain,
}

/// The variables that a bundler puts into the code, by what their names begin with, and its order of files.
const FAMILIES: [(&str, Order); 11] = [
    ("VITE_", Order::ModeLast),
    ("VUE_APP_", Order::ModeLast),
    ("PUBLIC_", Order::ModeLast),
    ("REACT_APP_", Order::LocalLast),
    ("NEXT_PUBLIC_", Order::LocalLast),
    ("EXPO_PUBLIC_", Order::LocalLast),
    ("GATSBY_", Order::LocalLast),
    ("STORYBOOK_", Order::LocalLast),
    ("PLASMO_PUBLIC_", Order::LocalLast),
    ("NUXT_PUBLIC_", Order::Plain),
    ("NUXT_ENV_", Order::Plain),
];

/// Tools that put any variable of a `.env` file into the code, by the dependency that shows them.
const UNPREFIXED: [(&str, Order); 5] = [
    ("parcel", Order::LocalLast),
    ("parcel-bundler", Order::LocalLast),
    ("dotenv-webpack", Order::Plain),
    ("react-native-dotenv", Order::Plain),
    ("react-native-config", Order::Plain),
];

/// How many variables one value may be made of, all levels together: cycles end here.
const MAX_EXPANSIONS: usize = 64;

impl Tooling<'_> {
    /// The values that production builds give to variable `name` of the environment where code reads it at `at`: one for
    /// each build that differs. The bundler's own table comes first, then what an image build sets, then files. A hole of
    /// [`Origin::Environment`] where the repository does not set it. Never empty.
    pub(crate) fn variable(&self, object: EnvironmentObject, name: &str, at: Span) -> Vec<Text> {
        let mut values = self.constant(&format!("{}.{name}", object.written()), at.file);
        if values.is_empty() {
            values = self.values_from_repository(name, at.file);
        }
        if values.is_empty() { vec![Text::hole(Origin::Environment(name.into()), at)] } else { values }
    }

    fn values_from_repository(&self, name: &str, file: FileId) -> Vec<Text> {
        let Some(manifest) = self.files.manifest(file) else {
            return Vec::new();
        };
        let Some(order) = order_of(name, &manifest) else {
            return Vec::new();
        };
        let from_images = self.values_from_images(name, &manifest.folder);
        if !from_images.is_empty() {
            return from_images;
        }
        let told = self.bundlers.nearest(self.files.sources, file).env_folder.clone();
        let folder = told.as_ref().unwrap_or(&manifest.folder);
        let mut values: Vec<Text> = Vec::new();
        for build in builds(&manifest) {
            let mut expansions = MAX_EXPANSIONS;
            let of_command =
                || set_by(&build, name, self.files.sources.find(&manifest.folder.join("package.json")?)?);
            let layers = self.layers(folder, order, &build);
            let mut of_files = || {
                let value = layers.value(name, &mut expansions)?;
                let is_overridden = self.is_left_to_pipeline(name, &manifest.folder);
                let at = value.place().unwrap_or(Span::start_of(file));
                Some(if is_overridden { Text::hole(Origin::Environment(name.into()), at) } else { value })
            };
            if let Some(value) = of_command().or_else(&mut of_files)
                && !values.iter().any(|other| other.render('\0') == value.render('\0'))
            {
                values.push(value);
            }
        }
        values
    }

    /// The files that `build` reads, the one that overrides all others first.
    fn layers(&self, folder: &RepoPath, order: Order, build: &PackageBuild) -> Layers {
        let mode = &build.mode;
        let names = match order {
            Order::ModeLast => {
                vec![
                    format!(".env.{mode}.local"),
                    format!(".env.{mode}"),
                    ".env.local".to_owned(),
                    ".env".to_owned(),
                ]
            }
            Order::LocalLast => {
                vec![
                    format!(".env.{mode}.local"),
                    ".env.local".to_owned(),
                    format!(".env.{mode}"),
                    ".env".to_owned(),
                ]
            }
            Order::Plain => vec![".env".to_owned()],
        };
        let files =
            build.files.iter().chain(&names).filter_map(|name| self.files.sources.find(&folder.join(name)?));
        Layers(files.map(|file| self.env_file(file)).collect())
    }

    fn env_file(&self, file: FileId) -> Arc<Vec<Assignment>> {
        self.env_files.get(file, || {
            let text = self.files.sources.read(file).map(|decoded| decoded.text).unwrap_or_default();
            Arc::new(dotenv::parse(file, &text))
        })
    }
}

/// The names of variables in a text that bundlers put into code, each with what follows it.
pub(super) fn names_in(text: &str) -> impl Iterator<Item = (&str, &str)> {
    static PREFIXES: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| one_pass(&FAMILIES.map(|(prefix, _)| prefix)));
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let found = PREFIXES.as_ref().into_iter().flat_map(move |prefixes| prefixes.find_iter(text));
    found.filter_map(move |prefix| {
        let begins = text.as_bytes().get(..prefix.start())?.last().is_none_or(|before| !is_part(before));
        let rest = text.as_bytes().get(prefix.end()..)?;
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        let (name, behind) = text.get(prefix.start()..)?.split_at_checked(prefix.len() + length)?;
        (begins && length > 0).then_some((name, behind))
    })
}

/// What the command of a build sets `name` to: no file overrides that.
fn set_by(build: &PackageBuild, name: &str, manifest: FileId) -> Option<Text> {
    let (_, value) = build.set.iter().rev().find(|(own, _)| own == name)?;
    let at = Span::new(manifest, build.at.clone()?);
    let is_written = !value.contains(['$', '%', '`']);
    Some(if is_written {
        Text::literal(value.as_str(), at)
    } else {
        Text::hole(Origin::Environment(name.into()), at)
    })
}

/// The order of files that decides `name`. `None` where no bundler puts the variable into the code.
fn order_of(name: &str, manifest: &Manifest) -> Option<Order> {
    let by_name = FAMILIES.iter().find(|(prefix, _)| name.starts_with(prefix));
    let by_tool = || UNPREFIXED.iter().find(|(tool, _)| manifest.version_of(tool).is_some());
    by_name.or_else(by_tool).map(|(_, order)| *order)
}

/// The `.env` files of one build, the one that overrides all others first.
struct Layers(Vec<Arc<Vec<Assignment>>>);

impl Layers {
    /// What the files make of `name`; `None` where none sets it.
    fn value(&self, name: &str, expansions: &mut usize) -> Option<Text> {
        let assignment = self
            .0
            .iter()
            .find_map(|assignments| assignments.iter().rev().find(|assignment| assignment.name == name))?;
        Some(assignment.value(|variable| {
            let known = if *expansions == 0 {
                None
            } else {
                *expansions -= 1;
                self.value(variable.name, expansions)
            };
            match (known, variable.operator.map(|operator| operator.action)) {
                (Some(text), _) => {
                    Substitute::Text(text.through(variable.at, format!("`{}` is used here", variable.name)))
                }
                (None, Some(Action::Default)) => Substitute::Word,
                (None, _) => {
                    Substitute::Text(Text::hole(Origin::Environment(variable.name.into()), variable.at))
                }
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::Sources;

    use super::super::tree;
    use super::*;

    /// The values of `name` in `web/src/a.ts`, each with the file that decides it.
    #[track_caller]
    fn assert_values(files: &[(&str, &str)], name: &str, expected: &[&str]) {
        let mut files = files.to_vec();
        files.push(("web/src/a.ts", ""));
        let tree = tree(&files);
        let sources = Sources::open(&tree);
        let file = sources.find(&RepoPath::new("web/src/a.ts").unwrap()).unwrap();
        let values =
            Tooling::new(&sources).variable(EnvironmentObject::ImportMeta, name, Span::start_of(file));
        let found: Vec<_> = values
            .iter()
            .map(|value| match value.last_literal() {
                Some(provenance) => format!("{value} in {}", sources.path(provenance.at.file).file_name()),
                None => value.to_string(),
            })
            .collect();
        assert_eq!(found, expected);
    }

    const VITE: (&str, &str) = ("web/package.json", r#"{"scripts": {"build": "tsc && vite build"}}"#);

    #[test]
    fn a_production_build_reads_the_production_file_first() {
        let files = [
            VITE,
            ("web/.env", "VITE_A=1\nVITE_B=2"),
            ("web/.env.production", "VITE_A=3\nVITE_C=4"),
            ("web/.env.local", "VITE_B=5\nVITE_C=6"),
        ];
        assert_values(&files, "VITE_A", &["3 in .env.production"]);
        assert_values(&files, "VITE_B", &["5 in .env.local"]);
        assert_values(&files, "VITE_C", &["4 in .env.production"]);
        let files = files.map(|(path, text)| (path, text.replace("VITE_", "REACT_APP_")));
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_values(&files, "REACT_APP_C", &["6 in .env.local"]);
    }

    #[test]
    fn files_of_other_modes_and_examples_do_not_ship() {
        let files = [
            VITE,
            ("web/.env.development", "VITE_A=1"),
            ("web/.env.example", "VITE_A=1"),
            ("web/.env.test", "VITE_A=1"),
            (".env", "VITE_A=1"),
        ];
        assert_values(&files, "VITE_A", &["${VITE_A}"]);
    }

    #[test]
    fn a_variable_that_no_bundler_takes_is_unknown() {
        let env = ("web/.env", "PORT=8000");
        assert_values(&[VITE, env], "PORT", &["${PORT}"]);
        let parcel = ("web/package.json", r#"{"devDependencies": {"parcel": "2"}}"#);
        assert_values(&[parcel, env], "PORT", &["8000 in .env"]);
    }

    #[test]
    fn scripts_say_which_modes_are_deployed() {
        let scripts = r#"{"scripts": {"build:staging": "vite build --mode=staging", "build:dev": "vite build --mode dev",
            "build:prod": "vite build --mode prod", "dev": "vite --mode other"}}"#;
        let files = [
            ("web/package.json", scripts),
            ("web/.env.staging", "VITE_A=s"),
            ("web/.env.dev", "VITE_A=d"),
            ("web/.env.prod", "VITE_A=p"),
            ("web/.env.production", "VITE_A=x"),
            ("web/.env.other", "VITE_A=o"),
        ];
        assert_values(&files, "VITE_A", &["s in .env.staging", "p in .env.prod"]);
        let files = [
            ("web/package.json", r#"{"scripts": {"build": "env-cmd -f .env.prod react-scripts build"}}"#),
            ("web/.env.prod", "REACT_APP_A=p"),
            ("web/.env.production", "REACT_APP_A=x"),
        ];
        assert_values(&files, "REACT_APP_A", &["p in .env.prod"]);
    }

    #[test]
    fn what_the_command_sets_no_file_overrides() {
        let env = ("web/.env.local", "REACT_APP_A=local\nREACT_APP_B=local");
        for command in [
            "REACT_APP_A=live react-scripts build",
            "cross-env REACT_APP_A=live CI=1 react-scripts build",
            "tsc && REACT_APP_A='live' react-scripts build",
        ] {
            let scripts = format!(r#"{{"scripts": {{"build": "{command}"}}}}"#);
            assert_values(&[("web/package.json", &scripts), env], "REACT_APP_A", &["live in package.json"]);
            assert_values(&[("web/package.json", &scripts), env], "REACT_APP_B", &["local in .env.local"]);
        }
        let from_outside =
            ("web/package.json", r#"{"scripts": {"build": "REACT_APP_A=$STAGE react-scripts build"}}"#);
        assert_values(&[from_outside, env], "REACT_APP_A", &["${REACT_APP_A}"]);
    }

    #[test]
    fn variables_expand_and_cycles_end() {
        let files =
            [VITE, ("web/.env", "VITE_A=ws://$HOST:${PORT:-80}\nPORT=8000\nVITE_B=$VITE_B\nVITE_C=a$VITE_D")];
        assert_values(&files, "VITE_A", &["ws://${HOST}:8000 in .env"]);
        assert_values(&files, "VITE_B", &["${VITE_B}"]);
        assert_values(&files, "VITE_C", &["a${VITE_D} in .env"]);
    }
}
