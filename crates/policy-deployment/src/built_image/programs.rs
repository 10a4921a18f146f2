//! What an instruction of a Dockerfile does to the programs in the image.

use policy_docker::dockerfile::{Instruction, Kind, Scope, Transfer, expand};
use policy_shell::parse;
use policy_shell::resolve::{Command, State, Word, run};
use policy_text::embedded::Embedded;
use policy_text::source::Span;

use super::packages::{self, Packages};
use crate::commands::without_wrappers;
use crate::contexts::programs::scripts;
use crate::model::built_image::Change;

/// Folders in which programs are looked for, and those that hold such folders.
const PROGRAM_FOLDERS: [&str; 10] = [
    "",
    "/bin",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/opt/bin",
];

/// Where people put programs that no package brings.
const LOCAL_BIN: &str = "/usr/local/bin";

/// Programs that may install any other: managers of packages whose packages are not known, and runners of scripts.
const OPAQUE: [&str; 18] = [
    "dpkg",
    "rpm",
    "gdebi",
    "conda",
    "mamba",
    "micromamba",
    "brew",
    "nix",
    "nix-env",
    "make",
    "just",
    "task",
    "rake",
    "source",
    ".",
    "xargs",
    "eval",
    "ansible-playbook",
];

/// Programs that a command may bring whose words have the name: an address to load it from, a link.
const CARRIED: [&str; 5] = ["curl", "wget", "nc", "mongo", "busybox"];

/// Adds what one instruction does, apart from what is started later.
pub(super) fn add(changes: &mut Vec<Change>, instruction: &Instruction, scope: &Scope, escape: char) {
    match &instruction.kind {
        Kind::Run(_, command) => {
            let Some(file) = command.words().next().map(|word| word.at.file) else { return };
            for text in scripts(command) {
                let Ok(script) = parse::read(Embedded::whole(file, &text)) else {
                    changes.push(Change::Opaque);
                    continue;
                };
                let mut state = State::default();
                for name in variables(&text) {
                    if let Some(value) = scope.get(name) {
                        state.set(name, vec![value.clone()].into_iter().collect());
                    }
                }
                let ran = run(&script, state);
                if ran.cut_off {
                    changes.push(Change::Opaque);
                }
                for command in &ran.commands {
                    add_command(changes, command, instruction.at);
                }
            }
        }
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            add_transfer(changes, transfer, instruction.at, scope, escape);
        }
        _ => {}
    }
}

/// The names of the variables that a text uses.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?.trim_start_matches('{');
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    })
}

fn add_command(changes: &mut Vec<Change>, command: &Command, at: Span) {
    let Some((program, arguments)) = without_wrappers(&command.words).split_first() else { return };
    let Some(path) = program.known() else {
        changes.push(Change::Opaque);
        return;
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    match packages::of_command(name, arguments) {
        Some(Packages::Installs(group, named)) => {
            let bring = |package: &String| {
                let programs = packages::programs_of(package).map(ToOwned::to_owned);
                programs.map(|program| Change::Brings(program, at)).collect::<Vec<_>>()
            };
            if let Some(group) = group {
                // What is installed as a group is taken away by its name.
                changes.push(Change::Brings(group, at));
            }
            changes.extend(named.iter().flat_map(bring));
        }
        Some(Packages::Removes(named)) => remove(changes, &named),
        Some(Packages::Unknown) => changes.push(Change::Opaque),
        None => {
            if is_opaque(name, &path, arguments) {
                changes.push(Change::Opaque);
            }
            // What a build runs is there, and so is what a command makes of that name.
            changes.push(Change::Brings(name.to_owned(), at));
            changes.extend(arguments.iter().filter_map(|word| Some(Change::Brings(made(word)?, at))));
            let carried =
                CARRIED.iter().filter(|program| arguments.iter().any(|word| has_word(word, program)));
            changes.extend(carried.map(|program| Change::Brings((*program).to_owned(), at)));
        }
    }
}

/// The program that a word names by a path in a folder of programs.
fn made(word: &Word) -> Option<String> {
    let word = word.known()?;
    let (folder, name) = word.rsplit_once('/')?;
    (folder.starts_with('/') && PROGRAM_FOLDERS.contains(&folder) && !name.is_empty())
        .then(|| name.to_owned())
}

fn has_word(word: &Word, wanted: &str) -> bool {
    let says = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == wanted);
    word.values.iter().any(|value| says(&value.to_string()))
}

fn is_opaque(name: &str, path: &str, arguments: &[Word]) -> bool {
    let says = |wanted: &str| arguments.iter().any(|word| word.known().as_deref() == Some(wanted));
    let is_shell = matches!(name, "sh" | "bash" | "ash" | "zsh" | "dash");
    // What a shell is given by `-c` is a command of its own.
    OPAQUE.contains(&name)
        || name.rsplit('.').next() == Some("sh")
        || path.starts_with("./")
        || is_shell && !says("-c")
        || says("install-deps")
        || says("--with-deps")
}

/// Takes packages away, and those that were installed as a group of that name.
fn remove(changes: &mut Vec<Change>, named: &[String]) {
    for name in named {
        if name.starts_with('.') {
            // The members of the group stand behind its name, from the same instruction.
            let group =
                changes.iter().position(|change| matches!(change, Change::Brings(own, _) if own == name));
            let Some(group) = group else { continue };
            let at = match changes.get(group) {
                Some(Change::Brings(_, at)) => *at,
                _ => continue,
            };
            let members: Vec<Change> = changes
                .iter()
                .skip(group + 1)
                .filter_map(|change| match change {
                    Change::Brings(program, other) if *other == at => Some(Change::Removes(program.clone())),
                    _ => None,
                })
                .collect();
            changes.extend(members);
        } else {
            changes.extend(packages::programs_of(name).map(|program| Change::Removes(program.to_owned())));
        }
    }
}

fn add_transfer(changes: &mut Vec<Change>, transfer: &Transfer, at: Span, scope: &Scope, escape: char) {
    let Some(destination) = transfer.destination.as_ref().map(|word| expand(word, scope, escape)) else {
        return;
    };
    let Some(destination) = destination.known() else { return };
    let is_folder = destination.ends_with('/') || transfer.sources.len() > 1;
    let folder = destination.trim_end_matches('/');
    if !destination.starts_with('/') {
        return;
    }
    for source in &transfer.sources {
        let source = expand(source, scope, escape);
        let written = source.known();
        let name = written
            .as_deref()
            .map(|source| source.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        if PROGRAM_FOLDERS.contains(&folder) {
            match name {
                // What is made there by hand is all that this folder of another stage holds: packages lie in `/usr/bin`.
                Some("bin")
                    if folder == LOCAL_BIN
                        && written.as_deref().is_some_and(|own| is_local_bin(own, transfer)) => {}
                // Into a folder of programs goes a program, or a folder of any.
                Some(name) if is_a_file(written.as_deref().unwrap_or_default(), transfer) => {
                    changes.push(Change::Brings(name.to_owned(), at));
                }
                _ => changes.push(Change::Opaque),
            }
        } else if !is_folder
            && let Some((_, name)) = folder.rsplit_once('/')
            && folder.rsplit_once('/').is_some_and(|(parent, _)| PROGRAM_FOLDERS.contains(&parent))
        {
            changes.push(Change::Brings(name.to_owned(), at));
        }
    }
}

/// Whether a source is that folder of a stage of the same file, whose name has neither a path nor a tag.
fn is_local_bin(source: &str, transfer: &Transfer) -> bool {
    let is_stage = transfer.from.as_ref().is_some_and(|from| !from.text.contains(['/', ':', '.', '$']));
    is_stage && source.trim_end_matches('/') == LOCAL_BIN
}

/// Whether a source is one file for certain. Of what lies in other images, a path of a program is.
fn is_a_file(source: &str, transfer: &Transfer) -> bool {
    let name = source.rsplit('/').next().unwrap_or_default();
    let from_program_folder = source.rsplit_once('/').is_some_and(|(folder, _)| {
        !folder.is_empty() && PROGRAM_FOLDERS.contains(&folder) && folder.ends_with("bin")
    });
    !source.contains(['*', '?', '['])
        && (from_program_folder
            || transfer.from.is_none() && name.contains('.') && name != "." && name != "..")
}
