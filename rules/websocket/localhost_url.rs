//! A socket to the machine of whoever opens the page.

use policy_core::FileKind;
use policy_core::finding::{Finding, Label};
use policy_core::model::endpoint::{Client, Host, SeenFrom};
use policy_core::rule::Context;

use super::fault::{Fault, Faulty, faulty};
use super::redaction::redacted;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    faulty(context, |fault| (fault == Fault::Localhost).then_some(()))
        .iter()
        .map(|faulty| own_machine(context, faulty))
        .collect()
}

fn own_machine(context: &Context<'_>, faulty: &Faulty<'_, ()>) -> Finding {
    let label = match (&faulty.host, faulty.client()) {
        (Host::Developers(SeenFrom::Emulator), _) => {
            "in an Android emulator, this is the developer's machine"
        }
        (Host::Developers(SeenFrom::Container), _) => "in a container, this is the machine that runs it",
        (_, Client::Device) => "on a device, this is the device itself",
        _ => "in a browser, this is the visitor's own machine",
    };
    let label = Label::new(faulty.provenance.at, label);
    faulty.explain(Finding::new(message(faulty), label)).help(help(context, faulty))
}

fn message(faulty: &Faulty<'_, ()>) -> String {
    let leads = match (&faulty.host, faulty.client(), faulty.always()) {
        (Host::Developers(_), _, true) => "connects to the developer's machine",
        (Host::Developers(_), _, false) => "can connect to the developer's machine",
        (_, Client::Device, true) => "connects every device to itself",
        (_, Client::Device, false) => "can connect devices to themselves",
        (_, _, true) => "connects every visitor to their own machine",
        (_, _, false) => "can connect visitors to their own machine",
    };
    format!("the socket to `{}` {leads}", redacted(faulty.url))
}

fn help(context: &Context<'_>, faulty: &Faulty<'_, ()>) -> String {
    let file = faulty.provenance.at.file;
    let written_in = FileKind::of(context.sources.path(file));
    if !matches!(written_in, Some(FileKind::Script | FileKind::Page)) {
        // The environment of the build gives it already, and no code can guard it there.
        return "set the address of the deployment here".to_owned();
    }
    let host = match faulty.client() {
        Client::Page => "use `location.host`",
        Client::Device | Client::Installed => "take the whole address from a build-time environment variable",
    };
    // Where the code asks already, the answer is not what it takes it for.
    let asks = |guard: &str| {
        let asked = guard.split(' ').next().unwrap_or(guard);
        context.text(file).is_some_and(|text| text.as_str().contains(asked))
    };
    match faulty.development_guard() {
        Some(guard) if !asks(guard) => format!("{host}, or use this address only under `{guard}`"),
        _ => host.to_owned(),
    }
}
