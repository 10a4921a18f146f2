//! Files and folders that commands create: later builds can use them, although the repository does not contain them.

use policy_shell::resolve::{Command, State, Word};
use policy_text::source::RepoPath;
use policy_text::value::Text;

use super::effect::Made;
use super::row::{Call, Effect};

/// Flags that name what is made.
const TARGETS: &[&str] = &["-C", "-d", "-o", "-O", "--output", "--directory"];

/// Flags of the programs that make files, those that take the next word.
pub(super) const VALUED: &[&str] =
    &["-C", "-d", "-o", "-O", "--output", "--directory", "-t", "-b", "--branch", "--depth"];

/// The paths that a command makes or fills, as far as they can be known. `call` is what the table says of it.
pub(super) fn paths(command: &Command, call: Option<&Call<'_>>) -> Vec<RepoPath> {
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first()?);
    let mut made: Vec<RepoPath> = command.output.iter().filter_map(path).collect();
    if let Some(Call { row, arguments, .. }) = call
        && let Effect::Makes(what) = row.does
    {
        let words = arguments.positional.as_slice();
        match what {
            Made::Copies => {
                if let Some((target, sources)) = words.split_last() {
                    let target = path(target);
                    // A copy into a folder keeps the names.
                    let names = sources.iter().filter_map(|source| path(source));
                    made.extend(names.filter_map(|source| target.as_ref()?.join(source.file_name())));
                    made.extend(target);
                }
            }
            Made::Named => made.extend(words.iter().filter_map(|word| path(word))),
            Made::Targets => made.extend(arguments.values(TARGETS).iter().filter_map(path)),
            Made::Clone => match words {
                [_, folder, ..] => made.extend(path(folder)),
                [source] => {
                    let name = source.first().map(Text::known_suffix).unwrap_or_default();
                    let name =
                        name.rsplit('/').next().unwrap_or_default().trim_end_matches(".git").to_owned();
                    made.extend(command.folder.as_ref().and_then(|folder| folder.join(&name)));
                }
                [] => {}
            },
        }
    }
    // The root is there in any case, and all lies in it.
    made.retain(|path| !path.is_root());
    made
}
