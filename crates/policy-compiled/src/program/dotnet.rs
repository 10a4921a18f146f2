//! The project that a program of .NET is built from.

use policy_text::source::Sources;

use super::{Image, Program};
use crate::aspnet::named;

/// The program that `dotnet` starts with these words.
pub(super) fn program(words: &[&str], image: &dyn Image, sources: &Sources<'_>) -> Option<Program> {
    let (library, assembly) = words.iter().find_map(|word| Some((*word, word.strip_suffix(".dll")?)))?;
    // What comes from outside is not built here.
    image.made(library)?;
    named(assembly.rsplit('/').next()?, image.context(), sources).map(Program::DotNet)
}
