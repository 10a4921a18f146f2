//! Simulates a script: both branches of a condition, a loop once for each of its words, a function where it is called.

use std::collections::BTreeMap;

use brush_parser::ast::{
    self, AssignmentName, AssignmentValue, CaseItemPostAction, CommandPrefixOrSuffixItem as Item,
    CompoundCommand, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect,
};
use policy_text::embedded::Embedded;
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES};
use policy_text::value::{Origin, Text};

use super::comparison::{self, Comparison, Subject};
use super::expand::{Expanded, expand};
use super::expected_failure::{self, asks_what_there_is, goes_on_after, may_leave};
use super::limits::{Limits, MAX_DEPTH};
use super::state::{State, Value};
use super::word::{passed_on, split};
use super::{Command, Document, Failure, Input, Word, nested};
use crate::parse::Script;

/// How many turns a loop takes.
const MAX_TURNS: usize = 32;

/// The commands that the script can come to, in order, and what holds at its end.
pub(super) fn execute(script: &Script, state: State, limits: Limits<'_>) -> (Vec<Command>, State) {
    let mut machine = Machine {
        script,
        functions: BTreeMap::new(),
        commands: Vec::new(),
        output: None,
        calls: 0,
        goes_on: false,
        tests_of_files: 0,
        limits,
    };
    let mut state = state;
    for list in &script.program.complete_commands {
        state = machine.items(list, state);
    }
    machine.goes_on = false;
    // A function that nothing here calls is called from elsewhere, with arguments that nobody knows.
    let uncalled: Vec<_> =
        machine.functions.values().filter(|function| !function.called).map(|f| f.body).collect();
    for body in uncalled {
        machine.compound(body, State { arguments: None, ..state.clone() });
    }
    (machine.commands, state)
}

struct Machine<'s> {
    script: &'s Script,
    functions: BTreeMap<String, Function<'s>>,
    commands: Vec<Command>,
    /// The file that the output of the commands in this group goes to.
    output: Option<Word>,
    /// How many calls are open.
    calls: usize,
    /// Whether the script goes on where a command fails.
    goes_on: bool,
    /// How many tests of files were passed.
    tests_of_files: usize,
    limits: Limits<'s>,
}

/// How much a script has asked at a point.
#[derive(Clone, Copy)]
struct Asked {
    commands: usize,
    tests_of_files: usize,
}

/// What holds where a condition is true, and where it is not. `None` for what cannot be.
fn branches(condition: &ast::CompoundList, state: State) -> (Option<State>, Option<State>) {
    match Comparison::of(condition) {
        Some(comparison) => comparison.branches(&state),
        None => (Some(state.clone()), Some(state)),
    }
}

#[derive(Clone, Copy)]
struct Function<'s> {
    body: &'s CompoundCommand,
    called: bool,
}

impl<'s> Machine<'s> {
    fn list(&mut self, list: &'s ast::CompoundList, state: State) -> State {
        let outside = self.goes_on;
        let state = self.items(list, state);
        self.goes_on = outside;
        state
    }

    /// Runs a list that may go on in the next one, as the lines of a script do.
    fn items(&mut self, list: &'s ast::CompoundList, mut state: State) -> State {
        for ast::CompoundListItem(and_or, _) in &list.0 {
            let before = self.goes_on;
            let asked = self.asked();
            let goes_on = goes_on_after(and_or);
            for (index, (_, pipeline)) in and_or.into_iter().enumerate() {
                self.goes_on = before || pipeline.bang || index < goes_on;
                let count = pipeline.seq.len();
                for (index, command) in pipeline.seq.iter().enumerate() {
                    state = self.command(command, state, index + 1 < count);
                }
            }
            // What comes next is done only once it is known what there is.
            self.goes_on = before || may_leave(and_or) && self.has_asked_since(asked);
        }
        state
    }

    /// How much has been asked.
    fn asked(&self) -> Asked {
        Asked { commands: self.commands.len(), tests_of_files: self.tests_of_files }
    }

    /// Whether it has been asked since what there is.
    fn has_asked_since(&self, before: Asked) -> bool {
        self.tests_of_files > before.tests_of_files
            || self.commands.iter().skip(before.commands).any(|command| {
                asks_what_there_is(&command.name(), command.words.iter().flat_map(|word| &word.values))
            })
    }

    fn command(&mut self, command: &'s ast::Command, state: State, piped: bool) -> State {
        match command {
            ast::Command::Simple(simple) => self.simple(simple, state, piped),
            ast::Command::Compound(compound, redirects) => {
                let mut state = state;
                let (mut input, mut output) = (None, self.output.clone());
                for redirect in redirects.iter().flat_map(|redirects| &redirects.0) {
                    self.redirect(redirect, &mut state, &mut input, &mut output);
                }
                let before = std::mem::replace(&mut self.output, output);
                state = self.compound(compound, state);
                self.output = before;
                state
            }
            ast::Command::Function(function) => {
                let body = &function.body.0;
                self.functions.insert(function.fname.value.clone(), Function { body, called: false });
                state
            }
            ast::Command::ExtendedTest(test, _) => {
                self.tests_of_files += usize::from(expected_failure::tests_file(&test.to_string()));
                state
            }
        }
    }

    fn compound(&mut self, compound: &'s CompoundCommand, state: State) -> State {
        if !self.limits.step() {
            return state;
        }
        match compound {
            CompoundCommand::BraceGroup(group) => self.list(&group.list, state),
            CompoundCommand::Subshell(group) => {
                self.list(&group.list, state.clone());
                state
            }
            CompoundCommand::ForClause(clause) => self.for_each(clause, state),
            CompoundCommand::CaseClause(clause) => self.cases(clause, state),
            CompoundCommand::IfClause(clause) => self.either(clause, state),
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                let state = self.condition(&clause.0, state);
                let after = self.list(&clause.1.list, state.clone());
                state.merge(&after)
            }
            CompoundCommand::ArithmeticForClause(clause) => {
                let after = self.list(&clause.body.list, state.clone());
                state.merge(&after)
            }
            CompoundCommand::Coprocess(clause) => self.command(&clause.body, state, false),
            CompoundCommand::Arithmetic(_) => state,
        }
    }

    /// Runs a list whose failure only decides what comes next.
    fn condition(&mut self, list: &'s ast::CompoundList, state: State) -> State {
        let before = std::mem::replace(&mut self.goes_on, true);
        let state = self.list(list, state);
        self.goes_on = before;
        state
    }

    fn either(&mut self, clause: &'s ast::IfClauseCommand, state: State) -> State {
        let before = self.goes_on;
        let asked = self.asked();
        let state = self.condition(&clause.condition, state);
        self.goes_on = before || self.has_asked_since(asked);
        let (then, mut otherwise) = branches(&clause.condition, state.clone());
        let mut ends = Vec::new();
        ends.extend(then.map(|then| self.list(&clause.then, then)));
        for branch in clause.elses.iter().flatten() {
            let Some(before) = otherwise else { break };
            let (then, rest) = match &branch.condition {
                Some(condition) => branches(condition, before),
                None => (Some(before), None),
            };
            otherwise = rest;
            ends.extend(then.map(|then| self.list(&branch.body, then)));
        }
        self.goes_on = before;
        ends.extend(otherwise);
        ends.into_iter().reduce(|after, end| after.merge(&end)).unwrap_or(state)
    }

    fn cases(&mut self, clause: &'s ast::CaseClauseCommand, state: State) -> State {
        let subject = Subject::of(&clause.value.value);
        let mut after = state.clone();
        let mut left = Some(state);
        for case in &clause.cases {
            let Some(before) = left else { break };
            let words: Vec<&str> =
                case.patterns.iter().filter_map(|pattern| comparison::plain(&pattern.value)).collect();
            let is_plain = words.len() == case.patterns.len();
            let (inside, rest) = match &subject {
                Some(subject) if matches!(case.post_action, CaseItemPostAction::ExitCase) => (
                    subject.narrowed(&before, |value| !is_plain || words.contains(&value)),
                    subject.narrowed(&before, |value| !words.contains(&value)),
                ),
                _ => (Some(before.clone()), Some(before)),
            };
            left = rest;
            if let (Some(inside), Some(list)) = (inside, &case.cmd) {
                let end = self.list(list, inside);
                after = after.merge(&end);
            }
        }
        after
    }

    fn for_each(&mut self, clause: &'s ast::ForClauseCommand, state: State) -> State {
        let mut state = state;
        let mut turns: Alternatives = Vec::new();
        for word in clause.values.iter().flatten() {
            let values = self.words(word, &mut state).into_iter().flat_map(|word| word.values);
            // Each of several values may be a list by itself.
            let is_quoted = word.value.starts_with(['"', '\'']);
            turns.extend(values.flat_map(|value| if is_quoted { vec![value] } else { split(&value) }));
        }
        if turns.is_empty() || turns.len() > MAX_TURNS {
            let at = self.script.text.span(0..0);
            turns = vec![Text::hole(Origin::Other("it loops over an unknown list".into()), at)];
        }
        let before = state.clone();
        for turn in turns {
            state.set(&clause.variable_name, vec![turn]);
            state = self.list(&clause.body.list, state);
        }
        before.merge(&state)
    }

    fn simple(&mut self, command: &'s ast::SimpleCommand, mut state: State, piped: bool) -> State {
        if !self.limits.step() {
            return state;
        }
        let Some(name) = &command.word_or_name else {
            for item in command.prefix.iter().flat_map(|prefix| &prefix.0) {
                self.assign(item, &mut state);
            }
            return state;
        };
        let mut words = self.words(name, &mut state);
        let (mut input, mut output) = (None, self.output.clone());
        let called = name.value.as_str();
        let declares = matches!(called, "export" | "readonly" | "declare" | "local" | "typeset");
        for item in command.suffix.iter().flat_map(|suffix| &suffix.0) {
            match item {
                Item::AssignmentWord(assignment, _) if declares => {
                    self.assign(item, &mut state);
                    // Nothing but the function's own code sets it.
                    if let ("local", AssignmentName::VariableName(name)) = (called, &assignment.name) {
                        state.settle_variable(name);
                    }
                }
                Item::Word(word) | Item::AssignmentWord(_, word) => {
                    words.extend(self.words(word, &mut state));
                }
                Item::IoRedirect(redirect) => self.redirect(redirect, &mut state, &mut input, &mut output),
                Item::ProcessSubstitution(..) => {}
            }
        }
        let Some(at) = words.iter().map(|word| word.at).reduce(policy_text::source::Span::to) else {
            return state;
        };
        let command = Command {
            words,
            folder: state.folder.clone(),
            at,
            input,
            output,
            piped,
            remote: false,
            substituted: false,
            failure: if self.goes_on { Failure::Expected } else { Failure::Counts },
        };
        self.effect(command, state)
    }

    /// What a command does to the shell itself; all that is left for others is recorded.
    fn effect(&mut self, command: Command, mut state: State) -> State {
        let name =
            command.words.first().and_then(Word::known).map(std::borrow::Cow::into_owned).unwrap_or_default();
        let argument =
            command.words.iter().skip(1).find(|word| word.known().is_none_or(|word| !word.starts_with('-')));
        match name.as_str() {
            "cd" | "pushd" => {
                let folder = argument.and_then(Word::first).and_then(|path| state.resolve(path));
                let before = std::mem::replace(&mut state.folder, folder);
                if name == "pushd" {
                    state.folders.push(before);
                }
            }
            "popd" => state.folder = state.folders.pop().flatten(),
            "export" | "readonly" | "declare" | "local" | "typeset" => {}
            "shift" => state.shift(argument),
            // Flags of the shell, and perhaps other arguments.
            "set" if argument.is_none() => {}
            "set" => state.arguments = None,
            "read" => {
                for word in command.words.iter().skip(1) {
                    let Some(variable) = word.known().filter(|word| !word.starts_with('-')) else { continue };
                    state.set(
                        &variable,
                        vec![Text::hole(Origin::Parameter(variable.as_ref().into()), word.at)],
                    );
                }
            }
            _ if self.functions.contains_key(&name) => state = self.call(&name, &command, state),
            _ => {
                self.commands.extend(nested::commands(&command, &state, self.limits));
                self.commands.push(command);
            }
        }
        state
    }

    fn call(&mut self, name: &str, command: &Command, mut state: State) -> State {
        let Some(function) = self.functions.get_mut(name) else { return state };
        if self.calls >= MAX_DEPTH {
            return state;
        }
        function.called = true;
        let body = function.body;
        let arguments = command.words.get(1..).unwrap_or_default().to_vec();
        let before = state.arguments.replace(arguments);
        let outside = state.clone();
        self.calls += 1;
        state = self.compound(body, state);
        self.calls -= 1;
        state.arguments = before;
        state.settled_within(&outside);
        state
    }

    fn assign(&mut self, item: &Item, state: &mut State) {
        let Item::AssignmentWord(assignment, word) = item else { return };
        let AssignmentName::VariableName(name) = &assignment.name else { return };
        let range = self.script.range(word);
        let value = match &assignment.value {
            AssignmentValue::Scalar(value) => {
                let values = self.expand(&self.script.part(&value.value, range.clone()), state).values;
                Value::Scalar(values.into_iter().map(|value| value.held_by(name)).collect())
            }
            AssignmentValue::Array(elements) => {
                let elements = elements.iter().take(4 * MAX_ALTERNATIVES);
                let parts = elements.map(|(_, element)| self.script.part(&element.value, range.clone()));
                let values = parts.flat_map(|part| match passed_on(part.as_str(), state) {
                    Some(words) => words.into_iter().flat_map(|word| word.values).collect(),
                    None => self.expand(&part, state).values,
                });
                Value::List(values.collect())
            }
        };
        let value = match (assignment.append, state.variable(name)) {
            (false, _) => value,
            (true, Some(Value::List(known))) => {
                Value::List(known.iter().chain(value.all()).cloned().collect())
            }
            (true, _) => {
                let at = self.script.text.span(range);
                Value::Scalar(vec![Text::hole(Origin::Other("the value grows without limit".into()), at)])
            }
        };
        state.assign(name, value);
    }

    /// The words that one word becomes: several where it is a list, or an unquoted variable with blanks.
    fn words(&mut self, word: &ast::Word, state: &mut State) -> Vec<Word> {
        let text = self.script.word(word);
        if let Some(words) = passed_on(text.as_str(), state) {
            return words;
        }
        let at = text.span(0..text.as_str().len());
        let expanded = self.expand(&text, state);
        if expanded.list {
            return expanded.values.into_iter().map(|value| Word { values: vec![value], at }).collect();
        }
        if let ([value], true) = (expanded.values.as_slice(), expanded.splits) {
            let parts = split(value);
            if parts.len() != 1 {
                return parts.into_iter().map(|value| Word { values: vec![value], at }).collect();
            }
        }
        vec![Word { values: expanded.values, at }]
    }

    /// Expands a word; the commands that stand in it run before the one that it is part of.
    fn expand(&mut self, word: &Embedded, state: &mut State) -> Expanded {
        let mut expanded = expand(word, state, self.limits);
        self.commands.append(&mut expanded.substituted);
        expanded
    }

    fn redirect(
        &mut self,
        redirect: &IoRedirect,
        state: &mut State,
        input: &mut Option<Input>,
        output: &mut Option<Word>,
    ) {
        match redirect {
            IoRedirect::HereDocument(_, document) => {
                let text = self.script.word(&document.doc);
                let document = Document::new(text, document.requires_expansion, state, self.limits);
                *input = Some(Input::Document(document));
            }
            IoRedirect::File(
                _,
                IoFileRedirectKind::Write | IoFileRedirectKind::Append | IoFileRedirectKind::Clobber,
                IoFileRedirectTarget::Filename(name),
            ) => {
                *output = self.words(name, state).pop();
            }
            IoRedirect::File(_, IoFileRedirectKind::Read, IoFileRedirectTarget::Filename(name)) => {
                *input = self.words(name, state).pop().map(Input::File);
            }
            IoRedirect::HereString(_, text) => *input = self.words(text, state).pop().map(Input::Text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
