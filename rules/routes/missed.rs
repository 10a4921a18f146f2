//! What a program serves and no route sends to it although it is meant to be reached: the base of a pattern, a socket, a
//! handler whose siblings are routed.

mod ends;
mod led;
mod meant;
mod sentence;

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::AwsRoot;
use policy_core::model::program::{Answers, Registration};
use policy_core::model::routing::is_for_operations;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::MAX_SHOWN;
use super::handlers::group;
use ends::{Ends, ends};
use led::{Led, led};
use meant::{Meant, meant};

/// What the programs of `root` serve and nobody can reach, but for the handlers that are `told` of already.
pub(crate) fn warnings(context: &Context<'_>, root: &AwsRoot, told: &BTreeSet<Span>) -> Vec<Finding> {
    led(context.deployment, root).iter().flat_map(|led| missed(context, root, led, told)).collect()
}

/// What the missed handlers of one cause have in common: why they are meant, their group, and where requests for them end.
type Cause<'a> = (Meant<'a>, String, Span, Option<Span>);

/// Each cause, with where requests end and the handlers that get none.
type Causes<'a> = BTreeMap<Cause<'a>, (Ends<'a>, Vec<&'a Registration>)>;

fn missed(context: &Context<'_>, root: &AwsRoot, led: &Led<'_>, told: &BTreeSet<Span>) -> Vec<Finding> {
    let deployment = context.deployment;
    let is_routed =
        |registration: &Registration| led.routes.iter().any(|route| route.may_take(&registration.path));
    let (routed, missed): (Vec<&Registration>, Vec<&Registration>) =
        led.served.registrations.iter().partition(|registration| is_routed(registration));
    if routed.is_empty() {
        return Vec::new();
    }
    let mut causes = Causes::new();
    let untold = |missed: &&Registration| {
        missed.answers != Answers::Redirect && !is_for_operations(&missed.path) && !told.contains(&missed.at)
    };
    for registration in missed.into_iter().filter(untold) {
        let Some(meant) = meant(context, root, registration, led, &routed) else { continue };
        let Some(ends) = ends(deployment, root, led, registration) else { continue };
        let group = match meant {
            Meant::BelowIsRouted(..) | Meant::Socket => registration.path.to_string(),
            Meant::Called(_) | Meant::Siblings(_) | Meant::Program => group(registration),
            Meant::OfPages(_) | Meant::Proxied(_) => String::new(),
        };
        // However many calls there are, the first one shows it.
        let called = causes.keys().find(|(known, own, ..)| {
            matches!((known, meant), (Meant::Called(_), Meant::Called(_))) && *own == group
        });
        let meant = called.map_or(meant, |(known, ..)| *known);
        let cause = (meant, group, ends.table.at, ends.landing.by.map(|route| route.at));
        causes.entry(cause).or_insert((ends, Vec::new())).1.push(registration);
    }
    let found = merged(causes).into_iter();
    found.filter_map(|((meant, ..), (ends, missed))| finding(led, &ends, meant, &missed)).collect()
}

/// The causes, with one for all groups of a program where only the program speaks for many of them and their requests end
/// at one place: what keeps requests from most of what it serves is one thing.
fn merged<'a>(causes: Causes<'a>) -> Causes<'a> {
    let is_of_program = |(meant, ..): &Cause<'_>| *meant == Meant::Program;
    if causes.keys().filter(|cause| is_of_program(cause)).count() <= MAX_SHOWN {
        return causes;
    }
    let (of_program, mut merged): (Causes<'a>, Causes<'a>) =
        causes.into_iter().partition(|(cause, _)| is_of_program(cause));
    for ((meant, _, table, taken_by), (ends, missed)) in of_program {
        merged.entry((meant, String::new(), table, taken_by)).or_insert((ends, Vec::new())).1.extend(missed);
    }
    merged
}

fn finding(led: &Led<'_>, ends: &Ends<'_>, meant: Meant<'_>, missed: &[&Registration]) -> Option<Finding> {
    let first = missed.first()?;
    let name = &led.backend.container;
    let serves =
        |missed: &Registration| Label::new(missed.at, format!("`{name}` serves `{}` here", missed.path));
    let severity = if meant == Meant::Program { Severity::Note } else { Severity::Warning };
    let finding = Finding::new(sentence::message(led, ends, meant, missed), serves(first)).severity(severity);
    let others = missed.iter().skip(1).take(MAX_SHOWN - 1).map(|other| serves(other));
    let related = others
        .chain(sentence::evidence(led, meant, first))
        .chain(sentence::mounted(meant, first))
        .chain([sentence::taken(ends)])
        .chain(ends.dead_end.clone());
    Some(related.fold(finding, Finding::related).help(sentence::help(name, meant)))
}
