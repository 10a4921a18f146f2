//! The programs behind the targets of entrances: from a target group by service, task definition, container and image to what
//! the container starts.

mod folder;
mod image;
mod readers;
mod start;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use policy_script::Scripts;
use policy_text::Problem;
use policy_text::source::{RepoPath, Sources, Span};
use policy_text::value::Text;

use crate::image_match::{called, may_be_called};
use crate::link::sites;
use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::model::context::DockerfilePlace;
use crate::model::image_link::ImageLink;
use crate::model::nginx_image::variables;
use crate::model::program::{Backend, Program, ProgramId, Serves};
use crate::model::routing::{Destination, Site, Table, Target};
use crate::model::service::{Service, ServiceTarget};
use crate::model::setting::Setting;
use crate::model::task_definition::{Container, Environment, TaskDefinition};
use crate::model::workload::Workload;
use crate::read::ingress::Cluster;
use readers::{Readers, environment};
use start::Start;

/// A program that is started with more different sets of variables than this is not followed in all of them.
const MOST_ENVIRONMENTS: usize = 16;

/// What containers run.
#[derive(Default)]
pub(super) struct Linked {
    /// The programs.
    pub(super) programs: Vec<Program>,
    /// The entrances of compose files and of clusters.
    pub(super) sites: Vec<Site>,
    /// What could not be read of their modules.
    pub(super) problems: Vec<Problem>,
}

/// What programs stand behind.
pub(super) struct Behind<'b> {
    /// The target groups of these.
    pub(super) roots: &'b mut [AwsRoot],
    /// The Ingresses of these.
    pub(super) cluster: &'b mut Cluster,
    /// The probes of these.
    pub(super) workloads: &'b mut [Workload],
}

/// Gives the roots their backends; the programs are those that they run. Nothing is read where no root has an entrance or a
/// registered service, and no cluster, compose file or workload asks for a program either.
pub(super) fn link(
    behind: Behind<'_>,
    services: &[ComposeService],
    built: &[BuiltImage],
    scripts: &Scripts<'_>,
    sources: &Sources<'_>,
) -> Linked {
    let Behind { roots, cluster, workloads } = behind;
    let of_compose = sites::of_compose(services, built, sources);
    let has_backends = |root: &AwsRoot| !root.tables.is_empty() || root.registrations().next().is_some();
    let are_asked = |workload: &Workload| !workload.probes.is_empty();
    if !roots.iter().any(has_backends)
        && cluster.ingresses.is_empty()
        && of_compose.is_empty()
        && !workloads.iter().any(are_asked)
    {
        return Linked::default();
    }
    let mut programs = Programs {
        built,
        sources,
        readers: Readers::new(scripts, sources),
        all: Vec::new(),
        started: HashMap::new(),
    };
    for root in roots.iter_mut().filter(|root| has_backends(root)) {
        root.backends = programs.backends(root);
        root.told_requests = programs.told_requests(root);
    }
    for workload in workloads.iter_mut().filter(|workload| are_asked(workload)) {
        workload.program = programs.of_workload(workload);
    }
    for path in cluster.ingresses.iter_mut().flat_map(|ingress| &mut ingress.paths) {
        path.program = path.image.as_ref().and_then(|image| programs.of_name(image, path.at));
    }
    let mut sites: Vec<Site> = Vec::new();
    for (file, mut site) in of_compose {
        let of_file = services.iter().filter(|service| service.at.file == file);
        site.backends = of_file.filter_map(|service| programs.behind(service)).collect();
        sites.push(site);
    }
    let services = cluster.services.iter();
    let named = services.filter_map(|service| Some((service, programs.of_name(&service.image, service.at)?)));
    sites.extend(sites::of_ingresses(&cluster.ingresses, named));
    // The page of a bucket calls programs that no target group leads to here.
    let destinations = roots.iter().flat_map(|root| &root.tables).flat_map(Table::destinations);
    if destinations.into_iter().any(|destination| matches!(destination, Destination::Bucket)) {
        for image in built.iter().filter(|image| image.nginx.is_none()) {
            // What is not known of an image is said where a container runs it.
            let _ = programs.of_image(image);
        }
    }
    Linked { problems: programs.readers.problems(), sites, programs: programs.all }
}

struct Programs<'a> {
    built: &'a [BuiltImage],
    sources: &'a Sources<'a>,
    readers: Readers<'a>,
    all: Vec<Program>,
    /// The programs of all that was started, but for nginx: what fills its configuration is more than an `Environment` has.
    started: HashMap<Process<'a>, Vec<(policy_http::environment::Environment, ProgramId)>>,
}

/// What a container starts, whatever its variables are.
#[derive(PartialEq, Eq, Hash)]
struct Process<'a> {
    dockerfile: DockerfilePlace,
    context: &'a RepoPath,
    words: Vec<String>,
}

impl<'a> Programs<'a> {
    /// What stands behind each target group that services register with, in the order of services. Where the root has no
    /// listener, all are asked by one that is made elsewhere: without any, AWS refuses the service.
    fn backends(&mut self, root: &AwsRoot) -> Vec<Backend> {
        let is_asked_elsewhere = root.openings.is_empty();
        let mut found: Vec<Backend> = Vec::new();
        let asked: BTreeSet<&Target> = root
            .tables
            .iter()
            .flat_map(|table| table.destinations().flat_map(Destination::targets))
            .collect();
        for (service, target, group) in root.registrations() {
            let target_group = Target { address: group.address.clone() };
            if is_asked_elsewhere || asked.contains(&target_group) {
                found.extend(self.backend(service, target, target_group));
            }
        }
        found
    }

    fn backend(&mut self, service: &Service, registered: &ServiceTarget, target: Target) -> Option<Backend> {
        let definition = service.task_definition.as_ref()?;
        let container = container_of(definition, registered)?;
        let program = self.program(container);
        Some(Backend {
            target,
            service: service.name.clone(),
            at: service.at,
            task: definition.address.clone(),
            container: container.called.as_ref()?.to_string(),
            port: registered.port.known().copied(),
            program,
            is_discovered: service.is_discovered,
        })
    }

    /// The image of `container`: the one that is pushed for it, else the one of the folder with its name.
    fn image(&self, container: &Container) -> Result<&'a BuiltImage, String> {
        match &container.image {
            ImageLink::Built(_) => match container.image.built(self.built).as_slice() {
                [image] => Ok(*image),
                several => folder::image_of(container, several, self.sources)
                    .or_else(|| folder::only(several.to_vec(), self.sources))
                    .ok_or_else(|| "several builds may create its image".to_owned()),
            },
            ImageLink::Public(name, ..) => Err(format!("it runs the public image `{name}`")),
            ImageLink::Unknown(why) => {
                let all: Vec<&BuiltImage> = self.built.iter().collect();
                folder::image_of(container, &all, self.sources).ok_or_else(|| (*why).to_owned())
            }
        }
    }

    /// What `container` runs, or why that is not known.
    fn program(&mut self, container: &Container) -> Result<ProgramId, String> {
        let image = self.image(container)?;
        let start = Start::of(&container.entry_point, &container.command, image)?;
        Ok(self.started(start, Some(&container.environment), container.command.is_set(), image))
    }

    /// What a service of a compose file runs. `None` where it builds no image.
    fn behind(&mut self, service: &ComposeService) -> Option<Backend> {
        let images = service.built(self.built);
        let [image] = images.as_slice() else { return None };
        let program = match &service.start {
            Some(start) => Start::of(&start.entry_point, &start.command, image)
                .map(|words| self.started(words, Some(&start.environment), start.command.is_set(), image)),
            None => Err("another file or service decides which program it starts".to_owned()),
        };
        let name: Arc<str> = service.name.as_str().into();
        Some(Backend {
            target: sites::target(&service.name),
            service: Arc::clone(&name),
            at: service.at,
            task: name,
            container: service.name.clone(),
            port: None,
            program,
            is_discovered: true,
        })
    }

    /// What the one container of a workload runs, where its image has the files that matter.
    fn of_workload(&mut self, workload: &Workload) -> Option<ProgramId> {
        let image = self.built.get(workload.image?.0)?;
        let is_covered = workload.hides(&image.stage.layout.work_folder)
            || image.nginx.is_some() && !workload.mounts.is_empty();
        let start = &workload.start;
        let words = Start::of(&start.entry_point, &start.command, image).ok().filter(|_| !is_covered)?;
        Some(self.started(words, Some(&start.environment), start.command.is_set(), image))
    }

    /// The program of the image that is called so at `at`: `registry.example.org/shop/api:1.2`.
    fn of_name(&mut self, reference: &str, at: Span) -> Option<ProgramId> {
        let last = reference.rsplit('/').next()?;
        let name = last.split([':', '@']).next()?;
        let written = Text::literal(reference, at);
        let able = self.built.iter().filter(|image| may_be_called(image, &written));
        let image = called(&written, self.built)
            .or_else(|| folder::image_called(name, &able.collect::<Vec<_>>(), self.sources))?;
        self.of_image(image).ok()
    }

    /// The program of an image that is started as it says itself.
    fn of_image(&mut self, image: &'a BuiltImage) -> Result<ProgramId, String> {
        let start = Start::of(&Setting::Unset, &Setting::Unset, image)?;
        Ok(self.started(start, None, false, image))
    }

    /// The program that is started so in `image`: one of those that are known already, or a new one.
    fn started(
        &mut self,
        start: Start,
        given: Option<&Environment>,
        has_command: bool,
        image: &'a BuiltImage,
    ) -> ProgramId {
        if let Some(nginx) = &image.nginx
            && nginx.is_alone
            && !has_command
            && nginx.doubt.is_none()
        {
            let configured = nginx.configured(&variables(&image.stage, given));
            return self.add(start.words, Serves::Nginx(nginx.clone(), configured), image);
        }
        let environment = environment(given, image);
        let process =
            Process { dockerfile: image.dockerfile, context: &image.context, words: start.words.clone() };
        let known = self.started.get(&process).map(Vec::as_slice).unwrap_or_default();
        if let Some((_, same)) = known.iter().find(|(own, _)| *own == environment) {
            return *same;
        }
        let serves = if image.nginx.as_ref().is_some_and(|nginx| nginx.doubt.is_some()) {
            Serves::Unknown("a command changes the configuration of its nginx".to_owned())
        } else if known.len() >= MOST_ENVIRONMENTS {
            Serves::Unknown(format!(
                "more than {MOST_ENVIRONMENTS} containers start it with different variables"
            ))
        } else {
            self.readers.serves(&start, &environment, image, self.sources)
        };
        // Most programs serve the same in all environments.
        let alike = known
            .iter()
            .map(|(_, id)| *id)
            .find(|id| self.all.get(id.0).is_some_and(|program| are_alike(&program.serves, &serves)));
        let id = alike.unwrap_or_else(|| self.add(start.words, serves, image));
        let known = self.started.entry(process).or_default();
        if known.len() <= MOST_ENVIRONMENTS {
            known.push((environment, id));
        }
        id
    }

    fn add(&mut self, words: Vec<String>, serves: Serves, image: &BuiltImage) -> ProgramId {
        self.all.push(Program {
            dockerfile: image.dockerfile,
            context: image.context.clone(),
            words,
            redirects_slashes: redirects_slashes(&serves, self.sources),
            serves,
        });
        ProgramId(self.all.len() - 1)
    }
}

fn are_alike(a: &Serves, b: &Serves) -> bool {
    match (a, b) {
        (Serves::Registered(a), Serves::Registered(b)) => a == b,
        (Serves::Unknown(a), Serves::Unknown(b)) => a == b,
        _ => false,
    }
}

/// Whether the frameworks of its language redirect where a slash at the end is missing or too much: most of those of Python and Go do.
fn redirects_slashes(serves: &Serves, sources: &Sources<'_>) -> bool {
    let Serves::Registered(registered) = serves else { return false };
    let redirects = |extension: Option<&str>| matches!(extension, Some("go" | "py"));
    !registered.ignores_slash
        && registered.registrations.iter().any(|own| redirects(sources.path(own.at.file).extension()))
}

/// The container that a service registers. Where names are known in part, it is the one that can have the port.
fn container_of<'d>(definition: &'d TaskDefinition, registered: &ServiceTarget) -> Option<&'d Container> {
    let containers = &definition.containers;
    let are_named = containers.iter().all(|container| container.name.known().is_some());
    if let (Some(name), true) = (registered.container.known(), are_named) {
        return containers.iter().find(|container| container.name.known() == Some(name));
    }
    let may_have_port = |container: &&Container| {
        container.more_ports
            || container.ports.iter().any(|port| match (port.container.known(), registered.port.known()) {
                (Some(mapped), Some(wanted)) => mapped == wanted,
                _ => true,
            })
    };
    let mut able = containers.iter().filter(may_have_port);
    let only = able.next()?;
    (able.next().is_none() && !definition.more_containers).then_some(only)
}
