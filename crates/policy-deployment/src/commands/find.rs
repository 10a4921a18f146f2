//! Finds the row of the table that matches a command line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use policy_shell::resolve::Command;

use super::flags::{self, Arguments, Said, skip};
use super::row::{Call, Effect, Row};
use super::table::rows;

/// A word of a line that is not run in thought, in which `$KUBECTL` stands for `kubectl`.
struct Plain<'l>(&'l str);

impl Said for Plain<'_> {
    fn known(&self) -> Option<Cow<'_, str>> {
        let name = self.0.trim_matches(['$', '{', '}']);
        let has_capitals = name.bytes().any(|byte| byte.is_ascii_uppercase());
        Some(if has_capitals { name.to_ascii_lowercase().into() } else { name.into() })
    }

    fn start(&self) -> Cow<'_, str> {
        // What a variable holds before the verb are flags.
        if self.0.starts_with('$') { "-".into() } else { self.0.into() }
    }
}

/// What a line of a script or a pipeline does to the images that manifests name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rewrites {
    /// It writes them in the manifests.
    Manifests,
    /// It sets them in the cluster, once the manifests are applied.
    Cluster,
}

/// What a line of those words does to the images of manifests. Any of them may be the program.
pub(crate) fn rewrites(line: &[&str]) -> Option<Rewrites> {
    let words: Vec<Plain<'_>> = line.iter().map(|word| Plain(word)).collect();
    let mut rows = (0..words.len()).filter_map(|start| row(words.get(start..)?));
    rows.find_map(|(row, _)| match row.does {
        Effect::EditsImages | Effect::Pins => Some(Rewrites::Manifests),
        Effect::SetsImages => Some(Rewrites::Cluster),
        _ => None,
    })
}

/// The command as its row understands it. `None` for a command of no row.
pub(super) fn call(command: &Command) -> Option<Call<'_>> {
    let (row, words) = row(flags::without_wrappers(&command.words))?;
    let arguments = Arguments::parse(words, |flag| row.takes_value(flag));
    Some(Call { command, row, words, arguments })
}

/// The row of a command that begins with its program, and the words behind the verb.
pub(super) fn row<W: Said>(words: &[W]) -> Option<(&'static Row, &[W])> {
    static OF_PROGRAM: LazyLock<HashMap<&str, Vec<&'static Row>>> = LazyLock::new(|| {
        let mut of_program = HashMap::<&str, Vec<_>>::new();
        for row in rows() {
            for name in row.program.names {
                of_program.entry(*name).or_default().push(row);
            }
        }
        of_program
    });
    let (program, words) = words.split_first()?;
    let program = program.known()?;
    let rows = OF_PROGRAM.get(program.rsplit('/').next()?)?;
    rows.iter().find_map(|row| Some((*row, behind_verb(row, words)?)))
}

/// The words behind the verb of `row`, where `words` begin with it. Flags may stand anywhere before its end.
fn behind_verb<'w, W: Said>(row: &Row, words: &'w [W]) -> Option<&'w [W]> {
    let behind = |verb: &&str| {
        verb.split(' ').try_fold(words, |words, wanted| {
            let (word, rest) = after_own_flags(words, row.program.valued).split_first()?;
            (word.known()? == wanted).then_some(rest)
        })
    };
    if row.verbs.is_empty() { Some(words) } else { row.verbs.iter().find_map(behind) }
}

/// Whether a command gives a service a new task definition, whatever program of no row runs it.
pub(super) fn renews_task(command: &Command) -> bool {
    let words = command.words.as_slice();
    (0..words.len())
        .filter_map(|start| row(words.get(start..)?))
        .any(|(row, _)| matches!(row.does, Effect::RenewsTask { .. }))
}

/// The words after the flags of a program; `valued` are those that take the next word. What nobody knows there are flags,
/// too: `kubectl $FLAGS apply`.
fn after_own_flags<'w, W: Said>(words: &'w [W], valued: &[&str]) -> &'w [W] {
    skip(words, valued, |word| {
        let start = word.start();
        start.starts_with('-') || start.is_empty() && word.known().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::found_by;

    #[test]
    fn flags_may_stand_anywhere_before_the_end_of_the_verb() {
        for script in [
            "kubectl -n prod set --v 3 image deployment/web web=r.io/web:1\n",
            "kubectl --namespace=$NS set image deployment/web web=r.io/web:1\n",
            "kubectl $FLAGS set image deployment/web web=r.io/web:1\n",
            "KUBECTL=\"kubectl --context x\"\n$KUBECTL set image deployment/web web=r.io/web:1\n",
        ] {
            let found = found_by(script).images;
            assert_eq!(
                found.iter().map(|image| image.reference.to_string()).collect::<Vec<_>>(),
                ["r.io/web:1"]
            );
        }
    }

    #[test]
    fn what_stands_in_the_place_of_a_verb_is_no_flag() {
        for script in [
            "kubectl get set image\n",
            "kubectl rollout-$X set image deployment/web web=r.io/web:1\n",
            "kubectl set -l app=r.io/web:1 image deployment/web\n",
            "kubectl set image deployment/web -l app=r.io/web:1\n",
        ] {
            assert!(found_by(script).images.is_empty(), "{script}");
        }
    }
}
