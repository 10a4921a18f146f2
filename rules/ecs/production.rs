//! What shows that a service is of production.

use policy_core::model::AwsRoot;
use policy_core::model::service::Service;
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::RepoPath;

/// Whether the names of its environment say so: the file of values, the workspace, the folder, or its own name and tags. A
/// file of values for something else says that it is not.
pub(super) fn is_in_production(context: &Context<'_>, root: &AwsRoot, service: &Service) -> bool {
    let is_named_so = |path: &RepoPath| path.components().any(purpose::says_production);
    let values = root.environment.map(|file| context.sources.path(file));
    if purpose::is_for_development(&root.folder) || values.is_some_and(purpose::is_for_development) {
        return false;
    }
    let workspace = context.options.terraform.workspace.as_deref();
    let own = service.called.as_ref().map(|name| name.render(' '));
    values.is_some_and(is_named_so)
        || workspace.is_some_and(purpose::says_production)
        || is_named_so(&root.folder)
        || own.is_some_and(|name| purpose::says_production(&name))
        || service.tags.iter().any(|tag| purpose::says_production(tag))
}
