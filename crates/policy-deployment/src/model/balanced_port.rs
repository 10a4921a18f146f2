//! Ports of tasks to which a load balancer connects.

use policy_text::source::Span;

use super::AwsRoot;
use super::load_balancer::{LoadBalancer, Protocol, TargetGroup};
use super::security_group::SecurityGroup;
use super::service::Service;

/// A port of the tasks of a service to which an Application Load Balancer connects, with the security groups of both.
#[derive(Debug)]
pub struct BalancedPort<'d> {
    /// The service.
    pub service: &'d Service,
    /// The port.
    pub port: i64,
    /// Where the port is registered with the target group.
    pub port_at: Span,
    /// Where the groups of the tasks are named.
    pub groups_at: Span,
    /// The groups of the tasks.
    pub groups: Vec<&'d SecurityGroup>,
    /// Who sends requests to it.
    pub sender: Sender<'d>,
    /// The groups of who does.
    pub sender_groups: Vec<&'d SecurityGroup>,
}

/// Who sends requests to a target group.
#[derive(Debug)]
pub enum Sender<'d> {
    /// The load balancer whose listeners forward to it.
    Attached(&'d LoadBalancer),
    /// No listener does yet: any of these load balancers.
    AnyOf(Vec<&'d LoadBalancer>),
}

impl<'d> Sender<'d> {
    /// The load balancers.
    pub fn balancers(&self) -> &[&'d LoadBalancer] {
        match self {
            Self::Attached(balancer) => std::slice::from_ref(balancer),
            Self::AnyOf(balancers) => balancers,
        }
    }
}

impl AwsRoot {
    /// The ports of which the groups on both sides are of the configuration.
    pub fn balanced_ports(&self) -> impl Iterator<Item = BalancedPort<'_>> {
        self.registrations().filter_map(|(service, target, target_group)| {
            let (port, from) = target.port.found()?;
            self.balanced(service, target_group, *port, from.at)
        })
    }

    /// Likewise the ports to which only health checks connect.
    pub fn asked_ports(&self) -> impl Iterator<Item = BalancedPort<'_>> {
        self.registrations().filter_map(|(service, target, target_group)| {
            let check = target_group.health_check.as_ref()?;
            let (port, from) = check.port.found().filter(|_| check.enabled.known() != Some(&false))?;
            let port: i64 = port.parse().ok()?;
            let is_own = target.port.known().is_none_or(|registered| *registered == port);
            if is_own { None } else { self.balanced(service, target_group, port, from.at) }
        })
    }

    fn balanced<'d>(
        &'d self,
        service: &'d Service,
        target_group: &TargetGroup,
        port: i64,
        port_at: Span,
    ) -> Option<BalancedPort<'d>> {
        let references = &service.network.known()?.security_groups;
        let (_, groups_at) = references.named.first()?;
        let sender = self.sender_to(target_group)?;
        let mut sender_groups: Vec<&SecurityGroup> = Vec::new();
        for balancer in sender.balancers() {
            sender_groups.extend(self.security_groups.meant_by(&balancer.security_groups)?);
        }
        Some(BalancedPort {
            service,
            port,
            port_at,
            groups_at: *groups_at,
            groups: self.security_groups.meant_by(references)?,
            sender,
            sender_groups,
        })
    }

    /// `None` where it is not known, or may be another kind of load balancer.
    fn sender_to(&self, group: &TargetGroup) -> Option<Sender<'_>> {
        let is_application = |balancer: &LoadBalancer| balancer.is_application() == Some(true);
        let attached = self.balancers_of(group)?;
        match attached.as_slice() {
            [] => {
                let takes_http = matches!(group.protocol.known(), Some(Protocol::Http | Protocol::Https));
                let any: Vec<&LoadBalancer> =
                    self.load_balancers.iter().filter(|balancer| is_application(balancer)).collect();
                (takes_http && !any.is_empty()).then_some(Sender::AnyOf(any))
            }
            [only] if is_application(only) => Some(Sender::Attached(only)),
            _ => None,
        }
    }
}
