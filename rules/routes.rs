//! Requests that do not come to the program that serves them, joined from tables, programs and calls.

mod asked;
mod behind;
mod bucket;
mod calls;
mod development;
mod handlers;
mod many_calls;
mod missed;
mod page_files;
mod pages;
mod patterns;
mod refused;
mod sites;
mod told;
mod unprefixed;

pub(crate) use behind::backend_of;
pub(crate) use bucket::errors as at_bucket;
pub(crate) use calls::{Errors, errors};
pub(crate) use missed::warnings;
pub(crate) use page_files::own_files;
pub(crate) use pages::Pages;
pub(crate) use refused::{Refused, Status, refused};
pub(crate) use sites::errors as at_sites;
pub(crate) use told::dead_addresses;

/// How many places of one cause are shown.
const MAX_SHOWN: usize = 3;
