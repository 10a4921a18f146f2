//! A target group's health check may take as long as the time between two checks.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{HealthCheck, TargetGroup, target_groups};
use policy_core::model::setting;
use policy_core::resolve::Resolved;
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(|root| target_groups(root).iter().filter_map(late).collect())
}

/// What AWS takes where nothing is set, in seconds. Documents give 5 and 6 for an HTTP check's timeout: the smaller counts.
struct Defaults {
    interval: i64,
    timeout: i64,
}

fn late(group: &TargetGroup) -> Option<Finding> {
    let check = group
        .health_check
        .as_ref()
        .filter(|check| check.enabled.is_none() || setting::known(&check.enabled) == Some(&true))?;
    // Checks of network load balancers have rules and defaults of their own.
    let protocol = setting::known(&group.protocol).map(String::as_str);
    if !matches!(protocol, Some("HTTP" | "HTTPS")) && group.protocol.is_some() {
        return None;
    }
    let defaults = match setting::known(&group.target_type).map(String::as_str) {
        Some("lambda") => Defaults { interval: 35, timeout: 30 },
        Some(_) => Defaults { interval: 30, timeout: 5 },
        None if group.target_type.is_none() => Defaults { interval: 30, timeout: 5 },
        None => return None,
    };
    let (interval, interval_at) = seconds(check, check.interval.as_ref(), defaults.interval)?;
    let (timeout, timeout_at) = seconds(check, check.timeout.as_ref(), defaults.timeout)?;
    if timeout < interval || (check.interval.is_none() && check.timeout.is_none()) {
        return None;
    }
    let message = format!(
        "the health check of `{}` may take {timeout} s but is repeated every {interval} s: AWS wants the timeout below the \
         interval",
        group.name
    );
    let label = |is_set: bool, seconds: i64, name: &str| {
        if is_set {
            format!("{name} of {seconds} s")
        } else {
            format!("the {name} is {seconds} s where none is set")
        }
    };
    let (set_timeout, set_interval) = (check.timeout.is_some(), check.interval.is_some());
    let finding = if set_timeout {
        Finding::new(message, Label::new(timeout_at, label(true, timeout, "timeout")))
            .related(Label::new(interval_at, label(set_interval, interval, "interval")))
    } else {
        Finding::new(message, Label::new(interval_at, label(true, interval, "interval")))
            .related(Label::new(timeout_at, label(false, timeout, "timeout")))
    };
    Some(finding.help("lower the timeout, or raise the interval"))
}

fn seconds(check: &HealthCheck, set: Option<&Resolved<i64>>, default: i64) -> Option<(i64, Span)> {
    match set {
        None => Some((default, check.at)),
        Some(Resolved::Known(seconds, from)) => Some((*seconds, from.at)),
        Some(Resolved::Unknown(..)) => None,
    }
}
