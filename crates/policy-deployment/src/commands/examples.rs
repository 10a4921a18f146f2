//! Examples of all rows by every name and verb, to be shown from end to end.

use super::example::{Files, Shows, Written};
use super::row::Row;
use super::table::rows;

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
