//! The ids of rules: a family and a problem, `image/latest-tag`.

/// The family of the rule called `id`: what stands before the slash.
pub fn family(id: &str) -> &str {
    id.split_once('/').map_or(id, |(family, _)| family)
}
