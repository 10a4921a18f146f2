//! Terraform and the language that it is written in: read, and evaluated as `terraform plan` would without a cloud.
//!
//! [`parse`] reads files into blocks and expressions. [`resolve::evaluate`] makes of them the resources of every root
//! module. [`resolve::hcl::evaluate`] gives the value of one expression outside of Terraform.
//!
//! ```
//! use policy_terraform::parse::parse_all;
//! use policy_terraform::resolve::{Selection, evaluate};
//! use policy_terraform::TerraformOptions;
//! use policy_text::source::{MemoryTree, Sources};
//!
//! let main = "locals {\n  name = \"web\"\n}\nresource \"aws_lb\" \"x\" {\n  name = \"${local.name}-lb\"\n}\n";
//! let tree = MemoryTree::of(&[("main.tf", main)]);
//! let sources = Sources::open(&tree);
//! let (files, _) = parse_all(&sources);
//! let world = evaluate(&files, &sources, &Selection::All, &TerraformOptions::default());
//! let name = world.roots[0].resources[0].body.get("name").unwrap();
//! assert_eq!(name.as_string().as_deref(), Some("web-lb"));
//! ```

mod options;
pub mod parse;
pub mod resolve;

pub use options::TerraformOptions;
