//! What the text of a handler does with the request, with its answer and with what comes next. Whatever is not understood
//! escapes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::answers::{ANSWERS, BESIDE, GETTERS, SETTERS, STATUSES, is_question};
use super::role::{Gives, Role, Signature};
use super::seen::Seen;
use super::status::Status;
use crate::parse::syntax::{Assigned, BindingId, ExprId, ExprKind, GuardId};
use crate::servers::Dialect;

/// What shows that a handler looks at the path of a request.
const PATHS: [&str; 5] = ["path", "url", "originalUrl", "pathname", "baseUrl"];

/// A call that the answer, or all of a request, is given to.
pub(super) struct Given {
    pub(super) callee: ExprId,
    pub(super) arguments: Vec<ExprId>,
    pub(super) signature: Signature,
}

/// What a handler does.
#[derive(Default)]
pub(super) struct Deeds {
    /// Answers that may have a status below 400.
    pub(super) answers: usize,
    /// Answers that nothing is there.
    pub(super) denials: usize,
    /// What happens to the answer that is not understood.
    pub(super) escapes: usize,
    /// What gives requests another path.
    pub(super) rewrites: usize,
    /// How often it names what comes next.
    pub(super) passes_on: usize,
    pub(super) given_to: Vec<Given>,
    pub(super) looks_at_path: bool,
}

/// A status that is set before the answer is given.
struct Announced {
    status: Status,
    guard: Option<GuardId>,
    at: u32,
}

/// An answer, with the status that it is given itself.
struct Answer {
    status: Option<Status>,
    guard: Option<GuardId>,
    at: u32,
}

/// What an expression is of a parameter: `res.headers` of `res`.
struct Part<'m> {
    of: BindingId,
    names: Vec<&'m Arc<str>>,
    /// What a chain says before its end: `res.status(404).json()`.
    status: Option<Status>,
}

/// A scan of one function.
struct Scan<'s> {
    seen: &'s Seen<'s>,
    answer: Option<BindingId>,
    request: Option<BindingId>,
    next: Option<BindingId>,
    deeds: Deeds,
    announced: Vec<Announced>,
    answered: Vec<Answer>,
    /// The mentions of the answer that are understood.
    understood: BTreeSet<ExprId>,
    /// Methods of the answer that are replaced.
    patched: Vec<&'s Arc<str>>,
    /// What is called, and what a property is asked of.
    used: BTreeSet<ExprId>,
}

impl Deeds {
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let name = |index: usize| seen.module.name_of_parameter(seen.function, index);
        let signature = seen.signature;
        let (answer, count) = (name(signature.answer), seen.module[seen.function].parameters.len());
        let mut scan = Scan {
            seen,
            answer,
            request: signature.request.and_then(name),
            next: signature.next.and_then(name),
            deeds: Self::default(),
            announced: Vec::new(),
            answered: Vec::new(),
            understood: BTreeSet::new(),
            patched: Vec::new(),
            used: BTreeSet::new(),
        };
        // A parameter that is a pattern, or takes all arguments, hides the answer.
        let is_hidden = answer.is_none() && count > signature.answer;
        let takes_all = count <= signature.answer && (0..count).any(|index| name(index).is_none());
        // Without it nothing can be answered, but middleware that does not even ask for it is odd.
        let lacks_answer = count <= signature.answer && matches!(seen.role, Role::Middleware(_));
        scan.deeds.escapes += usize::from(is_hidden || takes_all || lacks_answer);
        scan.run();
        scan.deeds
    }
}

impl<'s> Scan<'s> {
    fn run(&mut self) {
        let module = self.seen.module;
        let exprs: Vec<ExprId> = module.exprs_within(self.seen.function).collect();
        let invoked = exprs.iter().filter_map(|&expr| module.invocation(expr)).map(|call| call.callee);
        self.used.extend(invoked);
        self.used.extend(exprs.iter().filter_map(|&expr| match module[expr].kind {
            ExprKind::Member(base, _) => Some(base),
            _ => None,
        }));
        self.used.extend(module.assigned_within(self.seen.function).map(|assigned| assigned.base));
        for assigned in module.assigned_within(self.seen.function) {
            self.assigned(assigned);
        }
        for &expr in &exprs {
            match &module[expr].kind {
                ExprKind::Call(callee, arguments) => self.call(expr, *callee, arguments),
                ExprKind::New(callee, arguments) => self.made(expr, *callee, arguments),
                ExprKind::Member(base, name) => {
                    self.deeds.looks_at_path |= PATHS.contains(&&**name);
                    self.member(expr, *base, name);
                }
                _ => {}
            }
        }
        if self.seen.signature.returns {
            for (value, _) in &module[self.seen.function].returns {
                self.returned(*value, 0);
            }
        }
        for &expr in &exprs {
            if let ExprKind::Name(used) = &module[expr].kind {
                let binding = module.lookup(&used.name, used.scope);
                let is_answer = binding.is_some() && binding == self.answer;
                let is_all = binding.is_none() && &*used.name == "arguments";
                let escapes = is_answer && !self.understood.contains(&expr);
                self.deeds.escapes += usize::from(escapes || is_all);
                self.deeds.passes_on += usize::from(binding.is_some() && binding == self.next);
            }
        }
        // A filter that is not seen to answer hands the response to something else, or leaves that to its parent.
        let is_super = |&expr: &ExprId| match module[expr].kind {
            ExprKind::Call(callee, _) => matches!(module[callee].kind, ExprKind::Opaque),
            _ => false,
        };
        let is_filter = self.seen.role == Role::Filter;
        if is_filter && self.answered.is_empty() && !exprs.iter().any(is_super) {
            self.deeds.escapes += 1;
        }
        self.count();
    }

    /// Counts the answers by their statuses.
    fn count(&mut self) {
        let module = self.seen.module;
        for answer in &self.answered {
            let before = self.announced.iter().filter(|announced| announced.at <= answer.at);
            let covering = before.filter(|announced| module.is_within(answer.guard, announced.guard)).last();
            let status = answer.status.or(covering.map(|announced| announced.status));
            match status.unwrap_or_else(|| self.seen.status_by_default()) {
                Status::Fine => self.deeds.answers += 1,
                Status::NotFound => self.deeds.denials += 1,
                Status::Error => {}
            }
        }
        // A status below 400 may be given to what another handler answers.
        let is_fine = self.announced.iter().any(|announced| announced.status == Status::Fine);
        if is_fine && (self.answered.is_empty() || self.seen.signature.gives == Gives::Context) {
            self.deeds.answers += 1;
        }
        let is_status = |name: &&Arc<str>| STATUSES.contains(&&***name);
        let changes_status = !self.announced.is_empty() || !self.answered.is_empty();
        if self.patched.iter().any(is_status) || !self.patched.is_empty() && changes_status {
            self.deeds.escapes += 1;
        }
    }

    fn is(&self, expr: ExprId, binding: Option<BindingId>) -> bool {
        match &self.seen.module[expr].kind {
            ExprKind::Name(used) => {
                binding.is_some() && self.seen.module.lookup(&used.name, used.scope) == binding
            }
            _ => false,
        }
    }

    /// What an expression is of the answer or the request. `None` for everything else.
    fn part(&mut self, expr: ExprId) -> Option<Part<'s>> {
        let module = self.seen.module;
        match &module[expr].kind {
            ExprKind::Name(used) => {
                let of = module.lookup(&used.name, used.scope);
                let of = of.filter(|_| of == self.answer || of == self.request)?;
                self.understood.insert(expr);
                Some(Part { of, names: Vec::new(), status: None })
            }
            ExprKind::Member(base, name) => {
                let mut part = self.part(*base)?;
                part.names.push(name);
                Some(part)
            }
            ExprKind::Call(callee, arguments) => {
                let mut part = self.part(*callee)?;
                let method = part.names.pop()?;
                if GETTERS.contains(&&**method) {
                    return None;
                }
                if STATUSES.contains(&&**method) {
                    part.status = arguments.first().map(|&status| self.seen.status(status));
                }
                Some(part)
            }
            _ => None,
        }
    }

    fn guard(&self, call: ExprId) -> Option<GuardId> {
        self.seen.module.guard_of_call(call)
    }

    fn announce(&mut self, status: Status, guard: Option<GuardId>, at: u32) {
        self.announced.push(Announced { status, guard, at });
    }

    fn answer(&mut self, status: Option<Status>, guard: Option<GuardId>, at: u32) {
        self.answered.push(Answer { status, guard, at });
    }

    fn assigned(&mut self, assigned: &'s Assigned) {
        let Some(Part { of, names, .. }) = self.part(assigned.base) else {
            return;
        };
        let definition = &assigned.definition;
        let (value, guard, at) = (definition.value, definition.guard, definition.at);
        let name = &assigned.name;
        let first = names.first().map(|name| &***name);
        let is_answer = Some(of) == self.answer;
        let of_request = matches!(first, Some("request" | "req" | "raw"));
        let of_answer = is_answer && (first.is_none() || matches!(first, Some("response" | "res" | "raw")));
        match &**name {
            "url" | "path" if Some(of) == self.request && (first.is_none() || of_request) => {
                self.deeds.rewrites += 1;
            }
            "statusCode" | "status" if of_answer && !self.is_function(value) => {
                let status = self.seen.status(value);
                self.announce(status, guard, at);
            }
            "body" if of_answer => self.answer(None, guard, at),
            "res" | "response" if of_answer => {
                let status = self.seen.status_of_response(value);
                self.answer(Some(status), guard, at);
            }
            "respond" | "req" | "request" if of_answer => self.deeds.escapes += 1,
            method if of_answer && (ANSWERS.contains(&method) || STATUSES.contains(&method)) => {
                self.patched.push(name);
            }
            _ => {}
        }
    }

    fn is_function(&self, value: ExprId) -> bool {
        matches!(self.seen.module[value].kind, ExprKind::Function(_))
    }

    /// A property of the answer that is only read.
    fn member(&mut self, expr: ExprId, base: ExprId, name: &Arc<str>) {
        if self.is(base, self.answer) {
            self.understood.insert(base);
            let gives_answer = match self.seen.signature.gives {
                Gives::Response => ANSWERS.contains(&&**name) && !self.is_patched(name) || **name == *"raw",
                Gives::Context => matches!(&**name, "res" | "response"),
            };
            self.deeds.escapes += usize::from(gives_answer && !self.used.contains(&expr));
        }
    }

    fn is_patched(&self, name: &str) -> bool {
        self.patched.iter().any(|patched| ***patched == *name)
    }

    fn call(&mut self, call: ExprId, callee: ExprId, arguments: &'s [ExprId]) {
        let module = self.seen.module;
        if let ExprKind::Member(of, method) = &module[callee].kind {
            match self.part(*of) {
                Some(part) if Some(part.of) == self.answer => {
                    self.method(call, &part, method, arguments);
                    let itself = arguments.iter().filter(|&&argument| self.is(argument, self.answer));
                    let itself: Vec<ExprId> = itself.copied().collect();
                    self.understood.extend(itself);
                    return;
                }
                // `super.catch()` and `httpAdapter.reply()` of a filter, and what it is given to answer with.
                _ if self.seen.role == Role::Filter => self.method_of_filter(call, *of, method, arguments),
                _ => {}
            }
            if let ("json", ExprKind::Name(used)) = (&**method, &module[*of].kind)
                && self.seen.signature.returns
                && &*used.name == "Response"
            {
                let status = self.seen.given_status(arguments);
                self.answer(status, self.guard(call), self.seen.module[call].range.0);
            }
        }
        self.give(callee, arguments);
    }

    /// Notes what the answer, or the request, is handed to.
    fn give(&mut self, callee: ExprId, arguments: &[ExprId]) {
        let place =
            |binding: Option<BindingId>| arguments.iter().position(|&argument| self.is(argument, binding));
        let (answer, request) = (place(self.answer), place(self.request));
        let next = place(self.next);
        if self.is(callee, self.next) {
            return;
        }
        let Some(answer) = answer else { return };
        if let Some(&argument) = arguments.get(answer) {
            self.understood.insert(argument);
        }
        let signature = Signature { answer, request, next, returns: false, ..self.seen.signature };
        self.deeds.given_to.push(Given { callee, arguments: arguments.to_vec(), signature });
    }

    /// A method of the answer, or of what hangs on it.
    fn method(&mut self, call: ExprId, part: &Part<'_>, method: &str, arguments: &[ExprId]) {
        let (guard, at) = (self.guard(call), self.seen.module[call].range.1);
        let names: Vec<&str> = part.names.iter().map(|name| &***name).collect();
        let is_context = self.seen.signature.gives == Gives::Context;
        let of_answer = match names.as_slice() {
            // What is read of the answer of another handler of Hono.
            ["res", ..] if self.seen.role == Role::Middleware(Dialect::Hono) => return,
            [] | ["response" | "res" | "raw"] => true,
            ["response" | "res" | "raw", "headers", ..] => return,
            // `res.send.bind(res)` where it is replaced.
            [replaced] if matches!(method, "bind") && self.is_patched(replaced) => return,
            [beside, ..] if BESIDE.contains(beside) => return,
            // `ctx.state.user.check()`, but `ctx.body.pipe()` and `res.boom.notFound()`.
            _ if is_context => return,
            _ => false,
        };
        match method {
            "status" | "code" | "writeHead" if of_answer => {
                if let Some(&status) = arguments.first() {
                    let status = self.seen.status(status);
                    self.announce(status, guard, at);
                }
            }
            "callNotFound" if of_answer => self.deeds.denials += 1,
            _ if of_answer && (SETTERS.contains(&method) || GETTERS.contains(&method)) => {}
            // What another language of templates or users is asked for.
            _ if is_context && names.is_empty() && is_question(method) => {}
            _ => {
                let own = part.status.or_else(|| self.seen.own_status(method, arguments));
                self.answer(own, guard, at);
            }
        }
    }

    /// `new Response("…", { status })`
    fn made(&mut self, made: ExprId, callee: ExprId, arguments: &'s [ExprId]) {
        let is_response = self.seen.module.last_name(callee) == Some("Response");
        if is_response && self.seen.signature.returns {
            let status = self.seen.given_status(arguments);
            self.answer(status, self.guard(made), self.seen.module[made].range.1);
        }
    }

    /// What the method of a filter calls: whatever has a method that answers is an answer.
    fn method_of_filter(&mut self, call: ExprId, of: ExprId, method: &str, arguments: &[ExprId]) {
        let (guard, at) = (self.guard(call), self.seen.module[call].range.1);
        match method {
            "status" | "code" | "writeHead" => {
                if let Some(&status) = arguments.first() {
                    let status = self.seen.status(status);
                    self.announce(status, guard, at);
                }
            }
            // `httpAdapter.reply(response, body, status)`
            "reply" => {
                let status = arguments.get(2).map(|&status| self.seen.status(status));
                self.answer(status, guard, at);
            }
            _ if ANSWERS.contains(&method) => {
                let status =
                    self.seen.status_of_chain(of).or_else(|| self.seen.own_status(method, arguments));
                self.answer(status, guard, at);
            }
            _ => {}
        }
    }

    /// What a function returns whose value is the answer.
    fn returned(&mut self, value: ExprId, depth: usize) {
        let module = self.seen.module;
        match &module[value].kind {
            ExprKind::Call(callee, _) => {
                let is_next = self.is(*callee, self.next);
                let is_given = self.deeds.given_to.iter().any(|given| given.callee == *callee);
                let is_own = is_next || is_given || self.part(value).is_some();
                let is_response = matches!(&module[*callee].kind, ExprKind::Member(of, _) if module.last_name(*of) == Some("Response"));
                self.deeds.escapes += usize::from(!is_own && !is_response);
            }
            ExprKind::New(callee, _) if module.last_name(*callee) == Some("Response") => {}
            ExprKind::Conditional(_, one, other) | ExprKind::Logical(_, one, other) if depth < 8 => {
                self.returned(*one, depth + 1);
                self.returned(*other, depth + 1);
            }
            ExprKind::Null => {}
            ExprKind::Name(used) if &*used.name == "undefined" => {}
            ExprKind::Name(_) if self.is(value, self.answer) => {
                self.understood.insert(value);
            }
            _ => self.deeds.escapes += 1,
        }
    }
}
