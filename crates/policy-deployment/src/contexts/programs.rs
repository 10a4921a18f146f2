//! The programs that a build runs, as the shell's grammar tells them from their arguments.

use policy_docker::dockerfile::Command;
use policy_shell::parse;
use policy_shell::resolve::{State, Word, run};
use policy_text::embedded::Embedded;

use crate::commands::without_wrappers;
use crate::model::context::Programs;

/// Programs that run others, which nothing here says: task runners, and those that change the user first.
const RUNNERS: [&str; 14] = [
    "make", "just", "task", "rake", "invoke", "earthly", "bazel", "ninja", "source", ".", "su", "gosu",
    "su-exec", "xargs",
];

/// Programs whose first argument, or what follows `-m`, is the program that counts.
const INTERPRETERS: [&str; 7] = ["python", "php", "node", "ruby", "npx", "bunx", "corepack"];

/// Adds what a `RUN` runs.
pub(super) fn add(programs: &mut Programs, command: &Command) {
    let Some(file) = command.words().next().map(|word| word.at.file) else { return };
    for text in scripts(command) {
        let script = parse::read(Embedded::whole(file, &text)).ok();
        let ran = script.map(|script| run(&script, State::default()));
        programs.opaque |= ran.as_ref().is_none_or(|ran| ran.cut_off || ran.commands.is_empty());
        let commands = ran.map(|ran| ran.commands).unwrap_or_default();
        // The reader leaves out lines that the grammar lacks.
        if commands.is_empty() {
            programs.words.extend(text.split_whitespace().map(ToOwned::to_owned));
        }
        for command in commands {
            add_words(programs, &command.words);
        }
    }
}

fn add_words(programs: &mut Programs, words: &[Word]) {
    programs.words.extend(words.iter().filter_map(Word::first).map(ToString::to_string));
    let Some((program, arguments)) = without_wrappers(words).split_first() else { return };
    let Some(path) = program.known() else {
        programs.opaque = true;
        return;
    };
    let name = name_of(&path);
    let is_shell = matches!(name, "sh" | "bash" | "ash" | "zsh");
    let argument = || {
        let mut plain = arguments.iter().filter_map(Word::known).filter(|word| !word.starts_with('-'));
        plain.next()
    };
    // What a shell is given by `-c` is a command of its own.
    let reads_script = is_shell && !arguments.iter().any(|word| word.known().as_deref() == Some("-c"));
    programs.opaque |=
        RUNNERS.contains(&name) || path.ends_with(".sh") || path.starts_with("./") || reads_script;
    if INTERPRETERS.contains(&name) {
        programs.names.extend(argument().map(|word| name_of(&word).to_owned()));
    }
    programs.names.insert(name.to_owned());
}

/// The name of a program: `/usr/bin/pip3.12` is `pip`, `composer.phar` is `composer`.
fn name_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".phar").or_else(|| name.strip_suffix(".js")).unwrap_or(name);
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if plain.is_empty() { name } else { plain }
}

/// The shell texts of a command. A here-document is one where no program reads it.
pub(crate) fn scripts(command: &Command) -> Vec<String> {
    match command {
        Command::Exec(words) => {
            let quoted = words.iter().map(|word| format!("'{}'", word.text.replace('\'', "'\\''")));
            vec![quoted.collect::<Vec<_>>().join(" ")]
        }
        Command::Shell(text, documents) if documents.is_empty() => vec![text.text.clone()],
        Command::Shell(text, documents) => {
            let reader = text.text.split("<<").next().unwrap_or_default().trim();
            if reader.is_empty() || matches!(name_of(reader), "sh" | "bash" | "ash") {
                documents.iter().map(|document| document.text.clone()).collect()
            } else {
                vec![reader.to_owned()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_docker::dockerfile::{Kind, parse};
    use policy_text::source::FileId;

    use super::*;

    fn programs(run: &str) -> Programs {
        let (dockerfile, _) = parse(FileId(0), &format!("FROM a\n{run}\n"));
        let mut programs = Programs::default();
        for instruction in &dockerfile.stages[0].instructions {
            if let Kind::Run(_, command) = &instruction.kind {
                add(&mut programs, command);
            }
        }
        programs
    }

    #[test]
    fn a_program_is_told_from_words_that_hold_its_name() {
        let runs = |run: &str, name: &str| programs(run).may_run(&[name]);
        assert!(runs("RUN cd app && npm ci", "npm"));
        assert!(runs("RUN --mount=type=cache,target=/x FOO=1 /usr/local/bin/pip3.12 install .", "pip"));
        assert!(runs("RUN [\"npm\", \"ci\"]", "npm"));
        assert!(runs("RUN sh -c 'npm ci'", "npm"));
        assert!(runs("RUN <<EOF\nnpm ci\nEOF", "npm"));
        assert!(
            runs("RUN python3 -m pip install .", "pip") && runs("RUN php composer.phar install", "composer")
        );
        assert!(!runs("RUN echo npm && pipeline && apt-get install npm", "npm"));
        assert!(!runs("RUN echo rebuild", "npm") && !runs("RUN bundle install", "bun"));
    }

    #[test]
    fn scripts_and_task_runners_may_run_anything() {
        for run in ["make all", "./setup", "bash setup", "docker/setup.sh", "if then", "$TOOL x"] {
            assert!(programs(&format!("RUN {run}")).may_run(&["npm"]), "{run}");
        }
        assert!(programs("RUN apt-get install -y nodejs").say(|word| word == "nodejs"));
    }
}
