//! What a program answers.

use policy_http::path::{Part, PathPattern};
use policy_http::served::{Served, UnknownPaths};
use policy_text::source::Span;

use crate::modules::Modules;
use crate::program::{Environment, Program, Start};

/// What `program` answers in that environment.
pub fn served(_modules: &Modules<'_>, program: &Program, _environment: &Environment) -> Served {
    let (Start::Object(file, _) | Start::Script(file)) = &program.start;
    let unknown = UnknownPaths {
        below: PathPattern::new([Part::Rest]).unwrap_or_default(),
        at: Span::start_of(*file),
        why: "the object that answers requests was not found".to_owned(),
    };
    Served { registrations: Vec::new(), unknown: vec![unknown] }
}
