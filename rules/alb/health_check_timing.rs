//! A target group's health check has durations that AWS refuses.

use std::ops::RangeInclusive;

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{Protocol, TargetGroup, TargetType};
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let groups = root.target_groups.iter();
        groups.flat_map(|group| out_of_range(group).into_iter().chain(late(group))).collect()
    })
}

/// What AWS allows, in seconds.
const INTERVALS: RangeInclusive<i64> = 5..=300;
const TIMEOUTS: RangeInclusive<i64> = 2..=120;

/// Durations that AWS takes from nobody.
fn out_of_range(group: &TargetGroup) -> Vec<Finding> {
    let Some(check) = &group.health_check else { return Vec::new() };
    let durations = [("interval", &check.interval, INTERVALS), ("timeout", &check.timeout, TIMEOUTS)];
    let found = durations.into_iter().filter_map(|(name, setting, allowed)| {
        let (seconds, from) = setting.found().filter(|(seconds, _)| !allowed.contains(seconds))?;
        let message = format!(
            "the health check of `{}` has {} {name} of {seconds} s: AWS allows {} to {}",
            group.name,
            if name == "interval" { "an" } else { "a" },
            allowed.start(),
            allowed.end()
        );
        let finding = cause::finding(message, from, "AWS refuses this value");
        Some(finding.help(format!("set it to a value from {} to {}", allowed.start(), allowed.end())))
    });
    found.collect()
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
