//! A distribution replaces errors of the API with the page of the site.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::distribution::{Distribution, ErrorPage};
use policy_core::model::routing::{Destination, Route, Table};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.distributions.iter().filter_map(|own| hidden(root, own)).collect())
}

fn hidden(root: &AwsRoot, distribution: &Distribution) -> Option<Finding> {
    let table = root.tables.iter().find(|table| table.is_of(distribution))?;
    let api = api_of(table)?;
    let mut pages = distribution.error_pages.iter().filter(|page| is_page_of_site(page));
    let first = pages.next()?;
    let rest: Vec<&ErrorPage> = pages.collect();
    let errors: Vec<String> =
        [first].into_iter().chain(rest.iter().copied()).map(|page| page.error.to_string()).collect();
    let errors = errors.join(" and ");
    let message = format!(
        "`{}` replaces {errors} from the API with `{}` and status {}, so clients get a page instead of the error",
        table.name, first.page, first.status
    );
    let label = format!("this applies to every origin, including that of {}", described(api));
    let mut finding = Finding::new(message, Label::new(first.at, label));
    for page in rest {
        finding = finding.related(Label::new(page.at, format!("this replaces {} too", page.error)));
    }
    Some(finding.related(Label::new(api.at, "this behavior sends requests to the API")).help(
        "remove the error responses, and let a `function_association` of the default behavior rewrite the paths of the page to `/index.html`",
    ))
}

/// The behavior that sends requests to a load balancer, where the page itself comes from a bucket.
fn api_of(table: &Table) -> Option<&Route> {
    let is_page = matches!(table.default, Destination::Bucket);
    let mut to_balancer =
        table.routes.iter().filter(|route| matches!(route.destination, Destination::Balancer(_)));
    to_balancer.next().filter(|_| is_page)
}

fn described(api: &Route) -> String {
    let first = api.paths.iter().flatten().next();
    first.map_or_else(|| "the API".to_owned(), |path| format!("`{}`", path.pattern))
}

/// Whether it turns an error that an API gives to its clients into a page that looks like success.
fn is_page_of_site(page: &ErrorPage) -> bool {
    matches!(page.error, 403 | 404) && (200..300).contains(&page.status) && page.page.contains(".htm")
}
