//! Requests that end where nothing answers them, although a program behind the same entrance would.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label};
use policy_core::model::development_proxy::DevelopmentProxy;
use policy_core::model::program::{Answers, Backend, Methods, Registration};
use policy_core::model::routing::{Destination, Landing, PathPattern, Route, Table};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::asked::{Asked, By, asked, ends, taken_by};
use super::behind::{Taker, backend_of, taker};
use super::development::own_proxy;
use super::handlers::{answering, group, has_name};
use super::many_calls::{by_group, counted, with_groups, with_others};
use super::pages::Pages;
use super::patterns::{common_start, nearest};
use super::unprefixed::{Unprefixed, unprefixed};
use crate::wording;

/// A call that is lost, and who would answer it.
struct Lost<'a> {
    asked: Asked<'a>,
    table: &'a Table,
    landing: Landing<'a>,
    taker: Taker<'a>,
    /// Where what takes it passes it on to nothing.
    dead_end: Option<Label>,
    answer: Answer<'a>,
}

/// Who would answer a call that is lost.
enum Answer<'a> {
    /// The program of this container, with this handler.
    Of(&'a Backend, &'a Registration),
    /// The program that the call comes to, if it came without its prefix.
    Unprefixed(Unprefixed<'a>),
    /// What the development server of the page asks, and nothing in production.
    Development(&'a DevelopmentProxy),
    /// Nobody, and it asks to see whether somebody does.
    Nobody,
}

/// What the calls of one cause have in common: where they end, who would answer, and the group of handlers that does.
type Cause<'a> = (Span, Option<Span>, &'a str, String);

/// The findings for lost calls of a root, and the handlers that they would reach.
pub(crate) struct Errors {
    pub(crate) findings: Vec<Finding>,
    pub(crate) handlers: BTreeSet<Span>,
}

/// What is wrong with the calls of a root. At `dead` addresses nothing answers, which is said where they are given.
pub(crate) fn errors<'a>(
    context: &Context<'a>,
    pages: &Pages<'a>,
    root: &'a AwsRoot,
    dead: &[Span],
) -> Errors {
    let mut causes: BTreeMap<Cause<'_>, Vec<Lost<'_>>> = BTreeMap::new();
    let is_dead =
        |asked: &Asked<'_>| matches!(asked.by, By::Program(request) if dead.contains(&request.told_at));
    for asked in asked(context, pages, root).into_iter().filter(|asked| !is_dead(asked)) {
        if let Some(lost) = lost(context, root, asked) {
            causes.entry(cause(&lost)).or_default().push(lost);
        }
    }
    let findings = causes.values().filter_map(|lost| finding(lost)).collect();
    Errors { findings, handlers: causes.values().flat_map(|lost| reached(lost)).collect() }
}

/// The handlers that calls of one cause would reach.
fn reached(lost: &[Lost<'_>]) -> BTreeSet<Span> {
    let mut handlers = BTreeSet::new();
    for (index, lost) in lost.iter().enumerate() {
        match &lost.answer {
            Answer::Of(_, registration) => {
                handlers.insert(registration.at);
            }
            // Those of one prefix are the same for each call.
            Answer::Unprefixed(answer) if index == 0 => handlers.extend(answer.all(lost.table, lost.landing)),
            Answer::Unprefixed(_) | Answer::Development(_) | Answer::Nobody => {}
        }
    }
    handlers
}

fn cause<'a>(lost: &Lost<'a>) -> Cause<'a> {
    let by = lost.landing.by.map(|route| route.at);
    let (name, group) = match &lost.answer {
        // One rule that is missing, if none leads there; else one path that the rules lack.
        Answer::Of(backend, _) if reached_by(lost.table, backend).is_none() => {
            (backend.container.as_str(), String::new())
        }
        Answer::Of(backend, registration) => (backend.container.as_str(), group(registration)),
        Answer::Unprefixed(answer) => (answer.backend.container.as_str(), answer.prefix.to_owned()),
        // One entrance that lacks what the server for development has.
        Answer::Development(_) => ("", String::new()),
        Answer::Nobody => ("", lost.asked.path.to_string()),
    };
    (lost.table.at, by, name, group)
}

/// A rule that leads to a program, whatever the host or method of the request.
fn reached_by<'a>(table: &'a Table, backend: &Backend) -> Option<&'a Route> {
    table
        .routes
        .iter()
        .find(|route| route.narrowed_by.is_empty() && route.destination.targets().contains(&backend.target))
}

fn lost<'a>(context: &Context<'a>, root: &'a AwsRoot, asked: Asked<'a>) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    let wanted = Answers::Requests(asked.methods.clone());
    let mut found = None;
    for &entrance in &asked.tables {
        for (table, landing) in ends(root, entrance, &asked)? {
            let taker = taker(deployment, root, landing.destination)?;
            if !taker.lacks(deployment, root, &asked.path, &wanted)? {
                return None;
            }
            // What a rule answers by itself is meant to be answered so.
            let is_default = matches!(taker, Taker::Entrance) && landing.by.is_none();
            let answer = if let Some((backend, registration)) =
                answer(deployment, root, table, &asked.path, asked.methods)
            {
                Answer::Of(backend, registration)
            } else if let Some(answer) = unprefixed(entrance, table, landing, &taker, &asked) {
                Answer::Unprefixed(answer)
            } else if let Some(proxy) = only_in_development(context, &asked, &taker, landing) {
                Answer::Development(proxy)
            } else if matches!(asked.by, By::Check) && is_default && has_name(&asked.path) {
                Answer::Nobody
            } else {
                return None;
            };
            found = found.or(Some((table, landing, taker, answer)));
        }
    }
    let (table, landing, taker, answer) = found?;
    let dead_end = taker.dead_end(deployment, root, &asked.path);
    Some(Lost { asked, table, landing, taker, dead_end, answer })
}

/// The proxy by which the request of a page comes to a program in development alone: here it ends at what serves the page, or
/// at the default action.
fn only_in_development<'a>(
    context: &Context<'a>,
    asked: &Asked<'a>,
    taker: &Taker<'a>,
    landing: Landing<'a>,
) -> Option<&'a DevelopmentProxy> {
    let By::Page(file, Some(page)) = asked.by else { return None };
    let is_lost = match taker {
        Taker::Entrance => landing.by.is_none(),
        Taker::Container(backend, _) => backend.target == page.target,
    };
    own_proxy(context, file, &asked.path).filter(|_| is_lost)
}

/// A program behind the table that is certain to answer these paths.
fn answer<'a>(
    deployment: &'a Deployment,
    root: &'a AwsRoot,
    table: &Table,
    paths: &PathPattern,
    methods: &Methods,
) -> Option<(&'a Backend, &'a Registration)> {
    let targets = table.destinations().flat_map(Destination::targets);
    targets
        .filter_map(|target| backend_of(root, target))
        .find_map(|backend| Some((backend, answering(deployment.program_of(backend)?, paths, methods)?)))
}

fn finding(lost: &[Lost<'_>]) -> Option<Finding> {
    let first = lost.first()?;
    let Lost { asked: Asked { at, label, path, by, .. }, table, landing, taker, dead_end, answer } = first;
    let label = Label::new(*at, label.clone());
    let others = lost.iter().map(|other| (other.asked.at, &other.asked.path));
    let told = match by {
        By::Program(request) => {
            Some(Label::new(request.told_at, format!("`{}` gets this URL", request.owner)))
        }
        _ => None,
    };
    let (answered_by, registration) = match answer {
        Answer::Of(backend, registration) => (*backend, *registration),
        Answer::Unprefixed(answer) => {
            let finding = Finding::new(answer.message(path, lost.len()), label);
            let finding = told.into_iter().fold(with_others(finding, others), Finding::related);
            return Some(answer.explained(finding));
        }
        Answer::Development(proxy) => {
            let finding = Finding::new(in_development_alone(first, lost.len()), label);
            let finding = with_others(finding, others).related(taken_by(table, landing));
            let sends_on = "the development server of the page sends such requests to a program";
            let finding = finding.related(Label::new(proxy.at, sends_on));
            return Some(finding.help(help_for_development(lost)));
        }
        Answer::Nobody => {
            let message = format!(
                "the request for `{path}` reaches no program: no rule of `{}` matches it, and the default action returns a fixed response",
                table.name
            );
            let default =
                Label::new(table.at, "the default action of this listener returns a fixed response");
            return Some(
                Finding::new(message, label)
                    .related(default)
                    .help("request a path that a rule forwards to the program, or add the path to a rule"),
            );
        }
    };
    let name = &answered_by.container;
    let groups = by_group(lost, |lost| match &lost.answer {
        Answer::Of(_, registration) => group(registration),
        Answer::Unprefixed(_) | Answer::Development(_) | Answer::Nobody => String::new(),
    });
    let paths: Vec<&PathPattern> = groups.iter().map(|(_, lost)| &lost.asked.path).collect();
    let (shown, it) = (wording::paths(&paths), if groups.len() == 1 { "the path" } else { "the paths" });
    let ends = match taker {
        Taker::Entrance => {
            format!("answers requests for {shown} with a fixed response; `{name}` serves {it}")
        }
        Taker::Container(..) if dead_end.is_some() => format!(
            "sends requests for {shown} to {}, whose nginx proxies them to a host that does not exist; `{name}` serves {it}",
            taker.name()
        ),
        Taker::Container(..) => format!(
            "sends requests for {shown} to {}, which does not serve {it}; `{name}` does",
            taker.name()
        ),
    };
    let message = format!("`{}` {ends}{}", table.name, counted(lost.len()));
    let mut finding = Finding::new(message, label);
    finding = match groups.as_slice() {
        [_] => with_others(finding, others),
        _ => with_groups(finding, groups.iter().map(|(_, lost)| (lost.asked.at, &lost.asked.path))),
    };
    finding = told.into_iter().fold(finding, Finding::related).related(taken_by(table, landing));
    finding = dead_end.iter().cloned().fold(finding, Finding::related);
    finding =
        finding.related(Label::new(registration.at, format!("`{name}` serves `{}` here", registration.path)));
    let leading: Vec<&Route> = table
        .routes
        .iter()
        .filter(|route| route.destination.targets().contains(&answered_by.target))
        .collect();
    if let Some(nearest) =
        nearest(leading.iter().copied(), path).filter(|nearest| common_start(&nearest.pattern, path) > 1)
    {
        let falls_short = if nearest.pattern.meets(path) {
            format!("matches `{path}` too, but is evaluated later")
        } else {
            format!("does not match `{path}`")
        };
        let label = format!("this forwards `{}` to `{name}`, but {falls_short}", nearest.pattern);
        finding = finding.related(Label::new(nearest.at, label));
    }
    let patterns = groups.iter().flat_map(|(prefix, _)| [prefix.clone(), format!("{prefix}/*")]);
    let patterns = wording::listed(&patterns.collect::<Vec<_>>());
    // What is added to a rule holds only where its other conditions do.
    if !leading.is_empty() && reached_by(table, answered_by).is_none() {
        return Some(finding.help(format!(
            "add a rule for {patterns} that forwards to `{name}`: its present rules are only for other hosts or methods"
        )));
    }
    let before = landing
        .by
        .map_or_else(String::new, |route| format!(", with a lower priority number than `{}`", route.name));
    Some(
        finding
            .help(format!("add {patterns} to the path patterns of a rule that forwards to `{name}`{before}")),
    )
}

fn in_development_alone(first: &Lost<'_>, calls: usize) -> String {
    let (path, table) = (&first.asked.path, &first.table.name);
    let ends = match &first.taker {
        Taker::Entrance => {
            format!("no rule of `{table}` matches it, and the default action returns a fixed response")
        }
        taker @ Taker::Container(..) => {
            format!("`{table}` sends it to {}, which serves only the page", taker.name())
        }
    };
    format!("the request for `{path}` reaches no program: {ends}{}", counted(calls))
}

fn help_for_development(lost: &[Lost<'_>]) -> String {
    let mut paths: Vec<&PathPattern> = Vec::new();
    for lost in lost {
        if let Answer::Development(proxy) = &lost.answer
            && !paths.contains(&&proxy.paths)
        {
            paths.push(&proxy.paths);
        }
    }
    format!(
        "add a rule for {} that forwards to the program to which the development server sends it; the program has to serve the path unchanged",
        wording::paths(&paths)
    )
}
