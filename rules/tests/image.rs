//! Images as they are deployed and pushed: what is found across files, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use indoc::indoc;
use policy_core::config::Settings;
use policy_core::finding::Finding;
use policy_core::report::Report;

/// What `describe` makes of each finding of a rule, in the order of places.
fn described(
    files: &[(&str, &str)],
    rule: &str,
    describe: impl Fn(&Finding, &Report) -> String,
) -> Vec<String> {
    let report = support::check(files, &Settings::default());
    let of_rule = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == rule);
    of_rule.map(|diagnostic| describe(&diagnostic.finding, &report)).collect()
}

/// "path:line of the place", in the order of places.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    described(files, rule, |finding, report| {
        let place = report.place(finding.primary.span).unwrap();
        format!("{}:{}", place.path, place.start.line)
    })
}

/// All words of each finding, in the order of places.
fn said(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    described(files, rule, |finding, _| format!("{finding:?}"))
}

const LATEST: &str = "image/latest-tag";
const PUSH: &str = "image/push-latest";
const IMMUTABLE: &str = "image/push-to-immutable-repository";

const CACHE: &str = "type=registry,ref=1.dkr.ecr.eu-west-1.amazonaws.com/web:cache,mode=max";

#[test]
fn a_cache_in_an_immutable_repository_is_written_once() {
    let repository = "resource \"aws_ecr_repository\" \"web\" {\n  name = \"web\"\n  image_tag_mutability = \"IMMUTABLE\"\n}\n";
    let step = |cache: &str| {
        format!(
            "on: push\njobs:\n  b:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          cache-to: {cache}\n"
        )
    };
    let in_workflow =
        |cache: &str| found(&[("ecr.tf", repository), (".github/workflows/b.yml", &step(cache))], IMMUTABLE);
    assert_eq!(in_workflow(CACHE), [".github/workflows/b.yml:7"]);
    assert!(in_workflow(&format!("{CACHE},ignore-error=true")).is_empty());
    assert!(in_workflow(&CACHE.replace("web:", "cache:")).is_empty());
    assert!(in_workflow("type=gha,mode=max").is_empty());
    let script = format!("docker buildx build --cache-to {CACHE} .\n");
    assert_eq!(found(&[("ecr.tf", repository), ("build.sh", &script)], IMMUTABLE), ["build.sh:1"]);
    let bake = format!(
        "group \"default\" {{\n  targets = [\"web\"]\n}}\ntarget \"web\" {{\n  cache-to = [\"{CACHE}\"]\n}}\n"
    );
    assert_eq!(
        found(&[("ecr.tf", repository), ("docker-bake.hcl", &bake)], IMMUTABLE),
        ["docker-bake.hcl:5"]
    );
    assert!(found(&[("build.sh", &script)], "image/push-latest").is_empty());
}

#[test]
fn a_push_meets_the_repository_that_terraform_names() {
    let repository = include_str!("../testdata/terraform/push_to_a_repository_of_terraform/ecr.tf");
    let script = "URL=$(terraform output -raw url)\ndocker push $URL:latest\n";
    assert_eq!(found(&[("ecr.tf", repository), ("push.sh", script)], IMMUTABLE), ["push.sh:2"]);
    let other = script.replace("raw url", "raw other");
    assert!(found(&[("ecr.tf", repository), ("push.sh", &other)], IMMUTABLE).is_empty());
    let unique = "docker push $(terraform output -raw url):$(git rev-parse HEAD)\n";
    assert!(found(&[("ecr.tf", repository), ("push.sh", unique)], IMMUTABLE).is_empty());
}

#[test]
fn a_stage_before_latest_names_no_image() {
    let help = |tags: [&str; 2]| {
        let tags = tags.map(|tag| format!("            r.example/shop:{tag}\n")).concat();
        let workflow = format!(
            "on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: |\n{tags}"
        );
        described(&[(".github/workflows/a.yml", &workflow)], "image/push-latest", |finding, _| {
            finding.help.clone().unwrap_or_default()
        })
    };
    assert_eq!(
        help(["staging-latest", "${{ github.sha }}"]),
        ["deploy the tag `${github.sha}`, and stop pushing `staging-latest`"]
    );
    assert!(help(["web-latest", "api-${{ github.sha }}"])[0].starts_with("push a tag that names one build"));
}

#[test]
fn the_tag_to_deploy_is_that_of_the_same_image() {
    let workflow = include_str!("../testdata/workflow/two_images_of_one_repository/.github/workflows/p.yml");
    let said = said(&[(".github/workflows/p.yml", workflow)], PUSH);
    assert_eq!(said.len(), 2);
    assert!(said[0].contains("deploy the tag `${github.sha}`, and stop pushing `latest`"), "{}", said[0]);
    assert!(
        said[1].contains("deploy the tag `worker-${github.sha}`, and stop pushing `worker-latest`"),
        "{}",
        said[1]
    );
}

#[test]
fn scripts_with_the_line_ends_of_windows_are_read() {
    let script = "if true; then\r\n  docker push \\\r\n    acme/web:latest\r\nfi\r\n";
    assert_eq!(found(&[("push.sh", script)], PUSH), ["push.sh:3"]);
    let data = "resource \"aws_instance\" \"g\" {\r\n  user_data = <<-EOF\r\n#!/bin/bash\r\ndocker run -d \\\r\n  neo4j:latest\r\nEOF\r\n}\r\n";
    assert_eq!(found(&[("main.tf", data)], LATEST), ["main.tf:5"]);
}

#[test]
fn an_answer_that_may_be_empty_hides_no_tag() {
    let script = "repo=$(aws ecr describe 2>/dev/null || echo \"\")\ndocker push \"$repo:latest\"\n";
    assert_eq!(found(&[("push.sh", script)], PUSH), ["push.sh:2"]);
}

#[test]
fn a_push_of_a_compose_file_lies_at_the_tag() {
    let compose = "services:\n  web:\n    build: .\n    image: ghcr.io/acme/web:${TAG:-latest}\n";
    let push = ("push.sh", "docker compose push\n");
    assert_eq!(found(&[("compose.yaml", compose), push], PUSH), ["compose.yaml:4"]);
    assert!(
        found(&[("compose.yaml", compose), ("up.sh", "docker compose up -d --build\n")], PUSH).is_empty()
    );
}

#[test]
fn pipelines_of_every_service_push() {
    let travis = "after_success:\n  - docker push acme/web:latest\n";
    assert_eq!(found(&[(".travis.yml", travis)], PUSH), [".travis.yml:2"]);
    let azure = "steps:\n  - task: Docker@2\n    inputs:\n      repository: acme/web\n      tags: latest\n";
    assert_eq!(found(&[("azure-pipelines.yml", azure)], PUSH), ["azure-pipelines.yml:5"]);
    let cloud_build = "steps:\n  - {name: gcr.io/cloud-builders/docker, args: [build, .]}\nimages: ['gcr.io/$PROJECT_ID/web:latest']\n";
    assert_eq!(found(&[("cloudbuild.yaml", cloud_build)], PUSH), ["cloudbuild.yaml:3"]);
}

#[test]
fn a_manifest_that_a_command_gives_its_image_says_nothing() {
    let manifest = indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - {name: web, image: 'r.io/web:latest'}
    "};
    let workflow = |tag: &str| {
        format!(
            "on: push\njobs:\n  d:\n    runs-on: x\n    steps:\n      - run: kubectl set image deployment/web web=r.io/web:{tag}\n"
        )
    };
    let found = |tag: &str| {
        let workflow = workflow(tag);
        found(&[("k8s/web.yaml", manifest), (".github/workflows/d.yml", &workflow)], LATEST)
    };
    assert!(found("${{ github.sha }}").is_empty());
    assert_eq!(found("latest").len(), 2);
}

#[test]
fn a_manifest_that_a_pipeline_fills_says_nothing() {
    let manifest = indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - {name: web, image: 'r.io/web:latest'}
    "};
    let found = |path: &str, text: &str| found(&[("k8s/web.yaml", manifest), (path, text)], LATEST);
    let sed = "sed -i \"s|image: r.io/web:.*|image: r.io/web:$1|\" k8s/web.yaml\nkubectl apply -f k8s\n";
    let cloud_build = |image: &str| {
        format!(
            "steps:\n- name: gcr.io/cloud-builders/kubectl\n  args: [set, image, deployment/web, 'web={image}']\n"
        )
    };
    let gke = indoc! {"
        steps:
        - name: gcr.io/x
          args: [push, r.io/web]
        - script: docker push x; gke-deploy run --filename=k8s --image=r.io/web:$SHORT_SHA
    "};
    let azure = |image: &str| {
        format!(
            "steps:\n- task: Docker@2\n- task: KubernetesManifest@1\n  inputs:\n    containers: {image}:$(Build.BuildId)\n"
        )
    };
    let workflow = indoc! {"
        jobs:
          d:
            steps:
              - uses: azure/k8s-deploy@v5
                with:
                  manifests: k8s
                  images: r.io/web:${{ github.sha }}
    "};
    for (path, text) in [
        ("deploy.sh", sed),
        ("cloudbuild.yaml", &cloud_build("r.io/web:$SHORT_SHA")),
        ("cloudbuild.yaml", gke),
        ("azure-pipelines.yml", &azure("r.io/web")),
        (".github/workflows/d.yml", workflow),
    ] {
        assert_eq!(found(path, text), [""; 0], "{text}");
    }
    for (path, text) in [
        ("deploy.sh", "kubectl apply -f k8s\n"),
        ("cloudbuild.yaml", &cloud_build("r.io/web:latest")),
        ("azure-pipelines.yml", &azure("r.io/api")),
    ] {
        assert!(found(path, text).contains(&"k8s/web.yaml:8".to_owned()), "{text}");
    }
}

#[test]
fn a_default_counts_unless_the_stack_is_given_another_value() {
    let template = include_str!("../testdata/cloudformation/default_that_a_nested_stack_is_given/app.yaml");
    let found = |path: &str, text: &str| found(&[("app.yaml", template), (path, text)], LATEST);
    let deploy = |with: &str| format!("aws cloudformation deploy --template-file app.yaml {with}\n");
    for (path, text) in [
        ("deploy.sh", deploy("--parameter-overrides ImageTag=$GIT_SHA")),
        ("deploy.sh", deploy("--parameters ParameterKey=ImageTag,ParameterValue=$GIT_SHA")),
    ] {
        assert_eq!(found(path, &text), [""; 0], "{text}");
    }
    assert_eq!(found("deploy.sh", &deploy("--parameter-overrides Other=1")), ["app.yaml:4"]);
}

#[test]
fn rules_of_tags_may_stand_in_the_environment() {
    let unique =
        include_str!("../testdata/workflow/rules_of_tags_in_the_environment/.github/workflows/p.yml");
    for rules in ["type=raw,value=latest", "type=raw,latest", "latest"] {
        let workflow = unique.replace("type=ref,event=branch", rules);
        let found = found(&[(".github/workflows/p.yml", &workflow)], PUSH);
        assert_eq!(found, [".github/workflows/p.yml:5"], "{rules}");
    }
}

#[test]
fn the_repository_nearest_to_the_push_is_named() {
    let repository = |name: &str| {
        format!(
            "resource \"aws_ecr_repository\" \"web\" {{\n  name = \"{name}\"\n  image_tag_mutability = \"IMMUTABLE\"\n}}\n"
        )
    };
    let (one, two) = (repository("web"), repository("web"));
    let push = "docker push 1.dkr.ecr.eu-west-1.amazonaws.com/web:latest\n";
    let files = [("a/infra/ecr.tf", &*one), ("b/infra/ecr.tf", &*two), ("b/push.sh", push)];
    let place = described(&files, IMMUTABLE, |finding, report| {
        report.place(finding.related[0].span).unwrap().path.to_string()
    });
    assert_eq!(place, ["b/infra/ecr.tf"]);
}

#[test]
fn only_what_is_sure_to_be_deployed_is_an_error() {
    let severities = |files: &[(&str, &str)]| -> Vec<String> {
        let report = support::check(files, &Settings::default());
        let of_rule = report.diagnostics.iter().filter(|diagnostic| diagnostic.rule == LATEST);
        of_rule.map(|diagnostic| format!("{:?}", diagnostic.severity)).collect()
    };
    let stack = "services:\n  cache:\n    image: redis:latest\n  web:\n    image: acme/web:latest\n";
    let push = ("push.sh", "docker push acme/web:1.2\n");
    assert_eq!(severities(&[("compose.yaml", stack), push]), ["Warning", "Warning"]);
    assert_eq!(severities(&[("compose.prod.yaml", stack), push]), ["Error", "Error"]);
    let manifest = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: web, image: 'acme/web:1.2'}]}\n";
    let beside = [("compose.yaml", stack), push, ("k8s/web.yaml", manifest)];
    assert_eq!(severities(&beside), ["Note", "Warning"]);
}

#[test]
fn what_comes_of_a_tag_depends_on_when_it_is_looked_up() {
    let message = |files: &[(&str, &str)]| {
        described(files, LATEST, |finding, _| finding.message.clone()).into_iter().next().unwrap()
    };
    let stack = "services: {web: {image: 'acme/web:latest'}}\n";
    assert!(
        message(&[("compose.yaml", stack)]).contains("a host does not pull a tag again that it already has")
    );
    let function = "resource \"aws_lambda_function\" \"web\" {\n  image_uri = \"acme/web:latest\"\n}\n";
    assert!(message(&[("main.tf", function)]).contains("only when the function is updated"));
    let task = indoc! {r#"
        resource "aws_ecs_task_definition" "web" {
          family = "web"
          container_definitions = jsonencode([{ name = "web", image = "${aws_ecr_repository.web.repository_url}:latest" }])
        }
    "#};
    let repository = "resource \"aws_ecr_repository\" \"web\" {\n  name = \"web\"\n  image_tag_mutability = \"MUTABILITY\"\n}\n";
    let of = |mutability: &str| {
        message(&[("main.tf", task), ("ecr.tf", &repository.replace("MUTABILITY", mutability))])
    };
    assert!(of("IMMUTABLE").contains("stays at the first image that was pushed"), "{}", of("IMMUTABLE"));
    assert!(of("MUTABLE").contains("a restart can bring another version"));
}

#[test]
fn a_chart_that_keeps_what_a_node_once_pulled_is_said_to() {
    let message = |values: &str, container: &str, more: &[(&str, &str)]| {
        let template = format!("spec:\n  containers:\n    - name: web\n{container}");
        let files = [
            ("chart/Chart.yaml", "name: web\n"),
            ("chart/templates/web.yaml", &*template),
            ("chart/values.yaml", values),
        ];
        let all: Vec<_> = files.into_iter().chain(more.iter().copied()).collect();
        described(&all, LATEST, |finding, _| finding.message.clone()).into_iter().next().unwrap()
    };
    let kept = "a node does not pull a tag again that it already has";
    let image = "      image: \"{{ .Values.image.repository }}:{{ .Values.image.tag }}\"\n";
    let policy = "      imagePullPolicy: {{ .Values.image.pullPolicy }}\n";
    let values = |policy: &str| format!("image:\n  repository: acme/web\n  tag: latest\n{policy}");
    let with_policy = format!("{image}{policy}");
    assert!(message(&values("  pullPolicy: IfNotPresent\n"), &with_policy, &[]).contains(kept));
    assert!(!message(&values("  pullPolicy: Always\n"), &with_policy, &[]).contains(kept));
    assert!(!message(&values(""), &with_policy, &[]).contains(kept));
    // The template decides, or the values of the chart where another file gives the tag.
    assert!(
        message(&values(""), &format!("{image}      imagePullPolicy: IfNotPresent\n"), &[]).contains(kept)
    );
    let prod = ("chart/values-prod.yaml", "image: {repository: acme/web, tag: latest}\n");
    let base = "image: {repository: acme/web, tag: '1', pullPolicy: IfNotPresent}\n";
    assert!(message(base, &with_policy, &[prod]).contains(kept));
    // The policy of another container is not that of this one.
    let beside = format!("{image}    - name: side\n      imagePullPolicy: IfNotPresent\n");
    assert!(!message(&values(""), &beside, &[]).contains(kept));
    let whole = "web: {whole: 'acme/web:latest', pull: IfNotPresent}\n";
    let own = "      image: {{ .Values.web.whole }}\n      imagePullPolicy: {{ .Values.web.pull | default \"Always\" }}\n";
    assert!(message(whole, own, &[]).contains(kept));
}

#[test]
fn a_bake_of_a_compose_file_pushes_the_tags_of_its_environment_file() {
    let compose = "services:\n  web:\n    build: web\n    image: ${REGISTRY}/shop-web:${CHANNEL}\n";
    let repository = "resource \"aws_ecr_repository\" \"web\" {\n  name = \"shop-web\"\n  image_tag_mutability = \"IMMUTABLE\"\n}\n";
    let refused = |bake: &str, channel: &str| {
        let environment = format!("CHANNEL={channel}\n");
        let files = [
            (".env", &*environment),
            ("compose.ci.yml", compose),
            ("ci/publish.sh", bake),
            ("ecr.tf", repository),
            ("web/Dockerfile", "FROM scratch\n"),
        ];
        found(&files, IMMUTABLE)
    };
    assert_eq!(refused("docker buildx bake -f compose.ci.yml web --push\n", "stable"), [".env:1"]);
    for (bake, channel) in [
        ("docker buildx bake -f compose.ci.yml web\n", "stable"),
        ("docker buildx bake -f compose.ci.yml api --push\n", "stable"),
        ("docker buildx bake -f compose.ci.yml --set '*.tags=x/web:1' --push\n", "stable"),
        ("docker buildx bake -f docker-bake.hcl --push\n", "stable"),
        ("docker buildx bake -f compose.ci.yml web --push\n", "1.4.2"),
    ] {
        assert_eq!(refused(bake, channel), [""; 0], "{bake}");
    }
}

#[test]
fn what_only_lambda_runs_needs_no_user() {
    let dockerfile = "FROM python:3.12\nCOPY app.py /app/\nCMD [\"python\", \"/app/app.py\"]\n";
    let push = "docker build -t r.io/web:1 app\ndocker push r.io/web:1\n";
    let deployed = |kind: &str, argument: &str| {
        let resource = format!("resource \"{kind}\" \"web\" {{\n  {argument}\n}}\n");
        let files = [("app/Dockerfile", dockerfile), ("push.sh", push), ("main.tf", &*resource)];
        found(&files, "docker/runs-as-root")
    };
    assert_eq!(deployed("aws_lambda_function", "image_uri = \"r.io/web:1\""), [""; 0]);
    assert_eq!(deployed("docker_container", "image = \"r.io/web:1\""), ["app/Dockerfile:1"]);
}

#[test]
fn an_empty_registry_leaves_no_slash() {
    let script = "#!/bin/sh\nREGISTRY=${REGISTRY:-}\ndocker push \"$REGISTRY/shop/web:latest\"\n";
    let said = said(&[("push.sh", script)], PUSH);
    assert!(said.len() == 1 && said[0].contains("pushes `shop/web:latest`"), "{said:?}");
}
