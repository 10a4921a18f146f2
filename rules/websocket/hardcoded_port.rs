//! A constant port behind a load balancer that does not open it.

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label, Severity};
use policy_core::model::endpoint::{Client, Host};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Origin, PagePart, Piece};

use super::fault::{Fault, Faulty, faulty};
use super::ports;
use super::redaction::redacted;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let port = |fault| match fault {
        Fault::Port(port) => Some(port),
        Fault::Localhost | Fault::Scheme => None,
    };
    faulty(context, port).iter().map(|faulty| closed_port(context, faulty)).collect()
}

fn closed_port(context: &Context<'_>, faulty: &Faulty<'_, u16>) -> Finding {
    let port = faulty.fault;
    let address = redacted(faulty.url);
    let published = match &faulty.host {
        Host::Private(_) => None,
        _ => ports::published(context, port),
    };
    let (message, label) = match &faulty.host {
        _ if published.is_some() => (
            format!(
                "the socket to `{address}` uses port {port}, which visitors reach only while the machine publishes it: \
                 behind a load balancer or a proxy with TLS, it is closed"
            ),
            format!("port {port} is set here"),
        ),
        Host::Private(host) => (
            format!(
                "the socket to `{address}` connects to `{host}`, which is reachable only in a private network"
            ),
            format!("port {port} is set here"),
        ),
        Host::Page => (
            format!("the socket to `{address}` uses port {port}, which is closed behind a load balancer"),
            format!("port {port} is set here, but the page is served on the load balancer's port"),
        ),
        _ => (
            format!("the socket to `{address}` uses port {port}, which is closed behind a load balancer"),
            format!("port {port} is set here"),
        ),
    };
    let help = match (&faulty.host, faulty.client()) {
        (Host::Page, _) if faulty.takes_port_apart() => {
            "give the port that the load balancer opens, 443 over TLS, and let it route the socket's path"
        }
        (Host::Page, _) => {
            "use `location.host`, which includes the page's port, and let the load balancer route the path"
        }
        (Host::Private(_), Client::Page) => {
            "use `location.host`, or take the whole address from a build-time environment variable"
        }
        (Host::Private(_), _) => "take the whole address from a build-time environment variable",
        _ => "remove the port, or take the whole address from a build-time environment variable",
    };
    let mut finding =
        faulty.explain(Finding::new(message, Label::new(faulty.provenance.at, label))).help(help);
    if let Some(at) = published {
        finding = finding.severity(Severity::Warning).related(Label::new(at, "the port is published here"));
    }
    finding.related.extend(ports::labels(context, port, &faulty.host));
    finding.fix = use_host(context, faulty);
    finding
}

/// Makes `location.host` of `location.hostname`, and takes `:8000` out of the literal that follows it, where both are their
/// own source text.
fn use_host(context: &Context<'_>, faulty: &Faulty<'_, u16>) -> Option<Fix> {
    let decided = faulty.provenance.at;
    let (hostname, text, at) = faulty.url.pieces().windows(2).find_map(|pair| match pair {
        [Piece::Hole(hole), Piece::Literal(text, provenance)]
            if hole.origin == Origin::Page(PagePart::Hostname) && decided.is_within(provenance.at) =>
        {
            Some((hole.at, text, provenance.at))
        }
        _ => None,
    })?;
    let written = format!(":{}", faulty.fault);
    let rest = text.strip_prefix(&written)?;
    if rest.starts_with(|next: char| next.is_ascii_digit()) {
        return None;
    }
    // A part of a template stands for itself; a string has its quotes around it; any other has escapes or was cut.
    let quotes = match at.range().len().checked_sub(text.len())? {
        0 => 0,
        2 => 1,
        _ => return None,
    };
    let start = at.range().start + quotes;
    let span = Span::new(at.file, start..start + written.len());
    let source = context.text(hostname.file)?;
    let end = hostname.range().end;
    source.slice(hostname.range()).strip_suffix("location.hostname")?;
    // Elsewhere, the name may be used without a port.
    let between = source.slice(end..span.range().start);
    let is_beside = hostname.file == span.file
        && end <= span.range().start
        && between
            .chars()
            .all(|next| next.is_ascii_whitespace() || matches!(next, '}' | '+' | '\'' | '"' | '`'));
    is_beside.then_some(())?;
    let name = Span::new(hostname.file, end - "name".len()..end);
    let without = |span| Edit::Replace { span, text: String::new() };
    let edits = vec![without(name), without(span)];
    Some(Fix {
        title: "use `location.host`, which includes the page's port".to_owned(),
        applicability: Applicability::Unsafe,
        edits,
    })
}
