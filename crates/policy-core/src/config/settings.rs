//! Validated settings: which rules run, where, and with which severities.

use policy_text::globs::{self, GlobError, Globs};
use policy_text::source::{RepoPath, SourceText};

use super::file::{ConfigFile, RuleLevels};
use super::threshold::Level;
use super::{Choice, ConfigError, Options, Selector, Threshold};
use crate::finding::Severity;
use crate::rule_id::RuleId;

/// How a check is to be done.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Facts that the repository cannot tell.
    pub options: Options,
    /// What makes a check fail.
    pub fail_on: Threshold,
    /// Which rules may run.
    pub choice: Choice,
    /// A file of known findings.
    pub baseline: Option<RepoPath>,
    exclude: Globs,
    layers: Vec<Layer>,
}

/// Levels for some paths. Later layers go before earlier ones.
#[derive(Clone, Debug)]
struct Layer {
    /// Where the levels hold. `None`: everywhere.
    paths: Option<Globs>,
    levels: Vec<(Selector, Level)>,
}

impl Settings {
    /// Reads `portcullis.toml`. `known` are the ids of all rules.
    pub fn parse(text: &str, known: &[RuleId]) -> Result<Self, ConfigError> {
        let file = ConfigFile::parse(text)?;
        let source = SourceText::new(text);
        let everywhere = Layer { paths: None, levels: levels(&source, &file.rules, known)? };
        let mut layers = vec![everywhere];
        for entry in file.overrides {
            let levels = levels(&source, &entry.rules, known)?;
            layers.push(Layer { paths: Some(entry.paths), levels });
        }
        let fail_on = file.fail_on.unwrap_or_default();
        let (options, baseline, exclude) = (file.options.unwrap_or_default(), file.baseline, file.exclude);
        Ok(Self { options, fail_on, choice: Choice::default(), baseline, exclude, layers })
    }

    /// These settings with those of the `portcullis.toml` files in folders below the root, of which each configures its
    /// folder. Deeper ones have to come later.
    pub fn with_nested<'t>(
        mut self,
        files: impl IntoIterator<Item = (&'t RepoPath, &'t str)>,
        known: &[RuleId],
    ) -> Result<Self, (RepoPath, ConfigError)> {
        for (path, text) in files {
            self.nest(path, text, known).map_err(|error| (path.clone(), error))?;
        }
        Ok(self)
    }

    fn nest(&mut self, path: &RepoPath, text: &str, known: &[RuleId]) -> Result<(), ConfigError> {
        let file = ConfigFile::parse(text)?;
        // What is the root of checks of its own may say how those are done.
        if let Some(key) = file.key_of_root().filter(|_| !file.root) {
            return Err(ConfigError::OfRoot(key));
        }
        let folder = path.parent().unwrap_or_default();
        let source = SourceText::new(text);
        let here = |globs: Vec<String>| Globs::new(globs).map_err(ConfigError::Globs);
        let everywhere = here(vec![globs::literal(&folder)])?;
        let levels_here = levels(&source, &file.rules, known)?;
        self.layers.push(Layer { paths: Some(everywhere), levels: levels_here });
        for entry in file.overrides {
            let paths = here(entry.paths.below(&folder).collect())?;
            self.layers.push(Layer { paths: Some(paths), levels: levels(&source, &entry.rules, known)? });
        }
        if !file.exclude.written().is_empty() {
            self.exclude =
                here(self.exclude.written().iter().cloned().chain(file.exclude.below(&folder)).collect())?;
        }
        Ok(())
    }

    /// These settings with more paths left out.
    pub fn without(mut self, globs: &[String]) -> Result<Self, GlobError> {
        if !globs.is_empty() {
            self.exclude = Globs::new([self.exclude.written(), globs].concat())?;
        }
        Ok(self)
    }

    /// What is left out of the check.
    pub fn exclude(&self) -> &Globs {
        &self.exclude
    }

    /// Whether findings in the file at `path`, and problems with it, are to be left out.
    pub fn excludes(&self, path: &RepoPath) -> bool {
        self.exclude.cover(path)
    }

    /// The severity of a rule's findings at `path`: the last layer that speaks of the rule, or else of its family,
    /// decides. `own` is the rule's own severity, `None` for a rule that has to be asked for.
    pub fn severity(&self, rule: RuleId, path: &RepoPath, own: Option<Severity>) -> Option<Severity> {
        self.layers
            .iter()
            .rev()
            .filter(|layer| layer.paths.as_ref().is_none_or(|paths| paths.cover(path)))
            .find_map(|layer| layer.level(rule))
            .map_or(own, Level::severity)
    }

    /// Whether a rule can have a finding anywhere. `default`: whether it runs without being asked for.
    pub fn runs(&self, rule: RuleId, default: bool) -> bool {
        let everywhere = self.layers.iter().filter(|layer| layer.paths.is_none());
        let last = everywhere.rev().find_map(|layer| layer.level(rule));
        let on_somewhere =
            self.layers.iter().filter_map(|layer| layer.level(rule)).any(|level| level != Level::Off);
        let on =
            on_somewhere || last.map_or(default || self.choice.asks_for(rule), |level| level != Level::Off);
        on && self.choice.admits(rule)
    }
}

impl Layer {
    fn level(&self, rule: RuleId) -> Option<Level> {
        let named = |wanted: Selector| {
            self.levels.iter().find(|(selector, _)| *selector == wanted).map(|&(_, level)| level)
        };
        named(Selector::Rule(rule))
            .or_else(|| named(Selector::Family(rule.family)))
            .or_else(|| named(Selector::All))
    }
}

fn levels(
    source: &SourceText,
    written: &RuleLevels,
    known: &[RuleId],
) -> Result<Vec<(Selector, Level)>, ConfigError> {
    written
        .iter()
        .map(|(name, &level)| {
            let line = source.line_of(name.span().start);
            let selector = Selector::parse(name.get_ref(), known);
            Ok((selector.map_err(|unknown| ConfigError::UnknownRule { line, unknown })?, level))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use policy_text::Family;

    use super::*;

    const LATEST: RuleId = RuleId::new(Family::Image, "latest-tag");
    const FLOATING: RuleId = RuleId::new(Family::Image, "floating-tag");
    const ROOT: RuleId = RuleId::new(Family::Docker, "runs-as-root");
    const KNOWN: [RuleId; 3] = [LATEST, FLOATING, ROOT];

    fn settings(text: &str) -> Settings {
        Settings::parse(text, &KNOWN).unwrap()
    }

    #[track_caller]
    fn assert_refused(text: &str, message: &str) {
        assert_eq!(Settings::parse(text, &KNOWN).unwrap_err().to_string(), message);
    }

    fn severity(settings: &Settings, rule: RuleId, path: &str) -> Option<Severity> {
        settings.severity(rule, &RepoPath::new(path).unwrap(), Some(Severity::Error))
    }

    #[test]
    fn a_rule_goes_before_its_family_and_a_later_override_before_all() {
        let settings = settings(
            r#"
            [rules]
            image = "note"
            "image/latest-tag" = "warning"

            [[overrides]]
            paths = ["examples/"]
            rules = { image = "off" }
            "#,
        );
        assert_eq!(severity(&settings, LATEST, "a.tf"), Some(Severity::Warning));
        assert_eq!(severity(&settings, FLOATING, "a.tf"), Some(Severity::Note));
        assert_eq!(severity(&settings, LATEST, "examples/x/a.tf"), None);
        assert_eq!(severity(&settings, ROOT, "examples/x/a.tf"), Some(Severity::Error));
    }

    #[test]
    fn a_configuration_below_the_root_speaks_of_its_folder_alone() {
        let nested = RepoPath::new("app/portcullis.toml").unwrap();
        let text = "exclude = ['vendor']\nrules = { ALL = 'off', docker = 'note' }\n\
                    [[overrides]]\npaths = ['x']\nrules = { image = 'warning' }\n";
        let settings = settings("exclude = ['old']\nrules = { image = 'note' }");
        let settings = settings.with_nested([(&nested, text)], &KNOWN).unwrap();
        assert_eq!(severity(&settings, LATEST, "a.tf"), Some(Severity::Note));
        assert_eq!(severity(&settings, LATEST, "app/a.tf"), None);
        assert_eq!(severity(&settings, LATEST, "app/x/a.tf"), Some(Severity::Warning));
        assert_eq!(severity(&settings, ROOT, "app/Dockerfile"), Some(Severity::Note));
        let excludes = |path: &str| settings.excludes(&RepoPath::new(path).unwrap());
        assert!(excludes("old/a") && excludes("app/vendor/a") && !excludes("vendor/a"));
    }

    #[test]
    fn what_is_the_roots_to_say_is_refused_elsewhere() {
        let nested = RepoPath::new("app/portcullis.toml").unwrap();
        let error = |text| Settings::default().with_nested([(&nested, text)], &KNOWN).map(drop);
        let (path, refused) = error("fail-on = 'error'").unwrap_err();
        assert_eq!(path, nested);
        let words = "`fail-on` is set for whole checks, in the root; here, `exclude`, `rules` and `overrides` are understood";
        assert_eq!(refused.to_string(), words);
        assert!(error("root = true\nfail-on = 'error'").is_ok());
    }

    #[test]
    fn a_rule_that_is_off_everywhere_does_not_run() {
        let settings = settings("rules = { docker = 'off', 'image/floating-tag' = 'warning' }");
        assert!(!settings.runs(ROOT, true));
        assert!(settings.runs(FLOATING, false));
        assert!(settings.runs(LATEST, true));
    }

    #[test]
    fn an_excluded_folder_takes_its_files_along() {
        let settings = settings("exclude = ['vendor', '*.gen.ts', 'a/**/b']");
        let excludes = |path: &str| settings.excludes(&RepoPath::new(path).unwrap());
        assert!(excludes("vendor/x/y.ts"));
        assert!(excludes("x.gen.ts"));
        assert!(!excludes("src/x.gen.ts"));
        assert!(excludes("a/x/y/b/c"));
        assert!(!excludes("vendored.ts"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_what_was_meant() {
        assert_refused("\nexlude = []", "line 2: unknown key `exlude`; did you mean `exclude`?");
        assert_refused(
            "[rules]\n'image/lastest-tag' = 'off'",
            "line 2: there is no rule or family `image/lastest-tag`; did you mean `image/latest-tag`?",
        );
        assert_refused(
            "exclude = ['a[']",
            "line 1: `a[` is not a glob: unclosed character class; missing ']'",
        );
        assert_refused(
            "[options.websocket]\nopen_ports = [1]",
            "line 2: unknown key `open_ports`; did you mean `open-ports`?",
        );
        assert!(Settings::parse("a = ", &KNOWN).is_err());
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_said_in_the_words_of_the_file() {
        assert_refused(
            "[rules]\ndocker = 'of'",
            "line 2: `of` is not one of `off`, `note`, `warning` or `error`; did you mean `off`?",
        );
        assert_refused(
            "fail-on = 'fatal'",
            "line 1: `fatal` is not one of `never`, `error`, `warning` or `note`",
        );
        assert_refused("[rules]\ndocker = 3", "line 2: expected a string, found the integer `3`");
        assert_refused("exclude = 'a'", "line 1: expected a list, found the string \"a\"");
        assert_refused("rules = ['a']", "line 1: expected a table, found a list");
        assert_refused("options = 1", "line 1: expected a table, found the integer `1`");
        assert_refused(
            "[options.websocket]\nopen-ports = [443,\n70000]",
            "line 3: expected a number from 0 to 65535, found the integer `70000`",
        );
        assert_refused(
            "[options.terraform]\nvar-files = ['values/a.tfvars', '../b.tfvars']",
            "line 2: `../b.tfvars` is absolute or leaves the root of the check",
        );
        assert_refused("\n[[overrides]]\nrules = {}", "line 2: the key `paths` is missing");
    }
}
