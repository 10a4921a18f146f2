//! Examples of the table: what each row does, to be shown from end to end.

use super::row::Row;
use super::table::rows;

/// Files by path, with their texts.
pub type Files = &'static [(&'static str, &'static str)];

/// A script and what its command does.
#[derive(Clone, Debug)]
pub struct Example {
    /// The script. `TAG` stands for a tag in it.
    pub script: String,
    /// The files that it works on. `TAG` may stand in them.
    pub beside: Files,
    /// What it does.
    pub shows: Shows,
}

/// What the script of an example does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// It makes something run an image with the tag `TAG`.
    Deploys,
    /// It pushes an image with the tag `TAG`.
    Pushes,
    /// It builds the folder `web` with `docker/web.Dockerfile`.
    Builds,
    /// It makes the folder `dist`, or something in it.
    Makes,
    /// It talks to a cluster on this machine, and so do the commands after it.
    StaysHere,
    /// It puts another image in the place of the one with the tag `TAG` that a file names.
    Settles,
}

/// An example as its row has it, written with the first of its names and the first of its verbs.
pub(super) struct Written {
    script: &'static str,
    beside: Files,
    shows: Shows,
}

/// What [`Shows`] says, of a script that needs no other files.
pub(super) const fn deploys(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Deploys }
}

pub(super) const fn pushes(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Pushes }
}

pub(super) const fn pushes_with(script: &'static str, beside: Files) -> Written {
    Written { script, beside, shows: Shows::Pushes }
}

pub(super) const fn builds(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Builds }
}

pub(super) const fn makes(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::Makes }
}

pub(super) const fn stays_here(script: &'static str) -> Written {
    Written { script, beside: &[], shows: Shows::StaysHere }
}

pub(super) const fn settles(script: &'static str, beside: Files) -> Written {
    Written { script, beside, shows: Shows::Settles }
}

/// Every command of the table by each of its names, with each of its verbs and with all flags that may stand between
/// them.
pub fn examples() -> impl Iterator<Item = Example> {
    rows().flat_map(|row| row.examples.iter().flat_map(|written| of_row(row, written)))
}

fn of_row(row: &Row, written: &Written) -> Vec<Example> {
    let names = row.program.names;
    let verbs = if row.verbs.is_empty() { &[""] } else { row.verbs };
    let (first, own_flags) = (
        names.first().copied().unwrap_or_default(),
        row.program.valued.iter().flat_map(|flag| [flag, "x"]).collect::<Vec<_>>().join(" "),
    );
    let command = |name: &str, flags: &str, verb: &str| {
        [name, flags, verb].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let as_written = command(first, "", verbs.first().copied().unwrap_or_default());
    let with = |instead: String| Example {
        script: written.script.replacen(&as_written, &instead, 1),
        beside: written.beside,
        shows: written.shows,
    };
    let mut examples: Vec<Example> =
        names.iter().flat_map(|name| verbs.iter().map(|verb| with(command(name, "", verb)))).collect();
    if !row.verbs.is_empty() && !own_flags.is_empty() {
        examples.extend(verbs.iter().map(|verb| with(command(first, &own_flags, verb))));
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_an_example_that_is_written_with_its_first_name_and_its_first_verb() {
        for row in rows() {
            let start = [row.program.names[0], row.verbs.first().copied().unwrap_or_default()].join(" ");
            assert!(!row.examples.is_empty(), "{start} has no example");
            for example in row.examples {
                assert!(example.script.contains(start.trim()), "{start}: {}", example.script);
            }
        }
    }
}
