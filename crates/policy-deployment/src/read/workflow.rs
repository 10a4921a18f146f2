//! Workflows and composite actions of GitHub: the images that their steps build, push and deploy.

mod action;
mod calls;
mod checkout;
mod condition;
mod expression;
mod jobs;
mod matrix;
mod metadata;
mod plan;
mod scope;
mod shell_step;

use std::collections::BTreeMap;

use policy_docker::asker::{Asker, Title};
use policy_docker::build::Platforms;
use policy_text::budget::Budget;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::alternatives::Alternatives;
use policy_text::yaml::{Node, Yaml};

use super::in_turn;
use crate::commands::{self, terraform_variable};
use crate::files::Parsed;
use crate::files::yaml_file::{File, Flavour};
use crate::found::Found;
use crate::model::image::ImageRole;
use calls::{Call, Inputs};
use expression::interpolate;
use scope::Scope;

/// How often files are read again with what their callers were found to give them: so deep calls are followed.
const MAX_ROUNDS: usize = 3;

/// What all workflows and actions do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let none = Inputs::new();
    let files: Vec<(FileId, &File)> = parsed
        .yaml
        .iter()
        .filter(|(_, file)| matches!(file.flavour, Flavour::Workflow | Flavour::Action))
        .map(|(id, file)| (*id, file))
        .collect();
    let read_with = |id: FileId, file: &File, inputs: &Inputs| {
        let path = sources.path(id);
        let mut run = match file.flavour {
            Flavour::Workflow => workflow(&file.yaml, path, inputs),
            _ => composite(&file.yaml, inputs),
        };
        checkout::settle(path, &file.yaml, &mut run.found, sources);
        run
    };
    let (mut read, left_out) =
        in_turn::read_all(&files, |(id, _)| *id, |&(id, file)| read_with(id, file, &none));
    let mut before = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let given = calls::given(read.iter().flat_map(|run| &run.calls), sources);
        for (run, &(id, file)) in read.iter_mut().zip(&files) {
            if let Some(inputs) = given.get(&id).filter(|inputs| before.get(&id) != Some(*inputs)) {
                *run = read_with(id, file, inputs);
            }
        }
        before = given;
    }
    let mut found: Found = read.into_iter().map(|run| run.found).collect();
    found.problems.extend(left_out);
    found
}

/// What a workflow or an action does, and the others of the repository that it calls.
#[derive(Default)]
struct Run {
    found: Found,
    calls: Vec<Call>,
}

impl AsRef<Found> for Run {
    fn as_ref(&self) -> &Found {
        &self.found
    }
}

/// What is said where many steps know many variables, inputs and outputs.
const TOO_COSTLY: &str = "the steps of this file know more variables together than are followed; this one and those after it \
                          were not read";

/// What the steps of a file may cost, besides what its size adds: a short one may run in many combinations.
const STEPS_OF_ANY: u64 = 100_000;

fn budget(yaml: &Yaml) -> Budget {
    Budget::of_steps(STEPS_OF_ANY + Budget::for_bytes(yaml.size()).left())
}

fn workflow(yaml: &Yaml, path: &RepoPath, given: &Inputs) -> Run {
    let mut run = Run::default();
    let Some(root) = yaml.root() else { return run };
    run.found.workflow_jobs = jobs::of(yaml);
    let says_deploy = |name: &str| name.to_ascii_lowercase().contains("deploy");
    let mut scope =
        Scope { deploys: says_deploy(path.file_name()), only_plans: plan::is_all(yaml), ..Scope::default() };
    for trigger in ["workflow_dispatch", "workflow_call"] {
        add_inputs(root.path(&["on", trigger, "inputs"]), &mut scope);
    }
    scope.inputs.extend(given.clone());
    add_environment(root, &mut scope);
    let budget = budget(yaml);
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    for (id, job) in jobs {
        let Some(id) = id.as_str() else { continue };
        for combination in matrix::combinations(job) {
            if !run.found.pays(&budget, scope.weight(), job.span(), TOO_COSTLY) {
                return run;
            }
            let mut own = scope.clone();
            own.matrix = combination;
            own.deploys |= says_deploy(id);
            own.local_cluster = makes_cluster(job);
            if let Some(path) = job.get("uses").and_then(Node::as_str).and_then(local) {
                run.calls.push(Call { path, inputs: handed(job, &own) });
            }
            add_environment(job, &mut own);
            tags_for_terraform(job, &own, &Asker::Job(id.into()), &mut run.found);
            job_images(job, &own, &mut run.found);
            let folder = working_directory(job.path(&["defaults", "run"]), &own)
                .or_else(|| working_directory(root.path(&["defaults", "run"]), &own))
                .unwrap_or_else(RepoPath::root);
            checkout::add_downloads(job, &mut run.found);
            let before = run.found.builds.len();
            steps(job, &folder, &mut own, &budget, &mut run);
            if let Some(platforms) =
                of_runner(job).filter(|_| !own.env.contains_key("DOCKER_DEFAULT_PLATFORM"))
            {
                let builds = run.found.builds.iter_mut().skip(before);
                let unsaid = builds.filter(|build| build.platforms == Platforms::Unsaid);
                unsaid.for_each(|build| build.platforms = platforms.clone());
            }
            for (name, value) in job.get("outputs").map(Node::entries).unwrap_or_default() {
                let Some((name, value)) = name.as_str().zip(value.embedded()) else { continue };
                scope.jobs.insert(format!("{id}.{name}"), interpolate(&value, &own));
            }
        }
    }
    // Whoever starts or calls it may give other values.
    if let Some(on) = root.get("on").map(Node::span) {
        for call in &mut run.found.ecs_calls {
            call.names.retain(|named| !named.name.is_from(on));
        }
    }
    run
}

fn composite(yaml: &Yaml, given: &Inputs) -> Run {
    let mut run = Run::default();
    let Some(root) = yaml.root() else { return run };
    let mut scope = Scope::default();
    add_inputs(root.get("inputs"), &mut scope);
    scope.inputs.extend(given.clone());
    if let Some(runs) = root.get("runs") {
        let budget = budget(yaml);
        steps(runs, &RepoPath::root(), &mut scope, &budget, &mut run);
    }
    run
}

fn steps(job: Node<'_>, folder: &RepoPath, scope: &mut Scope, budget: &Budget, run: &mut Run) {
    for (index, step) in job.get("steps").into_iter().flat_map(Node::items).enumerate() {
        let title = ["name", "id", "uses"].iter().find_map(|key| step.get(key)?.as_str());
        let user = Asker::Step(title.map_or(Title::Number(index + 1), Title::from));
        if !run.found.pays(budget, scope.weight(), step.span(), TOO_COSTLY) {
            break;
        }
        let mut own = scope.clone();
        add_environment(step, &mut own);
        tags_for_terraform(step, &own, &user, &mut run.found);
        let builds = run.found.builds.len();
        if let Some(path) = step.get("uses").and_then(Node::as_str).and_then(local) {
            run.calls.push(Call { path, inputs: handed(step, &own) });
        } else if let Some(uses) = step.get("uses") {
            action::read(step, uses, &user, &mut own, &mut run.found);
        } else if let Some(script) = step.get("run").and_then(Node::embedded) {
            let folder = match step.get("working-directory") {
                Some(_) => working_directory(Some(step), &own),
                None => Some(folder.clone()),
            };
            let before = run.found.ecs_calls.len();
            shell_step::read(step, &script, folder, &user, &mut own, &mut run.found);
            let goes_on = action::may_fail(step);
            run.found.ecs_calls.iter_mut().skip(before).for_each(|call| call.may_fail |= goes_on);
        }
        if condition::looks_for_files(step, job) {
            run.found.builds.iter_mut().skip(builds).for_each(|build| build.is_tentative = true);
        }
        // What a step sets for those after it stays; its own environment does not.
        scope.steps = own.steps;
        scope.env.extend(own.env.into_iter().filter(|(name, _)| own.exported.contains(name)));
    }
}

/// What a machine of GitHub builds for where nothing is said. `None` where the job runs on another one.
fn of_runner(job: Node<'_>) -> Option<Platforms> {
    let runner = job.get("runs-on")?;
    let name = runner.as_str()?.strip_prefix("ubuntu-")?;
    let is_hosted = name == "latest" || name.starts_with(|c: char| c.is_ascii_digit());
    let architecture = if name.ends_with("-arm") { "arm64" } else { "amd64" };
    is_hosted.then(|| Platforms::Of(vec![architecture.to_owned()], runner.span()))
}

/// Whether a step makes a cluster on the runner, which the steps after it then talk to.
fn makes_cluster(job: Node<'_>) -> bool {
    job.get("steps").into_iter().flat_map(Node::items).any(|step| {
        ["uses", "run"].iter().filter_map(|key| step.get(key)?.as_str()).any(commands::starts_cluster_in)
    })
}

/// The path that `uses: ./path` names.
fn local(uses: &str) -> Option<RepoPath> {
    uses.strip_prefix("./").and_then(RepoPath::new)
}

/// The inputs that a job or a step gives to what it calls.
fn handed(node: Node<'_>, scope: &Scope) -> Inputs {
    let inputs = node.get("with").map(Node::entries).unwrap_or_default();
    inputs
        .into_iter()
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), interpolate(&value.embedded()?, scope))))
        .collect()
}

/// The folder that commands run in. `None` where it is not said, or not known.
fn working_directory(node: Option<Node<'_>>, scope: &Scope) -> Option<RepoPath> {
    let value = node?.get("working-directory")?.embedded()?;
    RepoPath::new(interpolate(&value, scope).first()?.known()?.as_ref())
}

fn add_inputs(inputs: Option<Node<'_>>, scope: &mut Scope) {
    for (name, input) in inputs.map(Node::entries).unwrap_or_default() {
        let default = input.get("default").and_then(Node::embedded);
        if let Some((name, default)) = name.as_str().zip(default) {
            scope.inputs.insert(name.to_owned(), interpolate(&default, &Scope::default()));
        }
    }
}

fn add_environment(node: Node<'_>, scope: &mut Scope) {
    for (name, value) in node.get("env").map(Node::entries).unwrap_or_default() {
        let Some((name, value)) = name.as_str().zip(value.embedded()) else { continue };
        let values = interpolate(&value, scope);
        scope.env.insert(name.to_owned(), values);
    }
}

/// The tags that a job or a step hands to Terraform in its environment.
fn tags_for_terraform(node: Node<'_>, scope: &Scope, user: &Asker, found: &mut Found) {
    if scope.only_plans {
        return;
    }
    for (name, value) in node.get("env").map(Node::entries).unwrap_or_default() {
        if let Some((name, values)) = name.as_str().and_then(|name| Some((name, scope.env.get(name)?))) {
            terraform_variable::of_environment(name, values, value.span(), user, found);
        }
    }
}

/// The containers that a job's own commands run in and beside: tools of the pipeline.
fn job_images(job: Node<'_>, scope: &Scope, found: &mut Found) {
    let container = job.get("container").into_iter();
    let services = job.get("services").map(Node::entries).unwrap_or_default();
    for node in container.chain(services.into_iter().map(|(_, service)| service)) {
        let image = if node.is_mapping() { node.get("image") } else { Some(node) };
        if let Some((image, value)) = image.and_then(|image| Some((image, image.embedded()?))) {
            add_images(
                &interpolate(&value, scope),
                image,
                ImageRole::Development,
                &Asker::Job(Title::None),
                found,
            );
        }
    }
}

fn add_images(values: &Alternatives, node: Node<'_>, role: ImageRole, user: &Asker, found: &mut Found) {
    for value in values.iter().filter(|value| !value.is_empty()) {
        found.image(value, node.span(), role, user);
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;
    use policy_text::yaml::parse_tree;

    use super::*;
    use crate::files::parse_plainly;

    fn read(text: &str) -> Found {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        workflow(&yaml, &RepoPath::new(".github/workflows/main.yml").unwrap(), &Inputs::new()).found
    }

    fn images(text: &str) -> Vec<(ImageRole, String)> {
        read(text).images.iter().map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn each_value_that_terraform_may_be_handed_counts_and_each_step_once() {
        let step = "      - name: NAME\n        env: {TF_VAR_image_tag: \"${{ inputs.tag || 'latest' }}\"}\n        run: terraform apply\n";
        let text = format!(
            "on: {{workflow_dispatch: {{inputs: {{tag: {{default: latest}}}}}}}}\njobs:\n  a:\n    steps:\n{}{}",
            step.replace("NAME", "Plan"),
            step.replace("NAME", "Apply")
        );
        let users: Vec<String> = read(&text).images.into_iter().map(|image| image.user.to_string()).collect();
        assert_eq!(users, ["`image_tag` in step `Plan`", "`image_tag` in step `Plan`"]);
    }

    #[test]
    fn a_cluster_that_a_job_makes_serves_nobody() {
        let job = |first: &str| {
            format!(
                "jobs:\n  a:\n    steps:\n      - {first}\n      - run: kubectl set image deployment/web web=r.io/web:latest\n"
            )
        };
        assert_eq!(images(&job("run: echo")).len(), 1);
        for first in
            ["uses: helm/kind-action@v1", "run: minikube start", "uses: medyagh/setup-minikube@latest"]
        {
            assert_eq!(images(&job(first)), [], "{first}");
        }
    }

    #[test]
    fn what_is_called_has_the_inputs_that_it_is_given() {
        let pushed = |files: &[(&str, &str)]| -> Vec<String> {
            let tree = files.iter().fold(policy_text::source::MemoryTree::new(), |tree, (path, text)| {
                tree.with(RepoPath::new(path).unwrap(), *text)
            });
            let sources = Sources::open(&tree);
            let parsed = parse_plainly(&sources);
            let found = super::read(&parsed, &sources);
            let images = found.images.into_iter();
            images
                .filter(|image| image.role == ImageRole::Pushed)
                .map(|image| image.reference.to_string())
                .collect()
        };
        let callee = indoc! {"
            on: {workflow_call: {inputs: {tag: {default: dev}}}}
            jobs:
              a:
                steps:
                  - uses: ./.github/actions/push
                    with: {image: 'r.io/web:${{ inputs.tag }}'}
        "};
        let action = indoc! {"
            inputs: {image: {required: true}}
            runs:
              using: composite
              steps:
                - {shell: bash, run: 'docker push ${{ inputs.image }}'}
        "};
        let on_push =
            "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n    with: {tag: latest}\n";
        let files = [
            (".github/workflows/called.yml", callee),
            (".github/actions/push/action.yml", action),
            (".github/workflows/caller.yml", on_push),
        ];
        assert_eq!(pushed(&files), ["r.io/web:latest"]);
        assert_eq!(pushed(&files[..2]), ["r.io/web:dev"]);
        assert_eq!(pushed(&files[1..2]), ["${inputs.image}"]);
    }

    #[test]
    fn a_compose_file_that_a_job_writes_is_deployed_where_the_job_says_so() {
        let steps = "\n    steps:\n      - run: |\n          cat > compose.yml << 'EOF'\n          services:\n            web: {image: 'web:latest'}\n          EOF\n          docker compose config\n";
        assert_eq!(
            images(&format!("jobs:\n  deploy-prod:{steps}")),
            [(ImageRole::Deployed, "web:latest".into())]
        );
        assert!(images(&format!("jobs:\n  test:{steps}")).is_empty());
    }

    #[test]
    fn commands_build_in_their_working_directory() {
        let text = indoc! {"
            defaults: {run: {working-directory: app}}
            jobs:
              a:
                steps:
                  - run: docker build -t x .
                  - run: docker build -t x web
                    working-directory: ./other
        "};
        let contexts: Vec<_> = read(text).builds.iter().map(|build| build.context.to_string()).collect();
        assert_eq!(contexts, ["app", "other/web"]);
    }
}
