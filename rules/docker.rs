//! Build contexts and Dockerfiles.

mod build_source;
mod context_includes_cache;
mod copy_of_ignored_path;
mod copy_of_missing_path;
mod git_in_image;
mod health_checks;
mod ignore_style;
mod ineffective_ignore_pattern;
mod invalid_ignore_pattern;
mod localhost_health_check;
mod missing_dockerfile;
mod missing_dockerignore;
mod missing_health_check_tool;
mod runs_as_root;
mod secret_in_context;
mod sent_directories;
mod unreadable_in_context;

use policy_core::Family;
use policy_core::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Docker,
        "context-includes-cache",
        include_str!("docker/context_includes_cache.md"),
        context_includes_cache::check,
    ),
    Rule::new(
        Family::Docker,
        "copy-of-ignored-path",
        include_str!("docker/copy_of_ignored_path.md"),
        copy_of_ignored_path::check,
    ),
    Rule::new(
        Family::Docker,
        "copy-of-missing-path",
        include_str!("docker/copy_of_missing_path.md"),
        copy_of_missing_path::check,
    ),
    Rule::new(Family::Docker, "git-in-image", include_str!("docker/git_in_image.md"), git_in_image::check),
    Rule::new(
        Family::Docker,
        "ineffective-ignore-pattern",
        include_str!("docker/ineffective_ignore_pattern.md"),
        ineffective_ignore_pattern::check,
    ),
    Rule::new(
        Family::Docker,
        "invalid-ignore-pattern",
        include_str!("docker/invalid_ignore_pattern.md"),
        invalid_ignore_pattern::check,
    ),
    Rule::new(
        Family::Docker,
        "localhost-health-check",
        include_str!("docker/localhost_health_check.md"),
        localhost_health_check::check,
    ),
    Rule::new(
        Family::Docker,
        "missing-dockerfile",
        include_str!("docker/missing_dockerfile.md"),
        missing_dockerfile::check,
    ),
    Rule::new(
        Family::Docker,
        "missing-dockerignore",
        include_str!("docker/missing_dockerignore.md"),
        missing_dockerignore::check,
    ),
    Rule::new(
        Family::Docker,
        "missing-health-check-tool",
        include_str!("docker/missing_health_check_tool.md"),
        missing_health_check_tool::check,
    ),
    Rule::new(Family::Docker, "runs-as-root", include_str!("docker/runs_as_root.md"), runs_as_root::check),
    Rule::new(
        Family::Docker,
        "secret-in-context",
        include_str!("docker/secret_in_context.md"),
        secret_in_context::check,
    ),
    Rule::new(
        Family::Docker,
        "unreadable-in-context",
        include_str!("docker/unreadable_in_context.md"),
        unreadable_in_context::check,
    ),
];
