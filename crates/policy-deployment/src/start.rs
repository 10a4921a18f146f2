//! What a container starts: from its words, or those of its image, through shells and scripts to the commands that run.

use std::borrow::Cow;

use policy_docker::layout::Layout;
use policy_http::environment::{Environment, Variable};
use policy_shell::launcher::launched;
use policy_shell::resolve::{Command, State, Word, run};
use policy_shell::{parse, variable};
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, Sources, Span};
use policy_text::value::{Origin, Text};

use crate::model::built_image::{FinalStage, Start};
use crate::model::setting::Setting;
use crate::model::task_definition::Words;

/// The most scripts that start one another.
const MAX_DEPTH: usize = 4;

/// The shells that run a script.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// Programs that leave the shell at once and go on beside what comes after them, each with the words that make them do so.
/// Without words they do unless they are told to stay.
const DAEMONS: [(&str, &[&str]); 12] = [
    ("apache2ctl", &["start"]),
    ("apachectl", &["start"]),
    ("caddy", &["start"]),
    ("cron", &[]),
    ("crond", &[]),
    ("haproxy", &["-D"]),
    ("nginx", &[]),
    ("php-fpm", &["-D", "--daemonize"]),
    ("rc-service", &["start"]),
    ("service", &["start"]),
    ("sshd", &[]),
    ("supervisord", &[]),
];

/// Flags by which any program goes to the background.
const TO_BACKGROUND: [&str; 3] = ["--daemon", "--daemonize", "--background"];

/// Words by which a program stays that would go to the background.
const STAYS: [&str; 4] = ["daemon off", "-f", "--nodaemon", "-n"];

/// Where a container runs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    /// Where its image has what.
    pub(crate) layout: &'p Layout,
    /// What its variables are set to.
    pub(crate) environment: &'p Environment,
    /// The files of the repository.
    pub(crate) sources: &'p Sources<'p>,
}

/// The commands that a container comes to.
#[derive(Default)]
pub(crate) struct Followed {
    /// The commands, in the order in which they run.
    pub(crate) commands: Vec<Command>,
    /// Whether there may be others, because not all of it was understood.
    pub(crate) is_partial: bool,
    /// Whether some may run beside the last one.
    pub(crate) runs_beside: bool,
}

/// The words that a container starts with this entry point and command of its own. `None` where they are not known.
pub(crate) fn words(
    entry_point: &Setting<Words>,
    command: &Setting<Words>,
    stage: &FinalStage,
) -> Option<Vec<Word>> {
    let own = |start: &Option<Start>| start.as_ref().map(of_image).unwrap_or_default();
    let mut words = match entry_point {
        Setting::Known(words, _) => of_words(words),
        Setting::Unset => own(&stage.entry_point),
        Setting::Unknown(..) => return None,
    };
    let given = match command {
        Setting::Known(words, _) => of_words(words),
        // What the image gives to its own entry point is nothing for another one.
        Setting::Unset if !entry_point.is_set() => own(&stage.command),
        Setting::Unset => Vec::new(),
        Setting::Unknown(..) => return None,
    };
    // A shell takes no more than its text.
    let is_shell = !entry_point.is_set() && stage.entry_point.as_ref().is_some_and(|start| start.in_shell);
    if !is_shell {
        words.extend(given);
    }
    Some(words)
}

fn of_words(words: &Words) -> Vec<Word> {
    words.iter().map(|(text, at)| Word { values: vec![text.clone()], at: *at }).collect()
}

/// The words of an instruction; those of a shell's text begin with the shell.
fn of_image(start: &Start) -> Vec<Word> {
    let shell = |text: &str| Word { values: vec![Text::literal(text, start.at)], at: start.at };
    let before = if start.in_shell { vec![shell("sh"), shell("-c")] } else { Vec::new() };
    before.into_iter().chain(of_words(&start.words)).collect()
}

/// The variables of any container of an image: it may be given others, and other values.
pub(crate) fn environment(stage: &FinalStage) -> Environment {
    let of_image = stage.environment.iter();
    Environment::of(of_image.map(|(name, value)| (name.clone(), value.known().map(Cow::into_owned))))
        .with_others()
}

/// The commands that `words` come to.
pub(crate) fn follow(words: &[Word], place: Place<'_>) -> Followed {
    let mut followed = Followed::default();
    if let Some(at) = whole(words) {
        place.command(&Command::of_words(words.to_vec(), None, at), 0, &mut followed);
    }
    followed.with_daemons()
}

/// The commands that a text of shell comes to.
pub(crate) fn follow_text(text: &Embedded, place: Place<'_>) -> Followed {
    let mut followed = Followed::default();
    place.text(text, None, 0, &mut followed);
    followed.with_daemons()
}

/// The text of a word with its places, where it is written as it is read.
pub(crate) fn embedded(word: &Word) -> Option<Embedded> {
    let text = word.known()?;
    let mut embedded = Embedded::new(word.at.file);
    embedded.push_for(&text, word.at);
    Some(embedded)
}

impl Followed {
    /// The same, where programs that go to the background run beside the last one.
    fn with_daemons(mut self) -> Self {
        let before = self.commands.split_last().map(|(_, before)| before).unwrap_or_default();
        self.runs_beside |= before.iter().any(goes_to_background);
        self
    }
}

fn goes_to_background(command: &Command) -> bool {
    let Some((first, rest)) = command.words.split_first() else { return false };
    let says = |words: &[&str]| {
        let mut said = rest.iter().filter_map(Word::known);
        said.any(|own| words.iter().any(|word| own == *word || word.contains(' ') && own.contains(word)))
    };
    let is_script = first.known().is_some_and(|path| path.starts_with("/etc/init.d/"));
    let program = first.program().unwrap_or_default();
    let daemon = DAEMONS.iter().find(|(name, _)| *name == program);
    is_script && says(&["start"])
        || says(&TO_BACKGROUND)
        || daemon.is_some_and(|(_, words)| if words.is_empty() { !says(&STAYS) } else { says(words) })
}

/// The place of a command, from its first word to the last that stands in the same file. `None` without words.
fn whole(words: &[Word]) -> Option<Span> {
    words.iter().map(|word| word.at).reduce(|all, at| if all.file == at.file { all.to(at) } else { all })
}

impl Place<'_> {
    fn command(self, command: &Command, depth: usize, found: &mut Followed) {
        let Some((first, rest)) = command.words.split_first() else { return };
        let name = first.known().unwrap_or_default();
        let program = first.program().unwrap_or_default();
        let program = program.as_str();
        if depth > MAX_DEPTH {
            found.is_partial = true;
        } else if SHELLS.contains(&program) {
            let is_text =
                |word: &Word| word.known().is_some_and(|word| word.starts_with('-') && word.ends_with('c'));
            if let Some(flag) = rest.iter().position(is_text) {
                match rest.get(flag + 1).and_then(embedded) {
                    Some(text) => self.text(&text, None, depth, found),
                    None => found.is_partial = true,
                }
                return;
            }
            let is_flag = |word: &Word| word.known().is_some_and(|word| word.starts_with('-'));
            let flags = rest.iter().take_while(|word| is_flag(word)).count();
            let script = rest.get(flags..).and_then(|words| words.split_first());
            let script = script.and_then(|(name, rest)| Some((name.known()?, rest)));
            match script.and_then(|(name, rest)| Some((self.layout.file(&name, self.sources)?, rest))) {
                Some((file, rest)) => self.file(file, rest, depth, found),
                None => found.is_partial = true,
            }
        } else if matches!(program, "." | "source") {
            // What is read into the shell may set anything, but for what only finds the programs of a folder.
            found.is_partial |= rest.first().and_then(Word::program).is_none_or(|file| file != "activate");
        } else if let Some(text) = self.script(&name) {
            self.text(&text, Some(rest), depth, found);
        } else if let Some(behind) = launched(&command.words) {
            self.given(command, behind, depth + 1, found);
        } else {
            found.commands.push(command.clone());
        }
    }

    /// Follows `words` in the place of those of `command`, which hands on to them.
    fn given(self, command: &Command, words: &[Word], depth: usize, found: &mut Followed) {
        if let Some(at) = whole(words) {
            self.command(&Command { words: words.to_vec(), at, ..command.clone() }, depth, found);
        }
    }

    /// The script of shell that the image has at a path.
    fn script(self, name: &str) -> Option<Embedded> {
        let file = name.contains(['/', '.']).then(|| self.layout.file(name, self.sources))??;
        let text = self.sources.read(file).ok()?.text;
        let first = text.lines().next().unwrap_or_default();
        let extension = self.sources.path(file).extension();
        let is_shell = match first.strip_prefix("#!") {
            Some(program) => SHELLS.iter().any(|shell| program.trim_end().ends_with(shell)),
            None => extension == Some("sh"),
        };
        is_shell.then(|| Embedded::whole(file, &text))
    }

    fn file(self, file: FileId, arguments: &[Word], depth: usize, found: &mut Followed) {
        match self.sources.read(file) {
            Ok(decoded) => self.text(&Embedded::whole(file, &decoded.text), Some(arguments), depth, found),
            Err(_) => found.is_partial = true,
        }
    }

    /// `arguments` are those of a script in a file.
    fn text(self, text: &Embedded, arguments: Option<&[Word]>, depth: usize, found: &mut Followed) {
        // What runs beside the last process may listen as well.
        found.runs_beside |= text.as_str().lines().any(|line| {
            let line = line.trim_end();
            line.ends_with('&') && !line.ends_with("&&") || line.contains(" & ")
        });
        let Ok(script) = parse::read(text.clone()) else {
            found.is_partial = true;
            return;
        };
        let ran = run(&script, self.state(text));
        found.is_partial |= ran.cut_off;
        for command in ran.commands.iter().filter(|command| !command.substituted) {
            let written = text.as_str().get(command.at.range()).unwrap_or_default();
            match arguments {
                Some(arguments) if written.trim_start_matches("exec ").trim() == "\"$@\"" => {
                    self.given(command, arguments, depth + 1, found);
                }
                _ => self.command(command, depth + 1, found),
            }
        }
    }

    /// The variables that a script uses.
    fn state(self, text: &Embedded) -> State {
        let mut state = State::default();
        for name in variable::names(text.as_str()) {
            match self.environment.get(name) {
                Variable::Set(value) => {
                    state.set(name, vec![Text::literal(value, Span::start_of(text.file()))]);
                }
                Variable::Unset if has_default(text.as_str(), name) => state.set(name, vec![Text::empty()]),
                Variable::Unset => {}
                Variable::Unknown => {
                    let unknown = Origin::Other("the container gives it".into());
                    state.set(name, vec![Text::hole(unknown, Span::start_of(text.file()))]);
                }
            }
        }
        state
    }
}

/// Whether a script says what to take where the variable is not set. Whoever runs the container may set the others.
fn has_default(text: &str, name: &str) -> bool {
    [":-", "-", ":=", "="].iter().any(|operator| text.contains(&format!("${{{name}{operator}")))
}
