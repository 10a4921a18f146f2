//! A target group's health check may take as long as the time between two checks.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{Protocol, TargetGroup, TargetType};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.target_groups.iter().filter_map(late).collect())
}

/// What AWS takes where nothing is set, in seconds. Documents give 5 and 6 for an HTTP check's timeout: the smaller counts.
struct Defaults {
    interval: i64,
    timeout: i64,
}

fn late(group: &TargetGroup) -> Option<Finding> {
    let check = group.health_check.as_ref()?;
    let (enabled, _) = check.enabled.or_default(&true, check.at)?;
    // Checks of network load balancers have rules and defaults of their own.
    let (protocol, _) = group.protocol.or_default(&Protocol::Http, group.at)?;
    if !enabled || !matches!(protocol, Protocol::Http | Protocol::Https) {
        return None;
    }
    let defaults = match group.target_type.or_default(&TargetType::Instance, group.at)? {
        (TargetType::Lambda, _) => Defaults { interval: 35, timeout: 30 },
        _ => Defaults { interval: 30, timeout: 5 },
    };
    let (interval, interval_at) = check.interval.or_default(&defaults.interval, check.at)?;
    let (timeout, timeout_at) = check.timeout.or_default(&defaults.timeout, check.at)?;
    let (set_timeout, set_interval) = (check.timeout.is_set(), check.interval.is_set());
    if timeout < interval || !(set_timeout || set_interval) {
        return None;
    }
    let message = format!(
        "the health check of `{}` has a timeout of {timeout} s and an interval of {interval} s: AWS requires a timeout \
         shorter than the interval",
        group.name
    );
    let label = |is_set: bool, seconds: &i64, name: &str| {
        if is_set {
            format!("{name} of {seconds} s")
        } else {
            format!("no {name} is set: the default is {seconds} s")
        }
    };
    let finding = if set_timeout {
        Finding::new(message, Label::new(timeout_at, label(true, timeout, "timeout")))
            .related(Label::new(interval_at, label(set_interval, interval, "interval")))
    } else {
        Finding::new(message, Label::new(interval_at, label(true, interval, "interval")))
            .related(Label::new(timeout_at, label(false, timeout, "timeout")))
    };
    Some(finding.help("lower `timeout`, or raise `interval`"))
}
