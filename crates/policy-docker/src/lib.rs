//! What Docker reads: Dockerfiles and their stages, ignore files, requests to build, and image references.

pub mod asker;
pub mod build;
pub mod cache;
pub mod dockerfile;
pub mod dockerignore;
pub mod image;
pub mod landed;
pub mod layout;
pub mod origin;
pub mod runtime;
pub mod stages;
pub mod taken;
pub mod walk;
