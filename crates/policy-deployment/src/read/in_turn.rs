//! Files whose scripts are run, some at a time: what loops and functions cost in all of them together is bounded, too.

use policy_text::Problem;
use policy_text::source::{FileId, Span};
use rayon::prelude::*;

use crate::found::Found;

/// How many they may add in all files of one kind.
const OF_ALL: usize = 30_000;
/// How many files are read before it is counted what is left for the others: as many with any number of threads.
const AT_A_TIME: usize = 8;

/// What is said where the files of a kind come to too many commands.
const TOO_COSTLY: &str = "loops and functions of the files before this one come to more commands than are followed; this file \
                          and those after it were not read for commands";

/// What all files of a kind do.
pub(crate) fn found_in<T: Sync>(
    files: &[T],
    file: impl Fn(&T) -> FileId,
    read: impl Fn(&T) -> Found + Sync,
) -> Found {
    let (all, left_out) = read_all(files, file, read);
    let mut found: Found = all.into_iter().collect();
    found.problems.extend(left_out);
    found
}

/// What came of each of the files, which are read in parallel. Those that are left when the ones before have taken too many
/// turns are not read, and that is said.
pub(crate) fn read_all<T, R>(
    files: &[T],
    file: impl Fn(&T) -> FileId,
    read: impl Fn(&T) -> R + Sync,
) -> (Vec<R>, Option<Problem>)
where
    T: Sync,
    R: AsRef<Found> + Send,
{
    let mut all: Vec<R> = Vec::with_capacity(files.len());
    let mut taken = 0;
    for some in files.chunks(AT_A_TIME) {
        if taken > OF_ALL {
            let at = some.first().map(|first| Span::start_of(file(first)));
            return (all, at.map(|at| Problem::too_costly(at, TOO_COSTLY)));
        }
        let before = all.len();
        all.par_extend(some.par_iter().map(&read));
        taken += all.iter().skip(before).map(|read| read.as_ref().turns.taken()).sum::<usize>();
    }
    (all, None)
}

impl AsRef<Found> for Found {
    fn as_ref(&self) -> &Found {
        self
    }
}
