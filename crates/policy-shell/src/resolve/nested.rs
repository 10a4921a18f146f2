//! Commands that hand a script to another shell: `ssh host '…'`, `bash -c '…'`, `aws ssm send-command`, `cat > x.sh <<END`.

use policy_text::embedded::Embedded;
use policy_text::value::{Piece, Text};

use super::execute::execute;
use super::limits::Limits;
use super::script_text::script_of;
use super::state::State;
use super::{Command, Document, Word};
use crate::parse;

/// Programs that run the command after them.
const WRAPPERS: [&str; 9] =
    ["sudo", "sshpass", "timeout", "env", "nohup", "time", "exec", "retry", "command"];

/// Flags of `ssh` that take the next word.
const SSH_VALUED: [&str; 19] = [
    "-b", "-c", "-D", "-E", "-e", "-F", "-I", "-i", "-J", "-L", "-l", "-m", "-O", "-o", "-p", "-Q", "-R",
    "-S", "-W",
];

/// A script for another shell.
struct Nested {
    script: Embedded,
    /// What that shell knows when it starts.
    state: State,
    /// Whether it runs on another machine.
    remote: bool,
}

/// The commands of the script that `command` hands on. What is no valid shell is the other shell's to refuse.
pub(super) fn commands(command: &Command, state: &State, limits: Limits<'_>) -> Vec<Command> {
    let Some((nested, limits)) = of(command, state).zip(limits.deeper()) else { return Vec::new() };
    limits.pay_for_script(nested.script.as_str());
    let Ok(script) = parse::read(nested.script) else { return Vec::new() };
    let (commands, _) = execute(&script, nested.state, limits);
    let placed = |command: Command| Command { remote: command.remote || nested.remote, ..command };
    commands.into_iter().map(placed).collect()
}

/// The script that `command` hands on, if any.
fn of(command: &Command, state: &State) -> Option<Nested> {
    let (program, rest) = program(&command.words)?;
    match program.as_str() {
        "ssh" => remote(after_host(rest), command, state),
        "gcloud" if says(rest, 0, "compute") && says(rest, 1, "ssh") => {
            nested(&value_of(rest, "--command")?, state, true)
        }
        "aws" if says(rest, 0, "ssm") && says(rest, 1, "send-command") => {
            nested(&commands_parameter(&value_of(rest, "--parameters")?)?, state, true)
        }
        "bash" | "sh" | "zsh" | "dash" | "su" => {
            let flag = rest.iter().position(|word| word.known().is_some_and(|word| is_command_flag(&word)));
            if let Some(flag) = flag {
                return nested(rest.get(flag + 1)?.first()?, state, false);
            }
            let reads_input = rest.iter().all(|word| word.known().is_some_and(|word| word.starts_with('-')));
            let document = command.document().filter(|_| reads_input)?;
            Some(of_document(document, own(state), false))
        }
        "eval" => nested(&joined(rest), state, false),
        "cat" | "tee" => written(command.document()?),
        _ => None,
    }
}

/// The program that runs in the end, and its arguments.
fn program(words: &[Word]) -> Option<(String, &[Word])> {
    let first = words.first()?.program()?;
    if !WRAPPERS.contains(&first.as_str()) {
        return Some((first, words.get(1..)?));
    }
    let carried =
        |word: &Word| matches!(word.program().as_deref(), Some("ssh" | "bash" | "sh" | "aws" | "gcloud"));
    let at = words.iter().position(carried)?;
    Some((words.get(at)?.program()?, words.get(at + 1..)?))
}

fn says(words: &[Word], index: usize, text: &str) -> bool {
    words.get(index).is_some_and(|word| word.known().as_deref() == Some(text))
}

/// `-c`, `-lc`, `-ec`.
fn is_command_flag(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
}

/// The words of an `ssh` after the host: what runs there.
fn after_host(words: &[Word]) -> &[Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let flag = first.known().filter(|word| word.starts_with('-'));
        match flag {
            Some(flag) if SSH_VALUED.contains(&&*flag) => words = rest.get(1..).unwrap_or_default(),
            Some(_) => words = rest,
            None => return rest,
        }
    }
    words
}

fn remote(words: &[Word], command: &Command, state: &State) -> Option<Nested> {
    let reads_input = words.iter().all(|word| {
        word.known().is_some_and(|word| word.starts_with('-') || word.ends_with("sh") || word == "sudo")
    });
    match command.document() {
        Some(document) if reads_input => Some(of_document(document, elsewhere(state), true)),
        _ => nested(&joined(words), state, true),
    }
}

/// A script that is written to be run later, by a shell that knows nothing of this one.
fn written(document: &Document) -> Option<Nested> {
    let text = document.text.as_str();
    let is_script = text.starts_with("#!") && !parse::is_other_language(text);
    is_script.then(|| of_document(document, State::default(), false))
}

fn nested(text: &Text, state: &State, remote: bool) -> Option<Nested> {
    let mut state = if remote { elsewhere(state) } else { own(state) };
    Some(Nested { script: script_of(text, &mut state)?, state, remote })
}

fn of_document(document: &Document, state: State, remote: bool) -> Nested {
    let state = State { placeholders: document.placeholders.clone(), ..state };
    Nested { script: document.text.clone(), state, remote }
}

/// A shell of its own on this machine.
fn own(state: &State) -> State {
    State { arguments: None, ..state.clone() }
}

/// A shell on another machine: it knows no variable and no folder of this one.
fn elsewhere(state: &State) -> State {
    State { placeholders: state.placeholders.clone(), settled: state.settled.clone(), ..State::default() }
}

/// The words with blanks between them, as `ssh` sends them.
fn joined(words: &[Word]) -> Text {
    let mut text = Text::empty();
    for word in words {
        if !text.is_empty() {
            text.append(&Text::literal(" ", policy_text::source::Span { end: word.at.start, ..word.at }));
        }
        text.append(word.first().unwrap_or(&Text::empty()));
    }
    text
}

/// The value of a flag: the word after it, or what follows its `=`.
fn value_of(words: &[Word], flag: &str) -> Option<Text> {
    let at = words.iter().position(|word| {
        word.first().is_some_and(|text| {
            text.known_prefix()
                .strip_prefix(flag)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    })?;
    let text = words.get(at)?.first()?;
    let equals = text.known_prefix().len() > flag.len();
    if equals { Some(text.split_at(flag.len() + 1).1) } else { words.get(at + 1)?.first().cloned() }
}

/// The commands of `commands=["…","…"]` or `{"commands": ["…"]}`, one a line: quotes, commas and brackets of the list become
/// line ends, so that every command keeps its place.
fn commands_parameter(parameters: &Text) -> Option<Text> {
    let (_, list) = parameters.split_once("commands")?.1.split_once(['=', ':'])?;
    let mut text = Text::empty();
    for piece in list.pieces() {
        text.push(match piece {
            Piece::Literal(literal, provenance) => {
                Piece::Literal(without_list(literal).into(), provenance.clone())
            }
            hole @ Piece::Hole(_) => hole.clone(),
        });
    }
    Some(text)
}

fn without_list(literal: &str) -> String {
    let mut before = ' ';
    let characters = literal.char_indices().map(|(at, character)| {
        // Asked only where it matters: a long run of blanks would be gone through from each of them.
        let leads_to_quote =
            || literal.get(at + character.len_utf8()..).unwrap_or_default().trim_start().starts_with('"');
        let of_list = match character {
            '"' => true,
            '[' => leads_to_quote(),
            ',' => before == '"' && leads_to_quote(),
            ']' | '}' => before == '"' || before == ']',
            _ => false,
        };
        if !character.is_whitespace() {
            before = character;
        }
        if of_list { '\n' } else { character }
    });
    characters.collect()
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::source::FileId;

    use super::*;
    use crate::resolve::run;

    /// The docker commands, those on another machine after a `>`, each with the line it stands in.
    fn docker(script: &str) -> Vec<String> {
        let parsed = parse::read(Embedded::whole(FileId(0), script)).unwrap();
        let commands = run(&parsed, State::default()).commands;
        let shown = commands.iter().filter(|command| command.name() == "docker").map(|command| {
            let words: Vec<String> =
                command.words.iter().skip(1).filter_map(|word| Some(word.first()?.to_string())).collect();
            let line = script[..command.at.range().start].matches('\n').count() + 1;
            format!("{}{line}: {}", if command.remote { ">" } else { "" }, words.join(" "))
        });
        shown.collect()
    }

    #[test]
    fn what_ssh_sends_runs_elsewhere_and_keeps_its_places() {
        assert_eq!(
            docker("TAG=latest\nssh -i key -o X=y u@h \"\n  docker pull a:$TAG &&\n  docker run b\"\n"),
            [">3: pull a:latest", ">4: run b"]
        );
        assert_eq!(docker("sshpass -p x ssh u@h docker pull a\n"), [">1: pull a"]);
        assert_eq!(docker("ssh u@h\n"), [""; 0]);
        assert_eq!(docker("gcloud compute ssh vm --zone=z --command='docker pull a'\n"), [">1: pull a"]);
    }

    #[test]
    fn a_here_document_is_a_script_for_a_shell_alone() {
        let script = indoc! {r#"
            TAG=1
            ssh u@h bash -s <<EOF
            docker pull a:$TAG
            docker pull "b:1"
            EOF
            ssh u@h <<'EOF'
            docker pull c:$TAG
            EOF
            cat <<EOF
            docker pull d
            EOF
        "#};
        assert_eq!(docker(script), [">3: pull a:1", ">4: pull b:1", ">7: pull c:${TAG}"]);
    }

    #[test]
    fn a_shell_of_its_own_runs_here() {
        assert_eq!(docker("T=1\nsudo bash -lc \"docker push a:$T\"\n"), ["2: push a:1"]);
        assert_eq!(docker("bash script.sh -c\n"), [""; 0]);
        assert_eq!(
            docker("T=1\nbash -e <<'E'\ndocker push a:$T\nE\neval docker push b\n"),
            ["3: push a:1", "5: push b"]
        );
        assert_eq!(docker("bash script.sh <<E\ndocker push a\nE\n"), [""; 0]);
    }

    #[test]
    fn commands_sent_through_the_systems_manager_run_one_by_one() {
        let one = "aws ssm send-command --parameters 'commands=[\"cd /srv\",\"docker pull a\", \"docker run b\"]'\n";
        assert_eq!(docker(one), [">1: pull a", ">1: run b"]);
        let other = "aws ssm send-command \\\n  --parameters '{\"commands\": [\"docker pull a\"]}'\n";
        assert_eq!(docker(other), [">2: pull a"]);
    }
}
