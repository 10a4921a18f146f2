//! What programs answer in several environments: one run tells it for all that answer alike what the program asks of them.

use policy_http::environment::Environment;
use policy_http::served::Served;

use crate::modules::Modules;
use crate::program::Program;
use crate::resolve::Questions;
use crate::served::served;

/// The runs so far.
#[derive(Default)]
pub struct Runs(Vec<Run>);

struct Run {
    program: Program,
    environment: Environment,
    /// What the program asked of it.
    questions: Questions,
    served: Served,
}

impl Runs {
    /// What `program` answers in that environment.
    pub fn served(&mut self, modules: &Modules<'_>, program: &Program, environment: &Environment) -> Served {
        let is_alike = |run: &&Run| {
            run.program == *program && run.questions.are_answered_alike(&run.environment, environment)
        };
        if let Some(run) = self.0.iter().find(is_alike) {
            return run.served.clone();
        }
        let (served, questions) = served(modules, program, environment);
        self.0.push(Run {
            program: program.clone(),
            environment: environment.clone(),
            questions,
            served: served.clone(),
        });
        served
    }
}
