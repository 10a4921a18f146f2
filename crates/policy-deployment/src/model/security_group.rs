//! Security groups: which connections they let in and out.

use std::sync::Arc;

use policy_text::source::Span;

use super::references::References;

/// The security groups of a root module.
#[derive(Debug, Default)]
pub struct SecurityGroups {
    /// The groups, by address.
    pub groups: Vec<SecurityGroup>,
    /// Whether a rule may be one of any group: it is not known of which.
    pub has_stray_rules: bool,
}

/// A security group. Terraform takes away the rule that AWS gives each: nothing goes out but what a rule lets out.
#[derive(Clone, Debug)]
pub struct SecurityGroup {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// What it lets in.
    pub ingress: GroupRules,
    /// What it lets out.
    pub egress: GroupRules,
}

/// The rules of a group for one direction.
#[derive(Clone, Debug, Default)]
pub struct GroupRules {
    /// Those that are certain to be there.
    pub rules: Vec<GroupRule>,
    /// Whether there may be more.
    pub more: bool,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct GroupRule {
    /// The head of its block.
    pub at: Span,
    /// The ports of TCP.
    pub ports: Ports,
    /// Who is at the other end.
    pub peers: Peers,
}

/// Ports of TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Each of them.
    All,
    /// Those from the first to the second.
    Range(i64, i64),
    /// None: the rule is for another protocol.
    None,
    /// Not known.
    Unknown,
}

/// Who is at the other end of a connection.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    /// Members of these groups.
    pub groups: References,
    /// Whether members of the group itself are.
    pub itself: bool,
    /// Whether all addresses of the Internet are, and where that is written.
    pub everyone: Option<Span>,
    /// Whether other addresses are, or may be.
    pub others: bool,
}

impl Ports {
    /// Whether `port` is among them, or may be.
    pub fn may_have(self, port: i64) -> bool {
        match self {
            Self::All | Self::Unknown => true,
            Self::Range(first, last) => (first..=last).contains(&port),
            Self::None => false,
        }
    }

    /// Whether `port` is among them for certain.
    pub fn has(self, port: i64) -> bool {
        self != Self::Unknown && self.may_have(port)
    }
}

impl GroupRules {
    /// Whether one of them may take in a connection at `port` with a member of one of `peers`; `own` is the group that the
    /// rules are of.
    pub fn may_take(&self, port: i64, own: &str, peers: &[&SecurityGroup]) -> bool {
        let takes_from = |rule: &GroupRule| {
            let Peers { groups, itself, everyone, others } = &rule.peers;
            let is_peer = |address: &str| peers.iter().any(|peer| *peer.address == *address);
            *others
                || everyone.is_some()
                || groups.more
                || (*itself && is_peer(own))
                || peers.iter().any(|peer| groups.may_name(&peer.address))
        };
        self.more || self.rules.iter().any(|rule| rule.ports.may_have(port) && takes_from(rule))
    }

    /// Where one of them takes connections at `port` from everyone.
    pub fn open_to_everyone(&self, port: i64) -> Option<(&GroupRule, Span)> {
        self.rules
            .iter()
            .filter(|rule| rule.ports.has(port))
            .find_map(|rule| Some((rule, rule.peers.everyone?)))
    }
}

impl SecurityGroups {
    /// The groups that `references` name, where all of them are groups of the configuration.
    pub fn meant_by(&self, references: &References) -> Option<Vec<&SecurityGroup>> {
        references.all()?.iter().map(|(reference, _)| self.at(&reference.address)).collect()
    }

    /// The group at `address`.
    pub fn at(&self, address: &str) -> Option<&SecurityGroup> {
        let index = self.groups.partition_point(|group| *group.address < *address);
        self.groups.get(index).filter(|group| *group.address == *address)
    }
}
