//! Where entrances send requests: tables of routes, whatever they are written for.

mod landing;
mod name;
mod order;
mod route;
mod site;
mod table;

pub use landing::{Arrival, Landing};
pub use name::EntranceName;
pub use order::Order;
pub use policy_http::operations::is_for_operations;
pub use policy_http::path::{Part, PathPattern};
pub use route::{Destination, Narrowing, Route, RoutePath, Target};
pub use site::Site;
pub use table::{Entrance, Open, Table};
