//! Tags that move by convention.

/// Tags that name a branch, a stage or a channel rather than one image.
pub(super) const MOVING: [&str; 18] = [
    "stable",
    "main",
    "master",
    "trunk",
    "dev",
    "devel",
    "develop",
    "development",
    "staging",
    "stage",
    "prod",
    "production",
    "edge",
    "nightly",
    "canary",
    "release",
    "current",
    "lts",
];
