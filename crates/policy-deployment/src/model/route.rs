//! Where the routes of subnets lead.

use std::sync::Arc;

use policy_text::source::Span;

/// The subnets of a root module and their ways out.
#[derive(Debug, Default)]
pub struct Routes {
    /// The subnets of which all routes are known, by address.
    pub subnets: Vec<SubnetRoutes>,
    /// Whether there are endpoints by which services of AWS are reached without a way out, or may be.
    pub has_endpoints: bool,
}

/// The routes of a subnet.
#[derive(Clone, Debug)]
pub struct SubnetRoutes {
    /// The full address of the subnet.
    pub subnet: Arc<str>,
    /// The head of its route table.
    pub table_at: Span,
    /// Where the table leads.
    pub way: Way,
}

/// A way out of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There is none.
    None,
    /// An internet gateway, which takes only what has a public address.
    InternetGateway(Span),
    /// Another one, such as a NAT gateway, or one that is unknown.
    OtherOrUnknown,
}

impl Routes {
    /// The routes of the subnet at `address`, where all of them are known.
    pub fn of(&self, address: &str) -> Option<&SubnetRoutes> {
        self.subnets.iter().find(|routes| *routes.subnet == *address)
    }
}
