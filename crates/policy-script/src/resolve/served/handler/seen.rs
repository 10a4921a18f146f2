//! What a handler is judged by.

use policy_text::source::FileId;

use super::super::super::modules::Scripts;
use super::super::super::value::Env;
use super::role::{Role, Signature};
use crate::parse::Module;
use crate::parse::syntax::FunctionId;

/// A function that is used as a handler.
pub(super) struct Seen<'s> {
    pub(super) scripts: &'s Scripts<'s>,
    pub(super) file: FileId,
    pub(super) module: &'s Module,
    pub(super) function: FunctionId,
    pub(super) env: &'s Env,
    pub(super) role: Role,
    pub(super) signature: Signature,
}
