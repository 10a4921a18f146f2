//! Whether a text mentions a command of the table, decided without parsing. The words to search for come from the rows.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input};
use memchr::memmem;
use policy_shell::resolve::State;
use policy_text::embedded::Embedded;
use policy_text::needles::one_pass;

use super::effect::Made;
use super::row::{Effect, Row, Sign};
use super::table::{cluster_makers, rows};

/// A text that names a Dockerfile is no command, but may make one for a build elsewhere.
const DOCKERFILE: &str = "Dockerfile";

/// The names to look for.
struct Look {
    /// `None` where they cannot be looked for: then every text may hold one.
    names: Option<AhoCorasick>,
    /// What each of them is a sign of.
    signs: Vec<Rows>,
}

/// The rows of a program that are reasons to read a text. Empty for a name that is a reason by itself.
type Rows = Vec<&'static Row>;

static LOOK: LazyLock<Look> = LazyLock::new(|| {
    let mut signs: Vec<(&str, Rows)> = vec![(DOCKERFILE, Rows::new())];
    for row in rows().filter(|row| row.does.is_reason_to_read()) {
        for name in row.program.names {
            let alone = row.program.sign == Sign::Name;
            let index = signs.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                signs.push((name, Rows::new()));
                signs.len() - 1
            });
            if let Some((_, rows)) = signs.get_mut(index).filter(|_| !alone) {
                rows.push(row);
            }
        }
    }
    // Of two names that begin alike the longer one counts.
    signs.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let (names, signs): (Vec<&str>, Vec<Rows>) = signs.into_iter().unzip();
    Look { names: one_pass(&names), signs }
});

/// Whether `text` can run a command that is a reason to read it: it has the name of its program and the words of its
/// verb, wherever they stand. A name that a script puts together from parts is not seen.
pub(crate) fn named_in(text: &str) -> bool {
    let Some(names) = &LOOK.names else { return true };
    let mut asked = vec![false; LOOK.signs.len()];
    let mut at = 0;
    while let Some(found) = names.find(Input::new(text).range(at..)) {
        // Another name may begin inside one that is part of a longer word.
        at = found.start() + 1;
        let sign = found.pattern().as_usize();
        let (Some(rows), Some(asked)) = (LOOK.signs.get(sign), asked.get_mut(sign)) else { return true };
        if rows.is_empty() {
            return true;
        }
        if !*asked && is_word(text, found.range()) {
            *asked = true;
            if rows.iter().any(|row| has_verb(text, row)) {
                return true;
            }
        }
    }
    false
}

/// The same of a script and all that something else puts into it.
pub(crate) fn named_in_script(script: &Embedded, state: &State) -> bool {
    named_in(script.as_str()) || {
        let mut whole = script.as_str().to_owned();
        for value in state.values() {
            whole.push(' ');
            whole.push_str(&value.render(' '));
        }
        whole.len() > script.as_str().len() && named_in(&whole)
    }
}

/// Words that tell by themselves of a command which gives a service a new task definition.
pub(crate) fn signs_of_new_tasks() -> impl Iterator<Item = &'static str> {
    let rows = rows().filter(|row| matches!(row.does, Effect::RenewsTask { .. }));
    rows.flat_map(|row| match row.program.sign {
        Sign::Name => row.program.names.to_vec(),
        Sign::NameAndVerb => {
            let longest = |verb: &&'static str| verb.split(' ').max_by_key(|word| word.len());
            row.verbs.iter().filter_map(longest).collect()
        }
    })
}

/// Whether `text` checks out a repository of others, which a build beside it may be given.
pub(crate) fn clones_in(text: &str) -> bool {
    let mut clones = rows().filter(|row| matches!(row.does, Effect::Makes(Made::Clone)));
    clones.any(|row| row.program.names.iter().any(|name| has_word(text, name)) && has_verb(text, row))
}

/// Whether `text` names, as a word, a program that makes a cluster of its own: an action that sets one up, a step that
/// starts one.
pub(crate) fn starts_cluster_in(text: &str) -> bool {
    let makers: Vec<&str> = cluster_makers().collect();
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| makers.contains(&word))
}

fn has_verb(text: &str, row: &Row) -> bool {
    let has = |verb: &&str| verb.split(' ').all(|word| has_word(text, word));
    row.verbs.is_empty() || row.verbs.iter().any(has)
}

fn has_word(text: &str, word: &str) -> bool {
    let mut found = memmem::find_iter(text.as_bytes(), word);
    found.any(|start| is_word(text, start..start + word.len()))
}

/// Whether what stands there is a whole word of a command, and not part of a longer one. Quotes, brackets, slashes and
/// the dash of `${NAME:-helm}` may stand before it; behind it, a dash or a dot makes another name.
fn is_word(text: &str, range: Range<usize>) -> bool {
    let before = text.as_bytes().get(..range.start).unwrap_or_default();
    let begins = match before {
        // The end of a line as a string writes it.
        [.., b'\\', b'n' | b'r' | b't'] | [] => true,
        [.., last] => !(last.is_ascii_alphanumeric() || *last == b'_'),
    };
    let ends = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    begins && text.as_bytes().get(range.end).is_none_or(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_and_one_of_its_verbs_are_looked_for_as_words() {
        for text in [
            "kubectl -n prod \\\n  set image deployment/web web=$IMAGE",
            "/usr/local/bin/helm --kube-context x upgrade web ./chart",
            "K=${KUBECTL:-oc}\n$K apply -f -",
            "\"deploy\": \"cd x\\nfly deploy\"",
            "args: [run, deploy, web]\nentrypoint: gcloud",
            "tofu apply",
            "mydocker",
        ] {
            assert!(named_in(text), "{text}");
        }
        for text in [
            "kubectl get pods\nkubectl rollout status deployment/web",
            "helm template ./chart",
            "helm-docs && npm install",
            "lazy deploy, local process apply",
            "kubectl reset-image; kubectl setup images",
            "aws s3 cp dist s3://x",
            "kind create cluster\nmkdir -p dist\ngit clone x",
            "fly.toml deploy",
        ] {
            assert!(!named_in(text), "{text}");
        }
    }

    #[test]
    fn a_name_inside_a_longer_word_hides_none_behind_it() {
        assert!(!named_in("docs/proc.md apply"));
        assert!(named_in("lazyoc oc apply"));
    }

    #[test]
    fn no_name_belongs_to_two_programs() {
        for row in rows() {
            for name in row.program.names {
                let other = rows().filter(|other| other.program.names.contains(name));
                assert!(other.into_iter().all(|other| std::ptr::eq(other.program, row.program)), "{name}");
            }
        }
    }

    #[test]
    fn signs_of_new_tasks_are_words_that_nothing_else_has() {
        let signs: Vec<&str> = signs_of_new_tasks().collect();
        assert_eq!(signs, ["register-task-definition", "ecs-deploy", "ecs-deploy.sh", "ecs-goploy"]);
    }
}
