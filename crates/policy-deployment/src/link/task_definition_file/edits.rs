//! Commands that put another image into a file before it is registered.

use std::collections::HashSet;

use policy_shell::variable;

/// Programs that may read a file as well as change it: they change the image where they speak of it.
const QUERIES: [&str; 2] = ["jq", "yq"];

/// Programs of a language of their own, which can open a file by themselves.
const LANGUAGES: [&str; 2] = ["perl", "python"];

/// Words of a query that show that it writes a file, or that what it does stands elsewhere.
const WRITES: [&str; 4] = ["image", "containerDefinitions", "--from-file", "-f "];

/// What scripts and pipelines do to a file.
pub(super) struct Edits {
    /// The commands that speak of it, or of a variable that was set by one that does.
    commands: Vec<String>,
    /// Whether it stands in a text that runs a language of its own.
    may_be_any: bool,
}

impl Edits {
    /// What `texts` do to the file called `name`.
    pub(super) fn of<'t>(name: &str, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut edits = Self { commands: Vec::new(), may_be_any: false };
        for text in texts.filter(|text| text.contains(name)) {
            edits.may_be_any |= LANGUAGES.iter().any(|language| has_word(text, language));
            let mut variables: HashSet<String> = HashSet::new();
            for statement in statements(text) {
                if statement.contains(name)
                    || variable::names(&statement).any(|used| variables.contains(used))
                {
                    variables.extend(assigned(&statement));
                    edits.commands.push(statement);
                }
            }
        }
        edits
    }

    /// Whether they may change an image whose last part and tag are `tagged`.
    pub(super) fn may_change(&self, tagged: &str) -> bool {
        self.may_be_any || self.commands.iter().any(|command| changes(command, tagged))
    }
}

/// The commands of a script: a line goes on after a backslash and within quotes.
fn statements(script: &str) -> Vec<String> {
    let mut statements = vec![String::new()];
    let mut quote = None;
    let mut characters = script.chars();
    while let Some(character) = characters.next() {
        let Some(last) = statements.last_mut() else { break };
        match character {
            '\\' if quote != Some('\'') => match characters.next() {
                Some('\n') => last.push(' '),
                Some(escaped) => last.extend([character, escaped]),
                None => {}
            },
            '\n' if quote.is_none() => statements.push(String::new()),
            '\'' | '"' => {
                if quote == Some(character) {
                    quote = None;
                } else if quote.is_none() {
                    quote = Some(character);
                }
                last.push(character);
            }
            other => last.push(other),
        }
    }
    statements
}

/// The variable that a statement sets.
fn assigned(statement: &str) -> Option<String> {
    let mut words = statement.split_whitespace();
    let assignment = words.find(|word| !matches!(*word, "export" | "local" | "readonly"))?;
    let (name, _) = assignment.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

fn changes(statement: &str, tagged: &str) -> bool {
    has_word(statement, "envsubst")
        || has_word(statement, "render")
        || QUERIES.iter().any(|query| has_word(statement, query))
            && WRITES.iter().any(|word| statement.contains(word))
        || has_word(statement, "sed") && !spares(statement, tagged)
}

/// Whether all that `sed` replaces is plain text that `tagged` does not hold.
fn spares(statement: &str, tagged: &str) -> bool {
    let mut replaced = replacements(statement).peekable();
    replaced.peek().is_some()
        && replaced.all(|pattern| {
            let is_plain = pattern.is_some_and(|pattern| {
                !pattern.is_empty() && !pattern.contains(|c: char| "*.[]^$\\+?(){}|\"'".contains(c))
            });
            is_plain && pattern.is_some_and(|pattern| !tagged.contains(pattern) && !pattern.contains(':'))
        })
}

/// The pattern of each word that `sed` is given, `s/pattern/…/`; `None` for another command.
fn replacements(statement: &str) -> impl Iterator<Item = Option<&str>> {
    let after = statement.split_once("sed").map_or("", |(_, after)| after);
    let words = after.split(['"', '\'', ' ']).filter(|word| word.len() > 1 && !word.starts_with('-'));
    words.filter(|word| word.starts_with('s') && !word.contains(".json")).map(|word| {
        let delimiter = word.chars().nth(1).filter(char::is_ascii_punctuation)?;
        word.get(2..)?.split(delimiter).next()
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|own| own == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_edited(script: &str, expected: bool) {
        let edits = Edits::of("task.json", std::iter::once(script));
        assert_eq!(edits.may_change("web:latest"), expected, "{script}");
    }

    #[test]
    fn what_changes_the_image_of_the_file_edits_it() {
        for script in [
            "jq '.containerDefinitions[0].image = $I' ecs/task.json > new.json",
            "jq --arg I \"$I\" '\n  .containerDefinitions[0].image = $I\n' task.json > new.json",
            "FILE=ecs/task.json\njq --arg I $I '.x.image = $I' \"$FILE\"",
            "TASK=$(cat task.json)\necho \"${TASK}\" | sed \"s|latest|$TAG|\"",
            "sed -i s/latest/$TAG/ task.json",
            "sed -i 's/web:.*/web:1/' task.json",
            "sed -e \"s#$OLD#$NEW#\" task.json",
            "envsubst < task.json \\\n  > new.json",
            "python - <<EOF\nopen('task.json')\nEOF",
            "ecs-render task.json",
        ] {
            assert_edited(script, true);
        }
    }

    #[test]
    fn what_changes_something_else_does_not() {
        for script in [
            "aws ecs register-task-definition --cli-input-json file://task.json",
            "jq -r .family task.json",
            "aws ecs register-task-definition --cli-input-json file://task.json\njq .image other.json",
            "sed -i s/ACCOUNT/$ACCOUNT/ task.json",
            "sed -i \"s|REGION|$REGION|g\" task.json",
            "sed -i s/latest/1/ other.yaml\ncat task.json",
        ] {
            assert_edited(script, false);
        }
    }
}
