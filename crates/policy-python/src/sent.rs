//! The requests that a program sends to addresses which it is told by variables: each function is followed as if it were called.

use std::collections::BTreeSet;

use policy_http::environment::Environment;
use policy_http::served::Methods;
use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, Text};

use crate::frameworks::Frameworks;
use crate::modules::Modules;
use crate::program::{Program, Server, Start};
use crate::resolve::asked::{Asked, Told};
use crate::resolve::value::HOLE;
use crate::resolve::{Interpreter, Variables};

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The variable that its address begins with.
    pub variable: String,
    /// What follows the variable in the address.
    pub rest: Text,
    /// The methods that it can have.
    pub methods: Methods,
    /// Where the address is handed over.
    pub at: Span,
}

/// The requests that `program` sends to addresses which begin with one of `variables`, by place.
pub fn sent(
    modules: &Modules<'_>,
    program: &Program,
    environment: &Environment,
    variables: &BTreeSet<&str>,
) -> Vec<Sent> {
    let told = variables.iter().map(|name| ((*name).to_owned(), Told::value(name)));
    let environment = told.fold(environment.clone(), |known, (name, value)| known.with(name, value));
    let mut interpreter = Interpreter::new(
        modules,
        &Frameworks,
        program,
        Variables::new(&environment, program, modules.sources()),
    );
    interpreter.told = Some(Told::default());
    match &program.start {
        Start::Object(file, _) => drop(interpreter.load(*file)),
        Start::Script(file) => interpreter.run_as_script(*file),
    }
    interpreter.call_everything();
    let asked = interpreter.told.take().unwrap_or_default().asked;
    let mut sent: Vec<Sent> = asked.into_iter().map(|asked| Sent::of(&asked)).collect();
    sent.sort_by_key(|sent| sent.at);
    sent.dedup();
    sent
}

/// The program that a function of Lambda runs: `handler` is a dotted name, the last of a function. `None` where not exactly
/// one module of the tree may be meant.
pub fn function(modules: &Modules<'_>, handler: &str) -> Option<Program> {
    let sources = modules.sources();
    let (module, _) = handler.rsplit_once('.')?;
    let tail = format!("{}.py", module.replace('.', "/"));
    let is_meant = |file: &FileId| {
        let path = sources.path(*file).to_string();
        path == tail || path.strip_suffix(&tail).is_some_and(|before| before.ends_with('/'))
    };
    let mut files = sources.files().map(|(file, _)| file).filter(is_meant);
    let file = files.next().filter(|_| files.next().is_none())?;
    let folder = module.split('.').try_fold(sources.path(file).clone(), |path, _| path.parent())?;
    Some(Program { start: Start::Script(file), roots: vec![folder], server: Server::Other })
}

impl Sent {
    fn of(asked: &Asked) -> Self {
        let mut rest = Text::empty();
        for (index, part) in asked.rest.split(HOLE).enumerate() {
            if index > 0 {
                rest.append(&Text::hole(Origin::Other("the program decides it".into()), asked.at));
            }
            rest.append(&Text::literal(part, asked.at));
        }
        let methods =
            asked.method.as_ref().map_or(Methods::Any, |method| Methods::Only(vec![method.clone()]));
        Self { variable: asked.variable.clone(), rest, methods, at: asked.at }
    }
}
