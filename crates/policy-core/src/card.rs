//! A rule's card: what it finds, why that breaks a deployment, and examples that are run as tests.

use policy_text::source::RepoPath;
use serde::Deserialize;

use crate::finding::Severity;
use crate::rule_id::RuleId;

/// The explanation of one rule, read from its Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The rule's id.
    pub id: RuleId,
    /// The facts in the front matter.
    pub facts: Facts,
    /// The Markdown after the front matter.
    pub body: String,
}

/// A card's front matter. Unknown keys are rejected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// What the rule finds, in one sentence.
    pub summary: String,
    /// How much a finding matters where the settings do not say otherwise.
    pub severity: Severity,
    /// The version that brought the rule.
    pub since: String,
    /// Whether the rule runs without being asked for.
    pub default: bool,
    /// Pages that back what the card says.
    pub references: Vec<String>,
    /// The incident or the source that the rule comes from.
    pub source: String,
    /// Whether some findings offer a fix.
    #[serde(default)]
    pub fixable: bool,
}

/// Which of a card's examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examples {
    /// Those that the rule must find fault with.
    Bad,
    /// Those that it must be quiet about.
    Good,
}

/// A small tree of files from a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The heading above it; empty where a section holds only one example.
    pub name: String,
    /// Its files.
    pub files: Vec<ExampleFile>,
}

/// One fenced block of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Where the file lies in the example's tree.
    pub path: RepoPath,
    /// Its contents.
    pub text: String,
    /// Whether it can be read: the word `unreadable` after the fence says that it cannot.
    pub readable: bool,
}

/// Why a card is no card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The text does not begin with a `+++` line, or the second one is missing.
    #[error("the card of `{0}` has no front matter between two `+++` lines")]
    NoFrontMatter(RuleId),
    /// The front matter is not what it has to be.
    #[error("the front matter of the card of `{0}`: {1}")]
    FrontMatter(RuleId, String),
}

impl Card {
    /// Reads the card of the rule `id`.
    pub fn parse(id: RuleId, markdown: &str) -> Result<Self, CardError> {
        let no_front_matter = || CardError::NoFrontMatter(id);
        let (front, body) = markdown
            .strip_prefix("+++\n")
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or_else(no_front_matter)?;
        let facts = toml::from_str(front).map_err(|error| CardError::FrontMatter(id, error.to_string()))?;
        Ok(Self { id, facts, body: body.trim_start().to_owned() })
    }

    /// The text of the section headed `## heading`, without the heading. Empty where there is none.
    pub fn section(&self, heading: &str) -> &str {
        let mut start = None;
        for (offset, line) in unfenced_lines(&self.body) {
            match (start, line.strip_prefix("## ")) {
                (None, Some(title)) if title.trim() == heading => start = Some(offset + line.len()),
                (Some(start), Some(_)) => return self.body.get(start..offset).unwrap_or_default().trim(),
                _ => {}
            }
        }
        start.and_then(|start| self.body.get(start..)).unwrap_or_default().trim()
    }

    /// The examples of a section: its fenced blocks that carry a path, parted by `###` headings.
    pub fn examples(&self, which: Examples) -> Vec<Example> {
        let section = self.section(match which {
            Examples::Bad => "Bad",
            Examples::Good => "Good",
        });
        let mut examples = vec![Example { name: String::new(), files: Vec::new() }];
        let mut open: Option<(String, ExampleFile)> = None;
        for line in section.lines() {
            match &mut open {
                Some((fence, file)) => {
                    if line.trim_end() == fence {
                        let (_, file) = open.take().unwrap_or_default();
                        if let Some(example) = examples.last_mut() {
                            example.files.push(file);
                        }
                    } else {
                        file.text.push_str(line);
                        file.text.push('\n');
                    }
                }
                None if line.starts_with("```") => {
                    let fence: String = line.chars().take_while(|&character| character == '`').collect();
                    let path = line.split_whitespace().find_map(|word| word.strip_prefix("path="));
                    if let Some(path) = path.and_then(RepoPath::new) {
                        let readable = !line.split_whitespace().any(|word| word == "unreadable");
                        open = Some((fence, ExampleFile { path, text: String::new(), readable }));
                    }
                }
                None => {
                    if let Some(name) = line.strip_prefix("### ") {
                        examples.push(Example { name: name.trim().to_owned(), files: Vec::new() });
                    }
                }
            }
        }
        examples.retain(|example| !example.files.is_empty());
        examples
    }
}

impl Default for ExampleFile {
    fn default() -> Self {
        Self { path: RepoPath::root(), text: String::new(), readable: true }
    }
}

/// The lines that lie outside fenced blocks, with their offsets.
fn unfenced_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    let mut fence: Option<usize> = None;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = offset;
        offset += line.len();
        let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
        match fence {
            Some(opened) if ticks >= opened => fence = None,
            None if ticks >= 3 => fence = Some(ticks),
            None => return Some((start, line)),
            Some(_) => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use policy_text::Family;

    use super::*;

    const ID: RuleId = RuleId::new(Family::Image, "latest-tag");

    const CARD: &str = r#"+++
summary = "a tag that moves"
severity = "error"
since = "0.1.0"
default = true
references = []
source = "an incident"
+++

## What

Text.

## Bad

### With compose

```yaml path=compose.yaml
# ## not a heading
image: a
```

### With two files

```hcl path=main.tf
x = 1
```
```text
no path: an illustration
```
```hcl path=b/main.tf
```

## Good
"#;

    #[test]
    fn sections_and_examples_are_found() {
        let card = Card::parse(ID, CARD).unwrap();
        assert_eq!(card.section("What"), "Text.");
        assert_eq!(card.section("Good"), "");
        let bad = card.examples(Examples::Bad);
        let names: Vec<_> = bad.iter().map(|example| (example.name.as_str(), example.files.len())).collect();
        assert_eq!(names, [("With compose", 1), ("With two files", 2)]);
        assert_eq!(bad[0].files[0].text, "# ## not a heading\nimage: a\n");
        assert!(card.examples(Examples::Good).is_empty());
    }

    #[test]
    fn a_misspelt_fact_is_refused_by_name() {
        let error = Card::parse(ID, &CARD.replace("since", "sinse")).unwrap_err();
        assert!(error.to_string().contains("sinse"), "{error}");
        assert!(matches!(Card::parse(ID, "## What"), Err(CardError::NoFrontMatter(_))));
    }
}
