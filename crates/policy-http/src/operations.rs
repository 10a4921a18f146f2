//! Paths that are for operators, probes and developers: that nobody outside reaches them is often meant.

use crate::path::PathPattern;

/// What a path begins with that serves operations.
const OPERATIONS: [&str; 12] = [
    "health",
    "ready",
    "readiness",
    "live",
    "alive",
    "ping",
    "metrics",
    "status",
    "internal",
    "actuator",
    "debug",
    "version",
];

/// What a path begins with that is documentation.
const DOCUMENTATION: [&str; 6] = ["docs", "redoc", "openapi", "swagger", "api-docs", "graphiql"];

/// Whether nobody need miss the path from outside: the root, probes, metrics, documentation.
pub fn is_for_operations(path: &PathPattern) -> bool {
    let written = path.to_string();
    let mut parts = written.split('/').filter(|part| !part.is_empty()).peekable();
    if parts.peek().is_none() {
        return true;
    }
    parts.any(|part| {
        let word = part.trim_start_matches(['_', '.', '-']).to_ascii_lowercase();
        OPERATIONS.iter().chain(&DOCUMENTATION).any(|known| word.starts_with(known))
    })
}
