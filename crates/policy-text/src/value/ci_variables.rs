//! Environment variables that build services and shells set themselves.

use super::Origin;

/// What decides an environment variable that nothing in the repository sets: the run itself, for the variables that
/// name a commit or number a run, and otherwise the environment.
pub fn origin_of(name: &str) -> Origin {
    if DIFFERS_BY_RUN.contains(&name) {
        Origin::Unique(name.into())
    } else {
        Origin::Environment(name.into())
    }
}

/// Whether the variable holds the folder that the repository was checked out into.
pub fn is_checkout(name: &str) -> bool {
    CHECKOUT.contains(&name)
}

const CHECKOUT: [&str; 8] = [
    "GITHUB_WORKSPACE",
    "CI_PROJECT_DIR",
    "CODEBUILD_SRC_DIR",
    "CIRCLE_WORKING_DIRECTORY",
    "BITBUCKET_CLONE_DIR",
    "BUILD_SOURCESDIRECTORY",
    "TRAVIS_BUILD_DIR",
    "WORKSPACE",
];

const DIFFERS_BY_RUN: [&str; 41] = [
    "GITHUB_SHA",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_RUN_ATTEMPT",
    "CI_COMMIT_SHA",
    "CI_COMMIT_SHORT_SHA",
    "CI_COMMIT_TAG",
    "CI_COMMIT_TIMESTAMP",
    "CI_PIPELINE_ID",
    "CI_PIPELINE_IID",
    "CI_JOB_ID",
    "CI_BUILD_REF",
    "CIRCLE_SHA1",
    "CIRCLE_TAG",
    "CIRCLE_BUILD_NUM",
    "CIRCLE_WORKFLOW_ID",
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
    "CODEBUILD_SOURCE_VERSION",
    "CODEBUILD_BUILD_NUMBER",
    "CODEBUILD_BUILD_ID",
    "BUILD_NUMBER",
    "BUILD_ID",
    "BUILD_TAG",
    "BUILD_BUILDID",
    "BUILD_BUILDNUMBER",
    "BUILD_SOURCEVERSION",
    "GIT_COMMIT",
    "GIT_SHA",
    "COMMIT_SHA",
    "SHORT_SHA",
    "TRAVIS_COMMIT",
    "TRAVIS_BUILD_NUMBER",
    "TRAVIS_TAG",
    "BITBUCKET_COMMIT",
    "BITBUCKET_BUILD_NUMBER",
    "DRONE_COMMIT_SHA",
    "DRONE_BUILD_NUMBER",
    "BUILDKITE_COMMIT",
    "BUILDKITE_BUILD_NUMBER",
    "RANDOM",
    "EPOCHSECONDS",
];
