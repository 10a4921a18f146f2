//! Commands that put another image into a file before it is registered.

use std::cell::OnceCell;
use std::collections::HashSet;

use policy_shell::parse;
use policy_shell::resolve::{Command, Input, Run, State, Word, run};
use policy_text::embedded::Embedded;
use policy_text::source::FileId;
use policy_text::value::{Origin, Text};

/// Programs that may read a file as well as change it: they change the image where they speak of it.
const QUERIES: [&str; 2] = ["jq", "yq"];

/// Programs of a language of their own, which can open a file by themselves.
const LANGUAGES: [&str; 5] = ["node", "perl", "python", "python3", "ruby"];

/// What the files of those languages end with.
const EXTENSIONS: [&str; 5] = [".js", ".mjs", ".pl", ".py", ".rb"];

/// Words of a query that show that it writes a file, or that what it does stands elsewhere.
const WRITES: [&str; 3] = ["image", "containerDefinitions", "--from-file"];

/// The scripts and pipelines of a tree, each run at most once, however many files they name.
pub(super) struct Scripts<'t> {
    texts: Vec<(&'t str, OnceCell<Option<Vec<Told>>>)>,
    /// Nobody asks where commands stand, so all of them may stand in this file.
    file: FileId,
}

/// A command, with what it is looked through for.
struct Told {
    command: Command,
    /// All that its words and its input can be.
    says: String,
    /// The programs whose output it is given.
    given_by: HashSet<String>,
    runs_file_of_language: bool,
}

impl<'t> Scripts<'t> {
    pub(super) fn new(file: FileId, texts: impl Iterator<Item = &'t str>) -> Self {
        Self { texts: texts.map(|text| (text, OnceCell::new())).collect(), file }
    }

    /// The commands of those that name `name`. `None` for one of which they are not known.
    fn naming(&self, name: &str) -> impl Iterator<Item = Option<&[Told]>> {
        let named = self.texts.iter().filter(move |(text, _)| text.contains(name));
        named.map(|(text, commands)| {
            let commands = commands.get_or_init(|| {
                match parse::read(Embedded::whole(self.file, text))
                    .map(|script| run(&script, State::default()))
                {
                    Ok(Run { commands, cut_off: false, .. }) => {
                        Some(commands.into_iter().map(Told::of).collect())
                    }
                    _ => None,
                }
            });
            commands.as_deref()
        })
    }
}

impl Told {
    fn of(command: Command) -> Self {
        let (mut says, mut given_by) = (String::new(), HashSet::new());
        let mut is_told = |value: &Text| {
            given_by.extend(value.holes().filter_map(|hole| match &hole.origin {
                Origin::Output { command, .. } => Some(command.to_string()),
                _ => None,
            }));
        };
        let mut words: Vec<&Word> = command.words.iter().collect();
        match &command.input {
            Some(Input::File(word) | Input::Text(word)) => words.push(word),
            Some(Input::Document(document)) => {
                document.placeholders.iter().flatten().for_each(&mut is_told);
                says += document.text.as_str();
            }
            None => {}
        }
        for value in words.into_iter().flat_map(|word| &word.values) {
            is_told(value);
            // No name of a file has a line end in it.
            says = says + "\n" + &value.to_string();
        }
        let runs_file_of_language = runs_file_of_language(&command);
        Self { command, says, given_by, runs_file_of_language }
    }
}

/// What scripts and pipelines do to a file.
pub(super) struct Edits<'t> {
    /// The commands that speak of it, or read what one that does wrote.
    commands: Vec<&'t Command>,
    /// Whether some of what they do is not known.
    may_be_any: bool,
}

impl<'t> Edits<'t> {
    /// What those of `scripts` that name the file called `name` do to it.
    pub(super) fn of(name: &str, scripts: &'t Scripts<'_>) -> Self {
        let mut edits = Self { commands: Vec::new(), may_be_any: false };
        for commands in scripts.naming(name) {
            match commands {
                Some(commands) => edits.add(name, commands),
                None => edits.may_be_any = true,
            }
        }
        edits
    }

    fn add(&mut self, name: &str, commands: &'t [Told]) {
        // Programs whose output holds what stands in the file, and whether the next command is given such.
        let mut tellers: HashSet<String> = HashSet::new();
        let mut is_given = false;
        for Told { command, says, given_by, runs_file_of_language } in commands {
            self.may_be_any |= runs_file_of_language;
            if is_given || says.contains(name) || !tellers.is_disjoint(given_by) {
                is_given = command.piped;
                if command.substituted {
                    tellers.insert(command.name());
                }
                self.commands.push(command);
            }
        }
    }

    /// Whether they may change an image whose last part and tag are `tagged`.
    pub(super) fn may_change(&self, tagged: &str) -> bool {
        self.may_be_any || self.commands.iter().any(|command| changes(command, tagged))
    }
}

/// Whether one of `programs` runs, by itself or through another program.
fn runs(command: &Command, programs: &[&str]) -> bool {
    command.words.iter().filter_map(Word::program).any(|program| programs.contains(&&*program))
}

/// Whether a file in a language of its own is run: which files that opens is not followed.
fn runs_file_of_language(command: &Command) -> bool {
    runs(command, &LANGUAGES)
        && words(command).any(|word| EXTENSIONS.iter().any(|extension| word.ends_with(extension)))
}

fn changes(command: &Command, tagged: &str) -> bool {
    let says = |said: &str| words(command).any(|word| word.contains(said));
    runs(command, &["envsubst"])
        || runs(command, &LANGUAGES)
        || words(command).any(|word| has_part(&word, "render"))
        || runs(command, &QUERIES)
            && (WRITES.iter().any(|word| says(word)) || words(command).any(|word| word == "-f"))
        || runs(command, &["awk"]) && says("sub(")
        || runs(command, &["sed"]) && !spares(command, tagged)
}

/// Whether all that `sed` replaces is plain text that `tagged` does not hold.
fn spares(command: &Command, tagged: &str) -> bool {
    let mut replaced = words(command).filter_map(|word| replaced(&word).map(ToOwned::to_owned)).peekable();
    replaced.peek().is_some()
        && replaced.all(|pattern| {
            let is_plain =
                !pattern.is_empty() && !pattern.contains(|c: char| "*[]^$\\+?(){}|\"':".contains(c));
            is_plain && !matches(&pattern, tagged)
        })
}

/// Whether `text` has a part that fits `pattern`, in which a dot stands for any character.
fn matches(pattern: &str, text: &str) -> bool {
    let fits =
        |part: &[u8]| part.iter().zip(pattern.bytes()).all(|(own, asked)| asked == b'.' || *own == asked);
    text.as_bytes().windows(pattern.len()).any(fits)
}

/// What a word of `sed` replaces: the pattern of `s/pattern/…`.
fn replaced(word: &str) -> Option<&str> {
    let behind = word.strip_prefix('s')?;
    let delimiter = behind.chars().next().filter(char::is_ascii_punctuation)?;
    let mut parts = behind.splitn(3, delimiter).skip(1);
    let pattern = parts.next()?;
    parts.next().map(|_| pattern)
}

/// All that the words of a command can be.
fn words(command: &Command) -> impl Iterator<Item = String> {
    command.words.iter().flat_map(|word| &word.values).map(ToString::to_string)
}

fn has_part(word: &str, part: &str) -> bool {
    word.split(|c: char| !c.is_ascii_alphanumeric()).any(|own| own == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_edited(script: &str, expected: bool) {
        let scripts = Scripts::new(FileId(0), std::iter::once(script));
        let edits = Edits::of("task.json", &scripts);
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
            "sed -i 's/web.latest/web-1/' task.json",
            "sed -e \"s#$OLD#$NEW#\" task.json",
            "envsubst < task.json \\\n  > new.json",
            "python - <<EOF\nopen('task.json')\nEOF",
            "python3 -c 'import json; json.load(open(\"ecs/task.json\"))'",
            "# Writes the image into task.json.\npython ci/fill_in.py",
            "ecs-render task.json",
            "cat ecs/task.json | jq '.containerDefinitions[0].image = \"web:2\"' > new.json",
            "NEW=$(cat task.json | jq -c .)\nif true; then\n  jq '.image = env.I' <<<\"$NEW\" > new.json\nfi",
            "retry() { \"$@\"; }\nretry sed -i s/latest/$TAG/ task.json",
            "sed -i '2d' task.json",
            "awk '{ gsub(/latest/, tag) } 1' tag=$TAG task.json > new.json",
            "for (( task.json",
        ] {
            assert_edited(script, true);
        }
    }

    #[test]
    fn what_changes_something_else_does_not() {
        for script in [
            "aws ecs register-task-definition --cli-input-json file://task.json",
            "jq -r .family task.json",
            "awk '/family/ { print $2 }' task.json",
            "aws ecs register-task-definition --cli-input-json file://task.json\njq .image other.json",
            "sed -i s/ACCOUNT/$ACCOUNT/ task.json",
            "for F in task.json other.json; do\n  sed -i \"s|1.dkr.ecr.eu-west-1.amazonaws.com|$R|g\" $F\ndone",
            "sed -i \"s|REGION|$REGION|g\" task.json",
            "sed -i s/latest/1/ other.yaml\ncat task.json",
            "cat task.json\njq '.image = 1' other.json",
            "[ -f task.json ] && echo found\npython3 --version\npython -c 'print(1)'",
            "cat task.json | wc -l\nsed -i s/latest/1/ other.json | tee log",
        ] {
            assert_edited(script, false);
        }
    }
}
