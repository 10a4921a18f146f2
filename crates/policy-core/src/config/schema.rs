//! The JSON schema of `portcullis.toml`, derived from the types that read it.

use policy_text::Family;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::file::ConfigFile;
use super::selector::ALL;
use crate::rule_id::RuleId;

/// The schema, in which a table of rules names nothing but `known` ids, families and `ALL`.
pub fn schema(known: &[RuleId]) -> String {
    let mut schema =
        SchemaSettings::draft07().into_generator().into_root_schema_for::<ConfigFile>().to_value();
    let ids = known.iter().map(ToString::to_string);
    let families = Family::ALL.iter().filter(|family| known.iter().any(|id| id.family == **family));
    let mut names: Vec<String> = ids.chain(families.map(ToString::to_string)).collect();
    names.sort_unstable();
    names.push(ALL.to_owned());
    for rules in ["/properties/rules", "/definitions/Override/properties/rules"] {
        if let Some(Value::Object(table)) = schema.pointer_mut(rules) {
            table.insert("propertyNames".to_owned(), json!({ "enum": names }));
        }
    }
    crate::report::pretty(&schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_described_and_rules_are_named() {
        let id = RuleId::new(Family::Image, "latest-tag");
        let schema: Value = serde_json::from_str(&schema(&[id])).unwrap();
        let keys = schema["properties"].as_object().unwrap();
        assert!(keys.len() > 5 && keys.values().all(|key| key["description"].is_string()), "{schema:#}");
        let names = json!({ "enum": ["image", "image/latest-tag", "ALL"] });
        assert_eq!(schema["properties"]["rules"]["propertyNames"], names);
        assert_eq!(schema["definitions"]["Override"]["properties"]["rules"]["propertyNames"], names);
    }
}
