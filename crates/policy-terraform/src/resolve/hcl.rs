//! HCL outside of Terraform: expressions of bake files and of job files, which have its functions and templates but no modules.
//!
//! ```
//! use policy_terraform::parse::{Role, parse};
//! use policy_terraform::resolve::hcl::{Names, evaluate};
//! use policy_terraform::resolve::value::Value;
//! use policy_text::source::{FileId, RepoPath, Span};
//! use policy_text::value::Origin;
//!
//! let file = FileId(0);
//! let path = RepoPath::new("docker-bake.hcl").unwrap();
//! let (parsed, _) = parse(file, &path, Role::Configuration, "tag = upper(\"${NAME}:${TAG}\")\n");
//! let mut names = Names::new(|path| Origin::Environment(path.into()), &[]);
//! names.insert("NAME", Value::string("web", Span::start_of(file)));
//!
//! let tag = evaluate(&parsed.body.attributes[0].value, &names);
//! assert_eq!(tag.to_text().unwrap().to_string(), "WEB:${TAG}");
//! ```

use super::evaluation::Evaluation;
use super::instance::Each;
use super::limits::MAX_STEPS;
use super::module::Modules;
pub use super::names::Names;
use super::scope::{Ground, Scope};
use super::value::Value;
use crate::TerraformOptions;
use crate::parse::syntax::Expr;

/// The value of an expression that sees `names` alone. A condition that is not known yields both of its sides.
pub fn evaluate(expression: &Expr, names: &Names) -> Value {
    let (modules, options) = (Modules::default(), TerraformOptions::default());
    let evaluation = Evaluation::without_files(&modules, &options, MAX_STEPS);
    let ground = Ground::Names { names, in_condition: false };
    let scope = Scope { ground, each: &Each::None, bound: None };
    evaluation.expression(expression, scope)
}
