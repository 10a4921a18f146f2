//! Functions of Lambda.

use std::sync::Arc;

use super::task_definition::Variable;

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// What its runtime calls: a dotted name, or one with slashes, where it is known.
    pub handler: Option<String>,
    /// The variables that it is given for certain.
    pub variables: Vec<Variable>,
}
