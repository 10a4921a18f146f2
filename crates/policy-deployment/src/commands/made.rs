//! Files and folders that commands make: a build after them finds what the repository does not hold.

use policy_shell::resolve::{Command, State, Word};
use policy_text::source::RepoPath;
use policy_text::value::Text;

use super::flags::Arguments;

/// Flags of these programs that take the next word.
const VALUED: [&str; 10] =
    ["-C", "-d", "-o", "-O", "--output", "--directory", "-t", "-b", "--branch", "--depth"];

/// The paths that `command` makes or fills, as far as they can be known.
pub(super) fn paths(command: &Command, words: &[Word]) -> Vec<RepoPath> {
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first()?);
    let mut made: Vec<RepoPath> = command.output.iter().filter_map(path).collect();
    let Some((program, rest)) = words.split_first() else { return made };
    let arguments = Arguments::parse(rest, &VALUED);
    match program.known().as_deref() {
        Some("cp" | "mv" | "rsync" | "ln" | "install") => {
            if let Some((target, sources)) = arguments.positional.split_last() {
                let target = path(target);
                // A copy into a folder keeps the names.
                let names = sources.iter().filter_map(|source| path(source));
                made.extend(names.filter_map(|source| target.as_ref()?.join(source.file_name())));
                made.extend(target);
            }
        }
        Some("mkdir" | "touch" | "tee") => {
            made.extend(arguments.positional.iter().filter_map(|word| path(word)));
        }
        Some("git")
            if arguments.positional.first().is_some_and(|word| word.known().as_deref() == Some("clone")) =>
        {
            match arguments.positional.get(1..) {
                Some([_, folder, ..]) => made.extend(path(folder)),
                Some([source]) => {
                    let name = source.first().map(Text::known_suffix).unwrap_or_default();
                    let name =
                        name.rsplit('/').next().unwrap_or_default().trim_end_matches(".git").to_owned();
                    made.extend(command.folder.as_ref().and_then(|folder| folder.join(&name)));
                }
                _ => {}
            }
        }
        Some("tar" | "unzip" | "curl" | "wget") => {
            made.extend(
                arguments
                    .values(&["-C", "-d", "-o", "-O", "--output", "--directory"])
                    .iter()
                    .filter_map(path),
            );
        }
        _ => {}
    }
    // The root is there in any case, and all lies in it.
    made.retain(|path| !path.is_root());
    made
}
