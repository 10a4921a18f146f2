//! What a container starts: the words of its task definition or of its image, and the commands that they run.

use policy_text::source::{Sources, Span};
use policy_text::value::Text;

use crate::model::built_image::{self, BuiltImage};
use crate::model::setting::Setting;
use crate::model::task_definition::Words;

/// A script longer than this says nothing of one program.
const LONGEST_SCRIPT: usize = 1 << 14;

/// What is started.
pub(super) struct Start {
    /// The words; none where the base of the image decides.
    pub(super) words: Vec<String>,
    /// Where they are written.
    pub(super) at: Option<Span>,
    /// Whether a shell reads the first of them.
    in_shell: bool,
}

impl Start {
    /// What a container starts that runs `image` with this entry point and command of its own, or why that is not known.
    pub(super) fn of(
        entry_point: &Setting<Words>,
        command: &Setting<Words>,
        image: &BuiltImage,
    ) -> Result<Self, String> {
        let own_entry = image.stage.entry_point.as_ref();
        // What the image gives to its own entry point is nothing for another one.
        let own_command = image.stage.command.as_ref().filter(|_| !entry_point.is_set());
        let unknown = || "nothing tells what it starts".to_owned();
        let entry = words(entry_point, own_entry).ok_or_else(unknown)?;
        let given = words(command, own_command).ok_or_else(unknown)?;
        let in_shell = if entry.is_empty() {
            !command.is_set() && own_command.is_some_and(|own| own.in_shell)
        } else {
            !entry_point.is_set() && own_entry.is_some_and(|own| own.in_shell)
        };
        let all: Vec<(Text, Span)> = entry.into_iter().chain(given).collect();
        let known = all.iter().map(|(word, _)| word.known().map(std::borrow::Cow::into_owned));
        let known: Option<Vec<String>> = known.collect();
        Ok(Self { words: known.ok_or_else(unknown)?, at: all.last().map(|(_, at)| *at), in_shell })
    }

    /// The commands that are run, the last one first: what serves comes after what prepares it.
    pub(super) fn commands(&self, image: &BuiltImage, sources: &Sources<'_>) -> Vec<Vec<String>> {
        let (text, rest) = match self.words.as_slice() {
            [text, ..] if self.in_shell => (text.clone(), Vec::new()),
            [shell, flag, text, rest @ ..]
                if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') =>
            {
                (text.clone(), rest.to_vec())
            }
            [shell, path, rest @ ..] if is_shell(shell) => match script(path, image, sources) {
                Some(text) => (text, rest.to_vec()),
                None => return Vec::new(),
            },
            [path, rest @ ..] => match script(path, image, sources) {
                Some(text) => (text, rest.to_vec()),
                None => return vec![self.words.clone()],
            },
            [] => return Vec::new(),
        };
        let mut commands = commands_of(&text);
        // A script that hands on to what it is given.
        for command in &mut commands {
            if matches!(command.as_slice(), [only] if matches!(only.as_str(), "$@" | "$*")) {
                command.clone_from(&rest);
            }
        }
        commands.reverse();
        commands
    }
}

/// The words of a task definition, or those of an image where it has none.
fn words(given: &Setting<Words>, own: Option<&built_image::Start>) -> Option<Words> {
    match given {
        Setting::Known(words, _) => Some(words.clone()),
        Setting::Unknown(..) => None,
        Setting::Unset => Some(own.map(|own| own.words.clone()).unwrap_or_default()),
    }
}

fn is_shell(program: &str) -> bool {
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"))
}

/// The text of a shell script of the image, where the tree has it.
fn script(path: &str, image: &BuiltImage, sources: &Sources<'_>) -> Option<String> {
    let layout = &image.stage.layout;
    let path = match path.strip_prefix("./").unwrap_or(path) {
        whole if whole.starts_with('/') => whole.to_owned(),
        name if !layout.work_folder.is_empty() => {
            format!("{}/{name}", layout.work_folder.trim_end_matches('/'))
        }
        _ => return None,
    };
    let file = layout.in_tree(&path).iter().find_map(|path| sources.find(path))?;
    let is_script = sources.path(file).extension().is_none_or(|extension| extension == "sh");
    let text = is_script.then(|| sources.read(file).ok())??.text;
    (text.starts_with("#!") && text.lines().next()?.contains("sh") && text.len() <= LONGEST_SCRIPT)
        .then_some(text)
}

/// The simple commands of a text of shell, in order, without `exec` and the variables that stand before them.
fn commands_of(text: &str) -> Vec<Vec<String>> {
    let mut commands: Vec<Vec<String>> = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars().peekable();
    let end_word = |word: &mut Option<String>, commands: &mut Vec<Vec<String>>| {
        if let (Some(word), Some(command)) = (word.take(), commands.last_mut()) {
            let is_variable =
                command.is_empty() && word.split_once('=').is_some_and(|(name, _)| is_name(name));
            if !(is_variable || command.is_empty() && word == "exec") {
                command.push(word);
            }
        }
    };
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(letter),
            (_, '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            (None, '"' | '\'') => {
                word.get_or_insert_default();
                quote = Some(letter);
            }
            (None, '#') if word.is_none() => while letters.next_if(|next| *next != '\n').is_some() {},
            (None, '\n' | ';' | '&' | '|' | '(' | ')') => {
                end_word(&mut word, &mut commands);
                commands.push(Vec::new());
            }
            (None, _) if letter.is_whitespace() => end_word(&mut word, &mut commands),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    end_word(&mut word, &mut commands);
    commands.retain(|command| !command.is_empty());
    commands
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_apart() {
        for (text, expected) in [
            ("uvicorn app:app --host 0.0.0.0", "uvicorn app:app --host 0.0.0.0"),
            ("alembic upgrade head && exec uvicorn app:app", "alembic upgrade head / uvicorn app:app"),
            ("#!/bin/sh\nset -e # stop\nPORT=8000 exec \"$@\"\n", "set -e / $@"),
            ("gunicorn 'app:make(1)' \\\n  -w 4", "gunicorn app:make(1) -w 4"),
        ] {
            let commands: Vec<String> = commands_of(text).iter().map(|command| command.join(" ")).collect();
            assert_eq!(commands.join(" / "), expected, "{text}");
        }
    }
}
