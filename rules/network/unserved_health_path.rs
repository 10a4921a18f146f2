//! A health check requests a path that the program behind it does not serve.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{HealthCheck, Protocol, TargetGroup};
use policy_core::model::program::{Backend, Program};
use policy_core::model::service::{Service, ServiceTarget};
use policy_core::model::setting::Setting;
use policy_core::model::task_definition::Container;
use policy_core::model::workload::{HttpProbe, ReachedBy, Workload};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

use crate::cause;
use crate::routes::{Refused, Status, refused};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let deployment = context.deployment;
    let mut found = in_roots(context, deployment);
    let real = deployment.workloads.iter().filter(|workload| is_real(context, workload.at));
    found.extend(real.filter_map(|workload| by_probe(workload, deployment)));
    found
}

/// Whether what stands at a place is deployed, and not made up to show or to try something.
fn is_real(context: &Context<'_>, at: Span) -> bool {
    !purpose::is_made_up(context.sources.path(at.file))
}

fn in_roots(context: &Context<'_>, deployment: &Deployment) -> Vec<Finding> {
    context.each_root(|root| {
        let real = root.registrations().filter(|(service, ..)| is_real(context, service.at));
        let checked = real.filter_map(|(service, target, group)| {
            Some((Behind::of(deployment, root, service, target, group)?, group))
        });
        let failing = checked.flat_map(|(behind, group)| [behind.asked_by(group), behind.asked_by_itself()]);
        one_for_each_path(failing.flatten())
    })
}

/// A health check that fails.
struct Failing<'a> {
    finding: Finding,
    /// The container whose program answers.
    container: &'a str,
    /// The path that it does not serve.
    path: String,
    /// Who asks.
    by: String,
}

/// One finding for a path that a program lacks, whoever asks it for the path.
fn one_for_each_path<'a>(failing: impl Iterator<Item = Failing<'a>>) -> Vec<Finding> {
    let mut told: Vec<Failing<'a>> = Vec::new();
    for failing in failing {
        let is_told =
            |other: &&mut Failing<'_>| other.container == failing.container && other.path == failing.path;
        match told.iter_mut().find(is_told) {
            Some(first) if first.by == failing.by => {}
            Some(first) => {
                let label = Label::new(
                    failing.finding.primary.span,
                    format!("{} requests the same path", failing.by),
                );
                if label.span != first.finding.primary.span && !first.finding.related.contains(&label) {
                    first.finding.related.push(label);
                }
            }
            None => told.push(failing),
        }
    }
    told.into_iter().map(|failing| failing.finding).collect()
}

/// The fault of the probes of Kubernetes. Each asks by itself: the first one that fails is shown, the others beside it.
fn by_probe(workload: &Workload, deployment: &Deployment) -> Option<Finding> {
    let program = deployment.program(workload.program?)?;
    let name = &workload.container;
    let failing: Vec<(&HttpProbe, Refused<'_>)> = workload
        .probes
        .iter()
        .filter(|probe| is_of_program(probe, workload))
        .filter_map(|probe| {
            let asked = probe.path.split('?').next()?;
            let refused = refused(program, asked, probe.port.into())?;
            // The kubelet takes 200 to 399, and follows redirects.
            matches!(refused.status, Status::Exactly(400..)).then_some((probe, refused))
        })
        .collect();
    let (first, refused) = failing.first()?;
    let effect = match first.kind {
        "readinessProbe" => "no Service sends it requests",
        _ => "Kubernetes restarts it again and again",
    };
    let message = format!(
        "the {} of `{name}` requests `{}`, {}: {effect}",
        first.kind,
        first.path,
        answer(name, refused)
    );
    let finding =
        Finding::new(message, Label::new(first.at, format!("the {} requests this path", first.kind)));
    let others = failing
        .iter()
        .skip(1)
        .map(|(probe, _)| Label::new(probe.at, format!("the same for the {}: `{}`", probe.kind, probe.path)));
    let finding = others.fold(finding, Finding::related);
    let by = refused.by.map(|at| Label::new(at, "this decides the response"));
    let meant =
        refused.meant.map(|meant| Label::new(meant.at, format!("`{name}` serves `{}` here", meant.path)));
    let finding = by.into_iter().chain(meant).fold(finding, Finding::related);
    Some(finding.help(match refused.meant {
        Some(meant) => format!("request `{}`, or serve `{}`", meant.path, first.path),
        None => format!("request a path that `{name}` serves, or serve `{}` with status 200", first.path),
    }))
}

/// Whether a probe asks at the port of the program: the one that it is known to open, or one that a Service sends requests to.
/// Another may be that of its metrics.
fn is_of_program(probe: &HttpProbe, workload: &Workload) -> bool {
    match workload.server.as_ref().and_then(|server| server.port.as_ref()) {
        Some(own) => own.value == probe.port,
        None => workload
            .reached
            .iter()
            .any(|reached| reached.port == probe.port && matches!(reached.by, ReachedBy::Service(_))),
    }
}

/// What is behind a target group.
struct Behind<'a> {
    service: &'a Service,
    backend: &'a Backend,
    container: &'a Container,
    program: &'a Program,
    /// The port of the container.
    port: i64,
}

impl<'a> Behind<'a> {
    fn of(
        deployment: &'a Deployment,
        root: &'a AwsRoot,
        service: &'a Service,
        target: &ServiceTarget,
        group: &TargetGroup,
    ) -> Option<Self> {
        let name = target.container.known()?;
        let backend = root.backends.iter().find(|backend| {
            backend.target.address == group.address
                && backend.service == service.name
                && backend.container == *name
        })?;
        let containers = &service.task_definition.as_ref()?.containers;
        let container = containers.iter().find(|container| container.name.known() == Some(name))?;
        let program = deployment.program_of(backend)?;
        Some(Self { service, backend, container, program, port: *target.port.known()? })
    }

    /// The fault of the target group's own check.
    fn asked_by(&self, group: &TargetGroup) -> Option<Failing<'a>> {
        let (protocol, _) = group.protocol.or_default(&Protocol::Http, group.at)?;
        if !matches!(protocol, Protocol::Http | Protocol::Https) {
            return None;
        }
        let (path, matcher) = match &group.health_check {
            None => (None, HealthCheck::DEFAULT_MATCHER),
            Some(check) => {
                let (is_enabled, _) = check.enabled.or_default(&true, check.at)?;
                let (protocol, _) = check.protocol.or_default(&Protocol::Http, check.at)?;
                let port = text(&check.port, HealthCheck::TRAFFIC_PORT)?;
                let is_own_port = port == HealthCheck::TRAFFIC_PORT || port.parse() == Ok(self.port);
                if !is_enabled || *protocol != Protocol::Http || !is_own_port {
                    return None;
                }
                // A path that is not known is none that is not set.
                text(&check.path, HealthCheck::DEFAULT_PATH)?;
                (check.path.found(), text(&check.matcher, HealthCheck::DEFAULT_MATCHER)?)
            }
        };
        let asked = path.map_or(HealthCheck::DEFAULT_PATH, |(path, _)| path);
        let asked = asked.split('?').next()?;
        let refused = refused(self.program, asked, self.port)?;
        if accepts(matcher, refused.status)? {
            return None;
        }
        let name = &self.backend.container;
        let message = format!(
            "the health check of `{}` requests `{asked}`, {}: no task becomes healthy, and ECS keeps replacing them",
            group.name,
            answer(name, &refused)
        );
        let finding = if let Some((_, from)) = path {
            cause::finding(message, from, "the health check requests this path")
        } else {
            let at = group.health_check.as_ref().map_or(group.at, |check| check.at);
            let label = format!("no path is set: the health check requests `{asked}`");
            Finding::new(message, Label::new(at, label))
        };
        Some(self.explained(finding, asked, &refused, format!("the health check of `{}`", group.name)))
    }

    /// The fault of the check that the container runs in itself.
    fn asked_by_itself(&self) -> Option<Failing<'a>> {
        let probe = &self.container.health_check.known()?.probe;
        let [asked] = probe.asks.as_slice() else { return None };
        // A probe of more than one way may succeed in another one.
        let is_all = probe.attempts.as_ref().is_some_and(|attempts| attempts.len() == 1);
        let is_meant = is_all && asked.fails_on_error && asked.is_own() && asked.port == Some(self.port);
        let path = asked.path.as_deref().filter(|_| is_meant)?;
        let refused = refused(self.program, path, self.port)?;
        if !matches!(refused.status, Status::Exactly(400..)) {
            return None;
        }
        let name = &self.backend.container;
        let message = format!(
            "the health check of container `{name}` requests `{path}`, {}: the container never becomes healthy",
            answer(name, &refused)
        );
        let finding = Finding::new(message, Label::new(asked.at, "the health check requests this path"));
        Some(self.explained(finding, path, &refused, format!("the health check of container `{name}`")))
    }

    fn explained(&self, finding: Finding, asked: &str, refused: &Refused<'_>, by: String) -> Failing<'a> {
        let name = self.backend.container.as_str();
        let handler = refused.by.map(|at| match refused.status {
            Status::Exactly(405) => Label::new(at, "this handler does not accept GET"),
            Status::Redirect => {
                Label::new(at, "this handler redirects to the same path with or without its last slash")
            }
            Status::Exactly(_) => Label::new(at, "nginx answers the path here"),
        });
        // The handler that redirects is the one that is meant.
        let meant = refused.meant.filter(|meant| Some(meant.at) != refused.by);
        let meant = meant.map(|meant| Label::new(meant.at, format!("`{name}` serves `{}` here", meant.path)));
        let finding = handler.into_iter().chain(meant).fold(finding, Finding::related);
        let finding = finding.related(Label::new(self.service.at, format!("this service runs `{name}`")));
        let finding = finding.help(match (refused.meant, refused.status) {
            (Some(meant), _) => format!("request `{}`, or serve `{asked}`", meant.path),
            (None, Status::Exactly(300..400)) => {
                format!("answer `{asked}` without a redirect, or accept the status with `matcher`")
            }
            _ => format!("request a path that `{name}` serves, or serve `{asked}` with status 200"),
        });
        Failing { finding, container: name, path: asked.to_owned(), by }
    }
}

/// What a setting says. `None` where that is not known.
fn text<'s>(setting: &'s Setting<String>, default: &'s str) -> Option<&'s str> {
    match setting {
        Setting::Unset => Some(default),
        Setting::Known(text, _) => Some(text),
        Setting::Unknown(..) => None,
    }
}

/// "which `api` answers with 404".
fn answer(name: &str, refused: &Refused<'_>) -> String {
    match refused.status {
        Status::Exactly(404) if refused.by.is_none() => format!("which `{name}` does not serve"),
        Status::Exactly(405) => format!("which `{name}` does not serve for GET"),
        Status::Exactly(status) => format!("which `{name}` answers with {status}"),
        Status::Redirect => format!("which `{name}` answers with a redirect"),
    }
}

/// Whether a matcher takes a status. `None` where it cannot be read, or takes what may be answered in its place: whatever
/// asks for a login may come first.
fn accepts(matcher: &str, status: Status) -> Option<bool> {
    let ranges: Option<Vec<(u16, u16)>> = matcher
        .split(',')
        .map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
        })
        .collect();
    let ranges = ranges?;
    let takes = |first: u16, last: u16| ranges.iter().any(|(low, high)| *low <= last && first <= *high);
    match status {
        Status::Exactly(404 | 405) if takes(300, 499) => None,
        Status::Exactly(status) => Some(takes(status, status)),
        Status::Redirect => Some(takes(300, 399)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_takes_lists_and_ranges() {
        for (matcher, status, expected) in [
            ("200", Status::Exactly(404), Some(false)),
            ("200-299", Status::Exactly(404), Some(false)),
            ("200-399", Status::Exactly(404), None),
            ("200,404", Status::Exactly(404), None),
            ("200, 301", Status::Exactly(301), Some(true)),
            ("200-399", Status::Redirect, Some(true)),
            ("200", Status::Redirect, Some(false)),
            ("OK", Status::Exactly(404), None),
        ] {
            assert_eq!(accepts(matcher, status), expected, "{matcher} {status:?}");
        }
    }
}
