//! From what a container starts to the process that stays: through shells, scripts of the image and package scripts.

use policy_shell::parse;
use policy_shell::resolve::{State, Word, run};
use policy_text::embedded::Embedded;
use policy_text::json;
use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};

use super::{Surroundings, dotnet, program, spring};
use crate::model::built_image::Start;
use crate::model::server::Server;
use crate::model::setting::Setting;
use crate::model::task_definition::Words;

/// The most scripts that start one another.
const MAX_DEPTH: usize = 4;

/// The shells that run a script.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// The process of a container that starts these, or what the image starts where they are not set.
pub(super) fn follow(
    entry_point: &Setting<Words>,
    command: &Setting<Words>,
    place: &Surroundings<'_>,
) -> Option<Server> {
    let own = |start: &Option<Start>| start.as_ref().map(of_image);
    let entry = match entry_point {
        Setting::Known(words, _) => Some(of_words(words)),
        Setting::Unset => own(&place.stage.entry_point),
        Setting::Unknown(..) => return None,
    };
    let rest = match command {
        Setting::Known(words, _) => Some(of_words(words)),
        Setting::Unset if !entry_point.is_set() => own(&place.stage.command),
        Setting::Unset => None,
        Setting::Unknown(..) => return None,
    };
    let is_shell = entry_point == &Setting::Unset
        && place.stage.entry_point.as_ref().is_some_and(|start| start.in_shell);
    let mut words = entry.unwrap_or_default();
    if !is_shell {
        words.extend(rest.into_iter().flatten());
    }
    of_command(&words, place, 0)
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

fn of_command(words: &[Word], place: &Surroundings<'_>, depth: usize) -> Option<Server> {
    if depth > MAX_DEPTH {
        return None;
    }
    let at = words
        .iter()
        .map(|word| word.at)
        .reduce(|all, at| if all.file == at.file { all.to(at) } else { all })?;
    let (first, rest) = words.split_first()?;
    let name = first.known()?;
    let program = name.rsplit('/').next().unwrap_or_default();
    match program {
        "exec" | "tini" | "dumb-init" | "docker-entrypoint.sh" => {
            let behind =
                rest.iter().position(|word| word.known().is_none_or(|word| !word.starts_with('-')))?;
            return of_command(rest.get(behind..)?, place, depth + 1);
        }
        "npm" | "yarn" | "pnpm" | "bun" => return package_script(rest, place, depth),
        _ => {}
    }
    if SHELLS.contains(&program) {
        let flag = rest
            .iter()
            .position(|word| word.known().is_some_and(|word| word.starts_with('-') && word.ends_with('c')));
        if let Some(flag) = flag {
            let text = rest.get(flag + 1)?;
            return of_text(&embedded(text)?, None, place, depth);
        }
        let file = rest.iter().position(|word| word.known().is_some_and(|word| !word.starts_with('-')))?;
        return of_file(rest.get(file)?, rest.get(file + 1..)?, place, depth);
    }
    if place.script(&name).is_some() {
        return of_file(first, rest, place, depth);
    }
    match program {
        "java" => spring::server(words, at, place),
        "dotnet" => dotnet::server(words, at, place),
        _ => program::server(words, at, place),
    }
}

/// The text of a word with its places, where it is written as it is read.
fn embedded(word: &Word) -> Option<Embedded> {
    let text = word.known()?;
    let mut embedded = Embedded::new(word.at.file);
    embedded.push_for(&text, word.at);
    Some(embedded)
}

fn of_file(name: &Word, arguments: &[Word], place: &Surroundings<'_>, depth: usize) -> Option<Server> {
    let file = place.script(&name.known()?)?;
    let decoded = place.sources.read(file).ok()?;
    let first = decoded.text.lines().next().unwrap_or_default();
    if first.starts_with("#!") && !SHELLS.iter().any(|shell| first.ends_with(shell)) {
        return None;
    }
    of_text(&Embedded::whole(file, &decoded.text), Some(arguments), place, depth)
}

/// The process that a script ends with, where all that it may end with listen alike. `arguments` are those of a script in a
/// file.
fn of_text(
    text: &Embedded,
    arguments: Option<&[Word]>,
    place: &Surroundings<'_>,
    depth: usize,
) -> Option<Server> {
    // What runs beside the last process may listen as well.
    let runs_beside = text.as_str().lines().any(|line| {
        let line = line.trim_end();
        line.ends_with('&') && !line.ends_with("&&") || line.contains(" & ")
    });
    if runs_beside {
        return None;
    }
    let mut state = State::default();
    for name in names(text.as_str()) {
        match place.variable(name) {
            Ok(Some(value)) => state.set(name, vec![Text::literal(value, Span::start_of(text.file()))]),
            Ok(None) if has_default(text.as_str(), name) => state.set(name, vec![Text::empty()]),
            Ok(None) => {}
            Err(()) => {
                let unknown = Origin::Other("the container gives it".into());
                state.set(name, vec![Text::hole(unknown, Span::start_of(text.file()))]);
            }
        }
    }
    let ran = run(&parse::read(text.clone()).ok()?, state);
    if ran.cut_off {
        return None;
    }
    let mut found: Option<Server> = None;
    let mut stays = false;
    for command in ran.commands.iter().filter(|command| !command.substituted) {
        let written = text.as_str().get(command.at.range()).unwrap_or_default();
        let server = match arguments {
            Some(arguments) if written.trim_start_matches("exec ").trim() == "\"$@\"" => {
                of_command(arguments, place, depth + 1)
            }
            _ => of_command(&command.words, place, depth + 1),
        };
        stays = server.is_some();
        match (server, &found) {
            (Some(server), Some(other)) if !alike(&server, other) => return None,
            (Some(server), _) => found = Some(server),
            (None, _) => {}
        }
    }
    // What comes last stays.
    found.filter(|_| stays)
}

/// The names of the variables that a script uses.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let after = text.match_indices('$').filter_map(|(at, _)| text.get(at + 1..));
    after.filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..length).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
    })
}

/// Whether a script says what to take where the variable is not set. Whoever runs the container may set the others.
fn has_default(text: &str, name: &str) -> bool {
    [":-", "-", ":=", "="].iter().any(|operator| text.contains(&format!("${{{name}{operator}")))
}

fn alike(a: &Server, b: &Server) -> bool {
    a.port.as_ref().map(|port| port.value) == b.port.as_ref().map(|port| port.value)
        && a.host.as_ref().map(|host| host.value) == b.host.as_ref().map(|host| host.value)
}

/// `npm start`, `npm run start`, `yarn start`: the script that `package.json` has under that name.
fn package_script(words: &[Word], place: &Surroundings<'_>, depth: usize) -> Option<Server> {
    let mut names = words.iter().map(Word::known);
    let name = match names.next()?? {
        name if name == "run" || name == "run-script" => names.next()??.into_owned(),
        name if name.starts_with('-') => return None,
        name => name.into_owned(),
    };
    if names.next().is_some() {
        return None;
    }
    let path = place.image.context.join("package.json")?;
    let file = place.sources.find(&path)?;
    let decoded = place.sources.read(file).ok()?;
    let manifest = json::parse(&decoded.text).ok()?;
    let script = manifest.at(&["scripts", &name])?;
    let at = Span::new(file, script.inner_range());
    let text = Word { values: vec![Text::literal(script.as_str()?, at)], at };
    of_text(&embedded(&text)?, None, place, depth)
}

impl Surroundings<'_> {
    /// The script of the image that a word means.
    fn script(&self, name: &str) -> Option<FileId> {
        self.stage.scripts.iter().find(|(own, _)| own == name).map(|(_, file)| *file)
    }
}
