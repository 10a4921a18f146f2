//! The settings of a program of Spring or Quarkus: its files by profile, with what the container sets over them.

use std::collections::{BTreeMap, BTreeSet};

use policy_http::environment::{Environment, Variable};
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::yaml::{Node, parse_tree};

use crate::template::closing;

/// What is known of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Known(String),
    Unset,
    Unknown,
}

/// Placeholders within placeholders.
const DEEPEST: usize = 4;
/// A value that is longer is none of those that are asked for.
const LONGEST: usize = 1 << 10;
/// Settings that are nested deeper, or longer, are none of those that are asked for.
const LONGEST_KEY: usize = 128;

/// What brings settings from elsewhere.
const ELSEWHERE: [&str; 4] = ["configserver:", "consul:", "zookeeper:", "nacos:"];

/// The settings that say where others come from, which then go over those of the usual files.
const SOURCES: [&str; 5] = [
    "spring.application.json",
    "spring.config.additional-location",
    "spring.config.import",
    "spring.config.location",
    "spring.config.name",
];

/// All settings, by the key without its dashes.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Those that count whatever the profile, later ones over earlier ones.
    common: BTreeMap<String, String>,
    /// Those of each profile that may be active.
    by_profile: Vec<BTreeMap<String, String>>,
    /// Whether the profiles are all active; else it is not known which are.
    profiles_known: bool,
    /// What the command line says.
    given: BTreeMap<String, String>,
    environment: Environment,
    /// Whether there may be others: elsewhere, or in a file that was not read.
    may_be_more: bool,
    /// Those that code sets, by the key without its dashes.
    by_code: BTreeSet<String>,
}

/// The settings of one document, and the profile that it is for.
struct Document {
    profile: Option<String>,
    values: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the files in folders of resources.
    pub(crate) fn read(
        resources: &[RepoPath],
        words: &[String],
        environment: &Environment,
        sources: &Sources<'_>,
    ) -> Self {
        let mut settings = Self { environment: environment.clone(), ..Self::default() };
        for word in words.iter().flat_map(|word| word.split_whitespace()) {
            let pair = word
                .strip_prefix("--")
                .or_else(|| word.strip_prefix("-D"))
                .and_then(|pair| pair.split_once('='));
            if let Some((key, value)) = pair {
                settings.given.insert(canonical(key), value.trim_matches(['"', '\'']).to_owned());
            }
        }
        let mut documents = Vec::new();
        for folder in resources.iter().rev() {
            for place in ["", "config/"] {
                // What is written as properties goes over what is written as YAML.
                for extension in ["yml", "yaml", "properties"] {
                    match documents_in(folder, place, extension, sources) {
                        Some(found) => documents.extend(found),
                        None => settings.may_be_more = true,
                    }
                }
            }
        }
        let in_files = documents.iter().filter(|document| document.profile.is_none());
        for document in in_files {
            settings.common.extend(document.values.clone());
        }
        let values = documents.iter().flat_map(|document| document.values.values());
        settings.may_be_more |= values.clone().any(|value| ELSEWHERE.iter().any(|from| value.contains(from)))
            || settings.common.keys().any(|key| key.starts_with("spring.cloud.config."));
        let active = settings.profiles();
        settings.profiles_known = active.is_some();
        for document in documents {
            let Some(profile) = &document.profile else { continue };
            if active.as_ref().is_none_or(|active| active.contains(profile)) {
                settings.by_profile.push(document.values);
            }
        }
        settings
    }

    /// The profiles that are active. `None` where that is not known.
    fn profiles(&self) -> Option<Vec<String>> {
        // Quarkus runs in production as `prod`.
        let mut active = vec!["prod-of-quarkus".to_owned()];
        let of_environment = match self.environment.get("SPRING_PROFILES_ACTIVE") {
            Variable::Set(value) => Some(value.to_owned()),
            Variable::Unset => None,
            Variable::Unknown => return None,
        };
        let written = self.given.get("spring.profiles.active").cloned().or(of_environment);
        let written = written.or_else(|| self.common.get("spring.profiles.active").cloned());
        if let Some(written) = written {
            let written = self.filled(&written, DEEPEST)?;
            active.extend(written.split(',').map(|profile| profile.trim().to_owned()));
        }
        Some(active)
    }

    /// Code sets the setting of that name.
    pub(crate) fn is_set_by_code(&mut self, key: &str) {
        if key.len() <= LONGEST_KEY {
            self.by_code.insert(canonical(key));
        }
    }

    /// What the settings are whose keys, without dashes and dots, begin and end like this.
    pub(crate) fn alike(&self, start: &str, end: &str) -> Vec<Setting> {
        let is_one = |key: &str| {
            let key = canonical(key).replace('.', "");
            key.starts_with(start) && key.ends_with(end)
        };
        let files = self.common.iter().chain(self.by_profile.iter().flatten());
        let written = files.chain(&self.given).filter(|(key, _)| is_one(key));
        let written = written.map(|(_, value)| self.filled(value, DEEPEST));
        let variables = self.environment.set().filter(|(name, _)| is_one(name));
        let variables = variables.map(|(_, value)| value.map(ToOwned::to_owned));
        let by_code = self.by_code.iter().filter(|key| is_one(key)).map(|_| None);
        let all = written.chain(variables).chain(by_code);
        all.map(|value| value.map_or(Setting::Unknown, Setting::Known)).collect()
    }

    /// Whether the command line or a variable brings settings from elsewhere.
    fn come_from_elsewhere(&self) -> bool {
        let is_given = |key: &str| {
            self.given.contains_key(&canonical(key)) || self.variable(&canonical(key)) != Variable::Unset
        };
        SOURCES.iter().any(|key| is_given(key))
    }

    /// The variable that stands for a key. Others than those that are named are taken for unset.
    fn variable(&self, key: &str) -> Variable<'_> {
        let variable = key.replace('.', "");
        let mut set = self.environment.set();
        match set.find(|(name, _)| name.replace('_', "").eq_ignore_ascii_case(&variable)) {
            Some((_, value)) => value.map_or(Variable::Unknown, Variable::Set),
            None => Variable::Unset,
        }
    }

    /// What a setting is.
    pub(crate) fn get(&self, key: &str) -> Setting {
        let key = canonical(key);
        if self.by_code.contains(&key) || self.come_from_elsewhere() {
            return Setting::Unknown;
        }
        let known = |value: &String| self.filled(value, DEEPEST).map_or(Setting::Unknown, Setting::Known);
        if let Some(value) = self.given.get(&key) {
            return known(value);
        }
        match self.variable(&key) {
            Variable::Set(value) => return Setting::Known(value.to_owned()),
            Variable::Unknown => return Setting::Unknown,
            Variable::Unset => {}
        }
        let common = self.common.get(&key);
        let mut of_profiles = self.by_profile.iter().rev().filter_map(|values| values.get(&key));
        let value = if self.profiles_known {
            of_profiles.next().or(common)
        } else if of_profiles.all(|value| Some(value) == common) {
            common
        } else {
            return Setting::Unknown;
        };
        match value {
            Some(value) => known(value),
            None if self.may_be_more => Setting::Unknown,
            None => Setting::Unset,
        }
    }

    /// A text with its placeholders filled in: `${NAME:default}`.
    pub(crate) fn fill(&self, text: &str) -> Option<String> {
        self.filled(text, DEEPEST)
    }

    fn filled(&self, text: &str, depth: usize) -> Option<String> {
        if text.len() > LONGEST {
            return None;
        }
        let Some((before, rest)) = text.split_once("${") else { return Some(text.to_owned()) };
        let depth = depth.checked_sub(1)?;
        let (inside, rest) = rest.split_at_checked(closing(rest)?)?;
        let after = rest.strip_prefix('}')?;
        let (name, default) =
            inside.split_once(':').map_or((inside, None), |(name, default)| (name, Some(default)));
        let value = match (self.environment.get(name), default) {
            (Variable::Set(value), _) => value.to_owned(),
            (Variable::Unknown, _) if is_variable(name) => return None,
            (_, default) => match self.common.get(&canonical(name)) {
                Some(value) if self.by_profile.is_empty() => self.filled(value, depth)?,
                Some(_) => return None,
                None => self.filled(default?, depth)?,
            },
        };
        Some(format!("{before}{value}{}", self.filled(after, depth)?))
    }
}

fn is_variable(name: &str) -> bool {
    !name.contains('.')
}

/// A key as all ways to write it have in common.
fn canonical(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The documents of the files in a folder that are called `application`, or `application-` and a profile. `None` where one
/// cannot be read to its end.
fn documents_in(
    folder: &RepoPath,
    place: &str,
    extension: &str,
    sources: &Sources<'_>,
) -> Option<Vec<Document>> {
    let folder = folder.join(place)?;
    let mut found = Vec::new();
    for (file, path) in sources.files_within(&folder) {
        let is_here = path.parent().as_ref() == Some(&folder) && path.extension() == Some(extension);
        let name = path.file_name().strip_suffix(extension).and_then(|name| name.strip_suffix('.'));
        let Some(name) = name.filter(|_| is_here) else { continue };
        let profile = match name.split_once('-') {
            Some(("application", profile)) => Some(profile.to_owned()),
            None if matches!(name, "application" | "bootstrap") => None,
            _ => continue,
        };
        let decoded = sources.read(file).ok()?;
        let text = &decoded.text;
        let documents = if extension == "properties" { properties(text) } else { yaml(file, text)? };
        found.extend(
            documents
                .into_iter()
                .map(|document| Document { profile: profile.clone().or(document.profile), ..document }),
        );
    }
    Some(found)
}

fn document(values: BTreeMap<String, String>) -> Document {
    let on = ["spring.config.activate.onprofile", "spring.profiles"];
    Document { profile: on.iter().find_map(|key| values.get(*key).cloned()), values }
}

fn properties(text: &str) -> Vec<Document> {
    let mut found = Vec::new();
    let mut values = BTreeMap::new();
    let mut of_production = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("#---") || line.starts_with("!---") {
            found.push(document(std::mem::take(&mut values)));
        }
        let pair = line.split_once(['=', ':']).filter(|_| !line.starts_with(['#', '!']));
        let Some((key, value)) = pair else { continue };
        let (key, value) = (key.trim(), value.trim().to_owned());
        match key.strip_prefix("%prod.") {
            Some(key) => of_production.insert(canonical(key), value),
            None if key.starts_with('%') => None,
            None => values.insert(canonical(key), value),
        };
    }
    found.push(document(values));
    found.push(Document { profile: Some("prod-of-quarkus".to_owned()), values: of_production });
    found
}

/// The documents of a file. `None` where it is not written as YAML, as one is not that Maven fills in.
fn yaml(file: FileId, text: &str) -> Option<Vec<Document>> {
    let (tree, problems) = parse_tree(&Embedded::whole(file, text));
    let documents = tree.documents().map(|root| {
        let mut values = BTreeMap::new();
        let mut pending = vec![(String::new(), root)];
        while let Some((key, node)) = pending.pop() {
            if node.is_mapping() {
                pending
                    .extend(node.entries().into_iter().filter_map(|(name, value)| below(&key, name, value)));
            } else if let Some(value) = node.as_str() {
                values.insert(key, value.to_owned());
            }
        }
        document(values)
    });
    problems.is_empty().then(|| documents.collect())
}

/// The key of a node within a mapping.
fn below<'y>(key: &str, name: Node<'y>, value: Node<'y>) -> Option<(String, Node<'y>)> {
    let name = canonical(name.as_str()?);
    let key = if key.is_empty() { name } else { format!("{key}.{name}") };
    (key.len() <= LONGEST_KEY).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    /// `server.servlet.context-path` of a program with these files, words and variables.
    fn path(files: &[(&str, &str)], words: &[&str], variables: Option<&[(&str, &str)]>) -> Setting {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
        let environment =
            variables.map_or_else(Environment::unknown, |set| Environment::of(set.iter().map(owned)));
        let settings = Settings::read(&[RepoPath::root()], &words, &environment, &sources);
        settings.get("server.servlet.context-path")
    }

    #[test]
    fn files_variables_and_flags_say_what_a_setting_is() {
        let known = |value: &str| Setting::Known(value.to_owned());
        let properties = ("application.properties", "server.servlet.context-path = /a\n");
        let yaml = ("application.yml", "server:\n  servlet.contextPath: /b\n");
        let of_docker = ("application-docker.yml", "server: {servlet: {context-path: /d}}\n");
        let filled = ("application.yml", "server.servlet.context-path: ${BASE:/e}/v1\n");
        let documents = (
            "application.yml",
            "server.servlet.context-path: /f\n---\nspring.config.activate.on-profile: prod\nserver.servlet.context-path: /g\n",
        );
        assert_eq!(path(&[], &[], Some(&[])), Setting::Unset);
        assert_eq!(path(&[properties, yaml], &[], Some(&[])), known("/a"));
        assert_eq!(path(&[yaml], &["-Dserver.servlet.context-path=/c"], Some(&[])), known("/c"));
        assert_eq!(path(&[yaml], &[], Some(&[("SERVER_SERVLET_CONTEXT_PATH", "/c")])), known("/c"));
        assert_eq!(path(&[yaml, of_docker], &[], Some(&[])), known("/b"));
        assert_eq!(path(&[yaml, of_docker], &["-Dspring.profiles.active=docker"], Some(&[])), known("/d"));
        assert_eq!(
            path(&[yaml, of_docker], &[], Some(&[("SPRING_PROFILES_ACTIVE", "x,docker")])),
            known("/d")
        );
        assert_eq!(path(&[documents], &[], Some(&[])), known("/f"));
        assert_eq!(path(&[documents], &["--spring.profiles.active=prod"], Some(&[])), known("/g"));
        assert_eq!(path(&[filled], &[], Some(&[])), known("/e/v1"));
        assert_eq!(path(&[filled], &[], Some(&[("BASE", "/h")])), known("/h/v1"));
    }

    #[test]
    fn what_something_else_decides_is_not_known() {
        let yaml = ("application.yml", "server:\n  servlet.contextPath: /b\n");
        let of_docker = ("application-docker.yml", "server: {servlet: {context-path: /d}}\n");
        let filled = ("application.yml", "server.servlet.context-path: ${BASE:/e}\n");
        let empty = ("application.yml", "server.servlet.context-path: ${BASE}\n");
        let imported = ("application.yml", "spring.config.import: 'optional:configserver:'\n");
        assert_eq!(path(&[yaml, of_docker], &[], None), Setting::Unknown);
        assert_eq!(path(&[yaml], &[], None), Setting::Known("/b".to_owned()));
        assert_eq!(path(&[filled], &[], None), Setting::Unknown);
        assert_eq!(path(&[empty], &[], Some(&[])), Setting::Unknown);
        assert_eq!(path(&[imported], &[], Some(&[])), Setting::Unknown);
        let broken =
            ("application.yml", "app:\n  version: @project.version@\nserver.servlet.context-path: /b\n");
        assert_eq!(path(&[broken], &[], Some(&[])), Setting::Unknown);
    }
}
