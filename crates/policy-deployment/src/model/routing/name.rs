//! The names by which clients ask entrances.

use std::sync::Arc;

use policy_terraform::resolve::value::Value;
use policy_text::value::{Address, Hole, Origin, Piece, Text};

use super::table::{Entrance, Table};
use crate::model::AwsRoot;

/// A name by which clients ask an entrance.
#[derive(Clone, Debug)]
pub struct EntranceName {
    /// The name: written out, or the attribute that holds it.
    pub host: Text,
    /// The full address of the load balancer or distribution.
    pub of: Arc<str>,
}

impl EntranceName {
    fn is(&self, host: &Text) -> bool {
        match (self.host.known(), host.known()) {
            (Some(own), Some(host)) => own.trim_end_matches('.').eq_ignore_ascii_case(&host),
            (None, None) => {
                let decides = |hole: &Hole| matches!(hole.origin, Origin::Cloud(_) | Origin::Parameter(_));
                host.holes().all(decides) && self.host.to_string() == host.to_string()
            }
            _ => false,
        }
    }
}

impl AwsRoot {
    /// The tables that take a request for `url`, and the address with the values of outputs in their place: the tables of
    /// one load balancer at one port, or that of a distribution. `None` where it names none of them for certain.
    pub fn tables_asked(&self, url: &Text) -> Option<(Vec<&Table>, Text)> {
        let url = with_scheme(self.with_outputs(url));
        let address = Address::parse(&url);
        let entrance = self.entrance_at(&address.host).filter(|_| address.absolute)?;
        let is_secure = match address.scheme_name()?.as_str() {
            "http" | "ws" => false,
            "https" | "wss" => true,
            _ => return None,
        };
        let port = match &address.port {
            Some(port) => port.known()?.parse().ok()?,
            None if is_secure => 443,
            None => 80,
        };
        let is_asked = |table: &&Table| match &table.entrance {
            Entrance::Listener { balancer, .. } => {
                balancer.as_deref() == Some(entrance) && table.port == Some(port)
            }
            Entrance::Distribution { address } => **address == *entrance,
            Entrance::Proxy { .. } | Entrance::Ingress { .. } => false,
        };
        let tables: Vec<&Table> = self.tables.iter().filter(is_asked).collect();
        (!tables.is_empty()).then_some((tables, url))
    }

    /// The address with what outputs of the root hold in their place.
    fn with_outputs(&self, url: &Text) -> Text {
        let mut whole = Text::empty();
        for piece in url.pieces() {
            match self.output(piece) {
                Some(value) => whole.append(&value),
                None => whole.push(piece.clone()),
            }
        }
        whole
    }

    fn output(&self, piece: &Piece) -> Option<Text> {
        let Piece::Hole(Hole { origin: Origin::Cloud(name), .. }) = piece else { return None };
        let outputs = &self.terraform.as_ref()?.outputs;
        outputs.get(name.strip_prefix("output.")?).and_then(Value::to_text)
    }

    /// The one entrance that has the name.
    fn entrance_at(&self, host: &Text) -> Option<&str> {
        if let [Piece::Hole(Hole { origin: Origin::Output { command, .. }, .. })] = host.pieces() {
            let public = self.load_balancers.iter().filter(|own| own.is_public_application() != Some(false));
            let mut balancers = public.filter(|_| **command == *Origin::BALANCER_NAME);
            let only = balancers.next()?;
            return balancers.next().is_none().then_some(&only.address);
        }
        let mut named = self.entrance_names.iter().filter(|name| name.is(host));
        let first = named.next()?;
        named.all(|other| other.of == first.of).then_some(&first.of)
    }
}

/// The address with the scheme that it has where it begins with the name of a host.
fn with_scheme(url: Text) -> Text {
    match url.place() {
        Some(at) if !Address::parse(&url).absolute => {
            let mut whole = Text::literal("http://", at);
            whole.append(&url);
            whole
        }
        _ => url,
    }
}
