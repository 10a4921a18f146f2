//! `portcullis schema`: the shapes of what the program reads and writes, for editors and programs.

use policy_core::{config, report};

use crate::arguments::SchemaOf;
use crate::catalogue;

/// The JSON schema of `of`.
pub(crate) fn schema(of: SchemaOf) -> String {
    match of {
        SchemaOf::Config => config::schema(&catalogue::ids()),
        SchemaOf::Report => report::json_schema(),
        SchemaOf::Rules => report::rules_schema(),
        SchemaOf::Baseline => report::baseline_schema(),
    }
}
