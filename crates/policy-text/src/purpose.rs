//! The purpose of a file, from the words in its path; and the purpose of modes, stages and profiles, from their names.

mod spelling;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::source::RepoPath;
use spelling::{is_spelled, marks_of, words_of};
use words::{Of, Row, WORDS};

/// What a word says of the files that go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// They serve users.
    Production,
    /// They are one of several deployments of the same, each of which has its own names and values.
    Stage,
    /// They serve those who develop.
    Development,
    /// They stay on the machine of one who develops.
    Local,
    Test,
    /// They are what tests are given.
    Fixture,
    /// They stand in for something.
    Mock,
    /// They are for pipelines, whose images are built to be used.
    Pipeline,
    /// They show how something is used.
    Example,
    Documentation,
    /// They are there to be filled in.
    Template,
    /// They build, check or prepare what serves users.
    Tool,
    /// Others wrote them.
    Dependency,
    /// A build made them.
    Output,
    /// A build made them, in one of the formats that modules of scripts have.
    ModuleFormat,
    /// A tool wrote the file.
    Generated,
    /// They set up or update what serves users.
    Deployment,
    /// The same, where nothing says that they are for development.
    Renewal,
    /// They were put aside, in case that somebody needs them again.
    PutAside,
}

use Purpose::{
    Dependency, Deployment, Development, Documentation, Example, Fixture, Generated, Local, Mock,
    ModuleFormat, Output, Pipeline, Production, PutAside, Renewal, Stage, Template, Test, Tool,
};

/// How much the name of a folder says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It means nothing else.
    Sure,
    /// The product itself may be about what it names.
    Likely,
}

impl Row {
    fn certainty(&self) -> Certainty {
        if self.sure { Certainty::Sure } else { Certainty::Likely }
    }
}

/// What a question is about.
#[derive(Clone, Copy)]
enum Matter {
    Deployments,
    Data,
    Code,
}

impl Of {
    fn includes(self, matter: Matter) -> bool {
        match self {
            Self::Everything => true,
            Self::Deployments => matches!(matter, Matter::Deployments),
            Self::Contents => matches!(matter, Matter::Data | Matter::Code),
            Self::Data => matches!(matter, Matter::Data),
            Self::Code => matches!(matter, Matter::Code),
        }
    }
}

/// Whether something is for any of some purposes.
struct Question {
    of: Matter,
    any: &'static [Purpose],
}

/// What runs.
const RUNS_FOR_DEVELOPMENT: Question =
    Question { of: Matter::Deployments, any: &[Development, Local, Test, Fixture, Mock, Pipeline, Example] };

/// What is deployed to show how something is used.
const SHOWN: Question = Question { of: Matter::Deployments, any: &[Example] };

const DOCUMENTS: Question = Question { of: Matter::Deployments, any: &[Documentation] };

/// What is built: the images of pipelines and examples are built to be used.
const BUILT_FOR_DEVELOPMENT: Question =
    Question { of: Matter::Deployments, any: &[Development, Local, Test, Fixture, Mock] };

/// Images.
const NO_SERVICE: Question = Question {
    of: Matter::Deployments,
    any: &[Development, Local, Test, Fixture, Mock, Pipeline, Example, Documentation, Tool],
};

/// Values. Those of developers are real: a key of theirs opens what they use.
const MADE_UP: Question =
    Question { of: Matter::Data, any: &[Test, Fixture, Mock, Example, Documentation, Template] };

/// What other files ask for is not meant to be there.
const NOT_MEANT: Question = Question { of: Matter::Data, any: &[Fixture, Template] };

/// What tests are given.
const GIVEN_TO_TESTS: Question = Question { of: Matter::Data, any: &[Test, Fixture, Mock] };

/// Modes and configurations of builds. Others, `staging` among them, ship.
const LOCAL_MODE: Question =
    Question { of: Matter::Code, any: &[Development, Local, Test, Fixture, Mock, Pipeline] };

const PLAIN_DEVELOPMENT: Question = Question { of: Matter::Code, any: &[Development] };

const LOCAL: Question = Question { of: Matter::Code, any: &[Local] };

const MOCK: Question = Question { of: Matter::Code, any: &[Mock] };

const PRODUCTION: Question = Question { of: Matter::Code, any: &[Production] };

const STAGE: Question = Question { of: Matter::Deployments, any: &[Production, Stage] };

const GENERATED: Question = Question { of: Matter::Code, any: &[Generated] };

/// The name of a script.
const DEPLOYS: Question = Question { of: Matter::Deployments, any: &[Deployment] };

const PUT_ASIDE: Question = Question { of: Matter::Data, any: &[PutAside] };

/// The name of a script.
const RENEWS: Question = Question { of: Matter::Deployments, any: &[Renewal] };

/// Code.
const TESTS: Question = Question { of: Matter::Code, any: &[Test, Fixture, Mock] };

/// Folders of code.
const EXAMPLES: Question = Question { of: Matter::Code, any: &[Example, Documentation] };

const DEPENDENCIES: Question = Question { of: Matter::Data, any: &[Dependency] };

const OUTPUTS: Question = Question { of: Matter::Data, any: &[Output] };

/// What the entries of a package lie in that are compiled.
const COMPILED: Question = Question { of: Matter::Code, any: &[Output, ModuleFormat] };

/// Folders whose files show nothing of the tools that a repository uses.
const OTHERS: Question = Question { of: Matter::Data, any: &[Dependency, Output, Template] };

/// Folders that hold nothing which is deployed.
const BESIDE_THE_PRODUCT: Question = Question { of: Matter::Code, any: &[Dependency, Example, Fixture] };

/// The rows by the first letter of their words. Names are asked about often, and most words differ there.
static BY_LETTER: LazyLock<BTreeMap<u8, Vec<&'static Row>>> = LazyLock::new(|| {
    let mut rows: BTreeMap<u8, Vec<&Row>> = BTreeMap::new();
    for row in WORDS {
        rows.entry(row.word.bytes().next().unwrap_or_default()).or_default().push(row);
    }
    rows
});

/// The rows whose word begins as the name does.
fn rows_like(name: &str) -> impl Iterator<Item = &'static Row> {
    let letter = name.bytes().find(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    let dot = name.starts_with('.').then_some(b'.');
    letter.into_iter().chain(dot).filter_map(|first| BY_LETTER.get(&first)).flatten().copied()
}

impl Question {
    fn is_about(&self, row: &Row) -> bool {
        row.of.includes(self.of) && self.any.contains(&row.says)
    }

    /// What the whole name says so.
    fn whole(&self, name: &str) -> Option<&'static Row> {
        // Few rows are of what is asked: that is seen sooner than how a name is spelled.
        rows_like(name).find(|row| self.is_about(row) && is_spelled(row.word, name))
    }

    /// Whether any word of the name says so, or two that stand side by side.
    fn any_word(&self, name: &str) -> bool {
        let words = words_of(name);
        words.iter().any(|word| self.whole(word).is_some())
            || words.windows(2).any(|pair| self.whole(&pair.concat()).is_some())
    }

    /// Whether any word of the path's folders and of its name says so.
    fn any_word_of(&self, path: &RepoPath) -> bool {
        path.components().any(|part| self.any_word(part))
    }
}

/// Whether what the file runs serves development, tests or examples: the words of its folders and its name say so, or it
/// lies in the repository's documentation.
pub fn is_for_development(path: &RepoPath) -> bool {
    RUNS_FOR_DEVELOPMENT.any_word_of(path) || is_documentation(path)
}

/// Whether what the file deploys only shows how something is used.
pub fn shows_use(path: &RepoPath) -> bool {
    folders(path).any(|folder| SHOWN.whole(folder).is_some()) || is_documentation(path)
}

/// Whether the file lies in the documentation of the whole repository. Further down a folder of such a name may be the site
/// that serves it.
fn is_documentation(path: &RepoPath) -> bool {
    let mut components = path.components();
    components.next().is_some_and(|first| DOCUMENTS.whole(first).is_some()) && components.next().is_some()
}

/// Whether a name, such as a profile of compose, says that what runs by it serves development, tests or examples.
pub fn says_development(name: &str) -> bool {
    RUNS_FOR_DEVELOPMENT.any_word(name)
}

/// Whether what the Dockerfile builds serves development or tests.
pub fn is_built_for_development(path: &RepoPath) -> bool {
    BUILT_FOR_DEVELOPMENT.any_word_of(path)
}

/// Whether what the Dockerfile builds is no service.
pub fn builds_no_service(path: &RepoPath) -> bool {
    NO_SERVICE.any_word_of(path)
}

/// Whether the name of a stage says that its image is no service.
pub fn says_no_service(name: &str) -> bool {
    NO_SERVICE.any_word(name)
}

/// Whether the values in the file are made up, to show or to try something.
pub fn is_made_up(path: &RepoPath) -> bool {
    MADE_UP.any_word_of(path)
}

/// Whether a single word says that values are made up.
pub fn says_made_up(word: &str) -> bool {
    MADE_UP.whole(word).is_some()
}

/// Whether the file lies among what tests are given or what is to be filled in: what it asks for need not be there.
pub fn is_test_data_or_template(path: &RepoPath) -> bool {
    folders(path).any(|folder| NOT_MEANT.any_word(folder))
}

/// Whether the file lies in a folder of tests, or of what they are given: it may be broken on purpose.
pub fn is_test_data(path: &RepoPath) -> bool {
    folders(path).any(|folder| GIVEN_TO_TESTS.whole(folder).is_some())
}

/// Whether the file lies in a folder of what was put aside. A backup may also be what the product makes: only of a copy
/// that says enough.
pub fn is_put_aside(path: &RepoPath) -> bool {
    folders(path).any(|folder| PUT_ASIDE.any_word(folder))
}

/// Whether a build mode or configuration of this name is deployed nowhere.
pub fn is_local_mode(mode: &str) -> bool {
    LOCAL_MODE.whole(mode).is_some()
}

/// Whether a name says nothing but that something is for those who develop: a `test` or a `local` may be the product's own.
pub fn says_plain_development(name: &str) -> bool {
    PLAIN_DEVELOPMENT.whole(name).is_some()
}

/// Whether a name says that something stays on the machine of one who develops.
pub fn says_local(name: &str) -> bool {
    LOCAL.whole(name).is_some()
}

/// Whether a word says that something stands in for what the product uses.
pub fn says_mock(word: &str) -> bool {
    MOCK.whole(word).is_some()
}

/// Whether a stage, mode or configuration of this name is production.
pub fn is_production(name: &str) -> bool {
    PRODUCTION.whole(name).is_some()
}

/// Whether a word is the name of a stage of deployment, such as `qa`: what goes by it has other names in other stages.
pub fn is_stage(word: &str) -> bool {
    STAGE.whole(word).is_some()
}

/// What stands before the word for production in names of what comes before it, or is anything else.
const NOT_PRODUCTION: [&str; 4] = ["non", "no", "not", "pre"];

/// Whether a word of a name says that it is of production, and none that it serves others: `shop-prod`, not `non-prod`.
pub fn says_production(name: &str) -> bool {
    let words = words_of(name);
    let is_taken_back = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        before.is_some_and(|word| NOT_PRODUCTION.contains(&word.to_ascii_lowercase().as_str()))
    };
    let mut indexed = words.iter().enumerate();
    indexed.any(|(index, word)| PRODUCTION.whole(word).is_some() && !is_taken_back(index))
        && !RUNS_FOR_DEVELOPMENT.any_word(name)
}

/// Whether code is for tests by a word of its file's name.
pub fn says_test(word: &str) -> bool {
    TESTS.whole(word).is_some()
}

/// Whether a folder of this name holds code for tests: for sure, or unless the code says otherwise.
pub fn test_folder(name: &str) -> Option<Certainty> {
    TESTS.whole(name).map(Row::certainty)
}

/// Whether a folder of this name holds examples of use.
pub fn is_example_folder(name: &str) -> bool {
    EXAMPLES.whole(name).is_some()
}

/// Whether a folder of this name holds what others wrote.
pub fn is_dependency_folder(name: &str) -> bool {
    DEPENDENCIES.whole(name).is_some()
}

/// Whether a folder of this name holds what a build made, where its sources lie elsewhere.
pub fn is_output_folder(name: &str) -> bool {
    OUTPUTS.whole(name).is_some()
}

/// Whether what lies in a folder of this name, as a package names its own entries, is made from sources.
pub fn is_compiled_folder(name: &str) -> bool {
    COMPILED.whole(name).is_some()
}

/// Whether others wrote what lies in the file's folders, a build made it, or it is there to be filled in: what lies there
/// shows nothing of the repository's own tools.
pub fn is_foreign_or_generated(path: &RepoPath) -> bool {
    folders(path).any(|folder| OTHERS.whole(folder).is_some_and(|row| row.sure))
}

/// Whether a folder of this name is often there for others than users.
pub fn is_beside_the_product(name: &str) -> bool {
    BESIDE_THE_PRODUCT.whole(name).is_some()
}

/// Whether the name of a file says that a tool wrote it: `app.min.js`.
pub fn is_name_of_generated(name: &str) -> bool {
    marks_of(name).any(|mark| GENERATED.whole(mark).is_some())
}

/// Whether the name of a file is one that tools for tests and stories look for: `app.e2e-spec.ts`.
pub fn is_name_of_test(name: &str) -> bool {
    marks_of(name).any(|mark| mark.split('-').any(says_test))
}

/// Whether a script of this name sets up or updates what serves users.
pub fn says_deployment(name: &str) -> bool {
    DEPLOYS.any_word(name)
}

/// Whether a script of this name does so where nothing says that it is for development.
pub fn says_update(name: &str) -> bool {
    RENEWS.any_word(name)
}

fn folders(path: &RepoPath) -> impl Iterator<Item = &str> {
    let depth = path.components().count();
    path.components().take(depth.saturating_sub(1))
}

#[cfg(test)]
mod tests;
