//! JSON schemas of our own formats, derived from the types that are written.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::baseline::Baseline;
use super::json::Document;
use super::rules::Row;

/// The schema of `check --format json`.
pub fn json_schema() -> String {
    written::<Document<'_>>()
}

/// The schema of `rules --format json`.
pub fn rules_schema() -> String {
    written::<Vec<Row<'_>>>()
}

/// The schema of a baseline.
pub fn baseline_schema() -> String {
    written::<Baseline>()
}

fn written<T: JsonSchema>() -> String {
    super::pretty(
        &SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>(),
    )
}
