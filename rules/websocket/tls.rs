//! Whether the page that runs some code is served over TLS.

use policy_core::model::endpoint::Endpoint;
use policy_core::model::tls::TlsProof;
use policy_core::rule::Context;
use policy_core::source::RepoPath;

/// Files that make a folder a project of its own.
const OF_PROJECTS: [&str; 2] = ["package.json", "index.html"];

/// The first proof that the page around a socket comes over TLS.
pub(super) fn of_page<'a>(context: &Context<'a>, endpoint: &Endpoint) -> Option<&'a TlsProof> {
    let code = context.sources.path(endpoint.at.file);
    let concerns = |proof: &&TlsProof| !is_of_another(context, code, context.sources.path(proof.at.file));
    context.deployment.tls.iter().find(concerns)
}

/// Whether a proof lies in a project that the code is not part of.
fn is_of_another(context: &Context<'_>, code: &RepoPath, proof: &RepoPath) -> bool {
    let is_project = |folder: &RepoPath| {
        let has = |name: &&str| folder.join(name).is_some_and(|path| context.sources.find(&path).is_some());
        OF_PROJECTS.iter().any(has)
    };
    proof.ancestors().skip(1).take_while(|folder| !code.is_within(folder)).any(|folder| is_project(&folder))
}
