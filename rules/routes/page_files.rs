//! Scripts and styles of a page that its own container has, but that the load balancer requests elsewhere.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::endpoint::Host;
use policy_core::model::nginx_image::{Configured, Outcome, route};
use policy_core::model::program::{Answers, Backend, Methods, Serves};
use policy_core::model::request::Request;
use policy_core::model::routing::{Landing, Part, PathPattern, Table};
use policy_core::rule::Context;
use policy_core::source::{FileId, RepoPath, Span};

use super::MAX_SHOWN;
use super::asked::{leads_to, taken_by};
use super::behind::{Taker, taker};
use super::pages::Pages;

/// A file that a page asks for and does not get.
struct Lost<'a> {
    request: &'a Request,
    path: String,
    /// The file in the repository.
    file: FileId,
    page: &'a Backend,
    table: &'a Table,
    landing: Landing<'a>,
    taker: Taker<'a>,
}

/// The findings for the pages of a root that are served without their files.
pub(crate) fn own_files<'a>(context: &Context<'a>, pages: &Pages<'a>, root: &'a AwsRoot) -> Vec<Finding> {
    let mut causes: BTreeMap<(Span, Option<Span>), Vec<Lost<'_>>> = BTreeMap::new();
    let requests = context.deployment.requests.iter();
    for lost in requests.filter_map(|request| lost(context, pages, root, request)) {
        causes.entry((lost.table.at, lost.landing.by.map(|route| route.at))).or_default().push(lost);
    }
    causes.values().filter_map(|lost| finding(lost)).collect()
}

fn lost<'a>(
    context: &Context<'a>,
    pages: &Pages<'a>,
    root: &'a AwsRoot,
    request: &'a Request,
) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    request.code.shipped.as_ref()?;
    let target = request.target().filter(|target| target.host == Host::Page)?;
    let page = pages.container_of(root, request.sent_at.file)?;
    let program = deployment.program_of(page)?;
    let Serves::Nginx(_, configured) = &program.serves else { return None };
    let image = deployment
        .built_images
        .iter()
        .find(|image| image.dockerfile == program.dockerfile && image.context == program.context)?;
    let files = Files { context, image, configured };
    let path = match target.path.parts() {
        [Part::Literal(path)] if path.starts_with('/') => path.clone(),
        // What is relative to the page lies beside it where the page is that of the root.
        [Part::Rest, Part::Literal(path)] if !path.starts_with(['/', '.']) => {
            let document = context.sources.path(request.sent_at.file);
            let is_root_page = files.at("/index.html").as_ref() == Some(document);
            Some(format!("/{path}")).filter(|_| is_root_page)?
        }
        _ => return None,
    };
    let file = context.sources.find(&files.at(&path)?)?;
    let asked = PathPattern::literal(&path)?;
    let root_page = PathPattern::literal("/")?;
    let mut found = None;
    for table in root.tables.iter().filter(|table| leads_to(table, page)) {
        let [home] = table.landings(&root_page).try_into().ok()?;
        // Who does not get the page asks for none of its files.
        if !home.destination.targets().contains(&page.target) {
            continue;
        }
        if !table.is_public() {
            return None;
        }
        let landing = table.certain_landing(&asked)?;
        let taker = taker(deployment, root, landing.destination)?;
        let is_lost = taker.lacks(deployment, root, &asked, &Answers::Requests(Methods::Any))?;
        if !is_lost || landing.destination.targets().contains(&page.target) {
            return None;
        }
        found = found.or(Some(Lost { request, path: path.clone(), file, page, table, landing, taker }));
    }
    found
}

/// The files that the nginx of a page has.
struct Files<'a> {
    context: &'a Context<'a>,
    image: &'a BuiltImage,
    configured: &'a Configured,
}

impl Files<'_> {
    /// The file of the repository that every server answers with for `path`.
    fn at(&self, path: &str) -> Option<RepoPath> {
        let mut all = self.configured.configuration.servers.iter().map(|server| match route(server, path) {
            Outcome::File { folder, path, .. } => {
                let folder = folder.filter(|folder| !folder.alias)?.path.known()?;
                let own = format!("{}{path}", folder.trim_end_matches('/'));
                let places = self.image.stage.layout.in_tree(&own);
                places.into_iter().find(|place| self.context.sources.find(place).is_some())
            }
            _ => None,
        });
        let first = all.next()??;
        all.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }
}

fn finding(lost: &[Lost<'_>]) -> Option<Finding> {
    let first = lost.first()?;
    let Lost { path, page, table, .. } = first;
    let name = &page.container;
    let ends = match &first.taker {
        Taker::Entrance => format!("answers requests for the page's file `{path}` with a fixed response"),
        taker @ Taker::Container(..) => {
            format!("sends requests for the page's file `{path}` to {}, which does not have it", taker.name())
        }
    };
    let message = format!("`{}` {ends}; `{name}` serves the page and has the file", table.name);
    let label = "the page requests this file from its own host";
    let mut finding = Finding::new(message, Label::new(first.request.at, label));
    for other in lost.iter().skip(1).take(MAX_SHOWN - 1) {
        finding = finding.related(Label::new(other.request.at, format!("the same for `{}`", other.path)));
    }
    finding = finding.related(taken_by(table, &first.landing));
    let leading = table.routes.iter().find(|route| route.destination.targets().contains(&page.target));
    if let Some(route) = leading {
        finding = finding.related(Label::new(route.at, format!("this forwards only the page to `{name}`")));
    }
    let copied = Label::new(Span::start_of(first.file), format!("the image of `{name}` contains this file"));
    Some(finding.related(copied).help(format!(
        "forward everything that no other rule matches to `{name}`: with a last rule for `/*`, or with the default action"
    )))
}
