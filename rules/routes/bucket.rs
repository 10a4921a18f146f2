//! Requests of a page in a bucket that end at the bucket, although a program of the repository serves them.

use std::collections::BTreeSet;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::endpoint::Host;
use policy_core::model::program::Registration;
use policy_core::model::request::Request;
use policy_core::model::routing::{Destination, PathPattern, Table};
use policy_core::rule::Context;
use policy_core::source::{FileId, RepoPath, Span};

use super::handlers::{answering, group};
use super::many_calls::{by_group, counted, with_groups, with_others};
use super::pages::Pages;
use crate::wording;

/// A call that ends at the bucket.
struct Lost<'a> {
    request: &'a Request,
    path: PathPattern,
    registration: &'a Registration,
}

/// The table of the one distribution of the deployment that has its page in a bucket.
pub(super) fn only_page<'a>(context: &Context<'_>, root: &'a AwsRoot) -> Option<&'a Table> {
    let roots = context.deployment.roots.iter();
    let all = roots.flat_map(|root| root.tables.iter().filter(|table| has_page(root, table)));
    let places: BTreeSet<Span> = all.map(|table| table.at).collect();
    let own = root.tables.iter().find(|table| has_page(root, table));
    own.filter(|_| places.len() == 1)
}

/// The findings for the one distribution of the deployment that has its page in a bucket.
pub(crate) fn errors<'a>(context: &Context<'a>, pages: &Pages<'a>, root: &AwsRoot) -> Vec<Finding> {
    let Some(table) = only_page(context, root) else { return Vec::new() };
    let requests = context.deployment.requests.iter();
    let lost: Vec<Lost<'_>> = requests.filter_map(|request| lost(context, pages, table, request)).collect();
    let distribution = root.distributions.iter().find(|own| table.is_of(own));
    let page = distribution.and_then(|own| own.error_pages.iter().find(|page| page.status == 200));
    // What is to be mended is the one distribution, however many paths it lacks.
    finding(table, page.map(|page| page.at), &lost).into_iter().collect()
}

/// Whether what comes from its bucket is a page and not files beside one.
fn has_page(root: &AwsRoot, table: &Table) -> bool {
    let mut named = root.distributions.iter().filter(|own| table.is_of(own));
    matches!(table.default, Destination::Bucket) && named.any(|own| own.has_root_page)
}

/// The folder of the package that a file belongs to. `None` where that is the whole tree.
pub(super) fn package_of(context: &Context<'_>, file: FileId) -> Option<RepoPath> {
    let folder = context.sources.folder_of(file);
    let has_manifest = |folder: &RepoPath| {
        folder.join("package.json").is_some_and(|manifest| context.sources.find(&manifest).is_some())
    };
    folder.ancestors().find(has_manifest).filter(|package| !package.is_root())
}

fn lost<'a>(
    context: &Context<'a>,
    pages: &Pages<'a>,
    table: &Table,
    request: &'a Request,
) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    request.code.shipped.as_ref()?;
    let path = request.target().filter(|target| target.host == Host::Page)?.path.clone();
    let landing = table.certain_landing(&path)?;
    if !matches!(landing.destination, Destination::Bucket) || pages.is_in_container(request.sent_at.file) {
        return None;
    }
    // The server of a framework that answers its own page.
    let package = package_of(context, request.sent_at.file);
    let is_own = |registration: &Registration| {
        let file = context.sources.path(registration.at.file);
        package.as_ref().is_some_and(|package| file.is_within(package))
    };
    let mut programs = deployment.programs.iter();
    let registration = programs.find_map(|program| answering(program, &path, &request.methods))?;
    if is_own(registration) {
        return None;
    }
    Some(Lost { request, path, registration })
}

fn finding(table: &Table, page: Option<Span>, lost: &[Lost<'_>]) -> Option<Finding> {
    let groups = by_group(lost, |lost| group(lost.registration));
    let (_, first) = groups.first()?;
    let paths: Vec<&PathPattern> = groups.iter().map(|(_, lost)| &lost.path).collect();
    let (program, these) = match groups.as_slice() {
        [_] => ("the program that serves them", "this path"),
        _ => ("the programs that serve them", "these paths"),
    };
    let message = format!(
        "`{}` sends requests for {} to the bucket of the page, not to {program}: no behavior matches {these}{}",
        table.name,
        wording::paths(&paths),
        counted(lost.len())
    );
    let label = format!("{} requests `{}` from the page's own host", first.request.opener, first.path);
    let finding = Finding::new(message, Label::new(first.request.at, label));
    let finding = match groups.as_slice() {
        [_] => with_others(finding, lost.iter().map(|other| (other.request.at, &other.path))),
        _ => with_groups(finding, groups.iter().map(|(_, other)| (other.request.at, &other.path))),
    };
    let mut finding =
        finding.related(Label::new(table.at, "the default behavior sends requests to the bucket")).related(
            Label::new(first.registration.at, format!("a program serves `{}` here", first.registration.path)),
        );
    if let Some(at) = page {
        finding =
            finding.related(Label::new(at, "this turns the error of the bucket into a page with status 200"));
    }
    // `/orders/*` does not match `/orders`.
    let is_base = |prefix: &str| lost.iter().any(|lost| lost.path.as_literal() == Some(prefix));
    let pattern = |prefix: &str| if is_base(prefix) { format!("{prefix}*") } else { format!("{prefix}/*") };
    let patterns: Vec<String> = groups.iter().map(|(prefix, _)| pattern(prefix)).collect();
    Some(finding.help(format!(
        "add an `ordered_cache_behavior` for {} whose origin is the load balancer of the program",
        wording::listed(&patterns)
    )))
}
