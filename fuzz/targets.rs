//! What is run on every kind of input that a stranger may write: the whole way from text to report. The same functions are run
//! by libFuzzer, and by a bounded test of the rules over the same corpora.

use policy_core::RuleId;
use policy_core::config::Settings;
use policy_core::finding::Applicability;
use policy_core::report::{self, Baseline, Diagnostic, Report};
use policy_core::source::{FileId, MemoryTree, RepoPath, SourceTree, Sources, Span};

/// One kind of input.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its corpus.
    pub name: &'static str,
    /// What takes the input.
    pub of: Of,
}

/// What an input is.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// The file of this name, beside these others.
    File(&'static str, &'static [(&'static str, &'static str)]),
    /// A whole tree: `=== path` on a line of its own begins a file.
    Tree,
    /// The configuration.
    Configuration,
    /// A baseline.
    Baseline,
}

/// What asks for the files that are read only where something asks for them.
const BUILD: (&str, &str) =
    ("compose.yaml", "services:\n  web:\n    build: .\n    image: r.example.org/web:latest\n");
const DOCKERFILE: (&str, &str) =
    ("Dockerfile", "FROM node:22 AS a\nARG V=1\nCOPY . .\nRUN npm ci\nFROM a\nCOPY --from=a /app /app\n");
const PAGE: (&str, &str) = ("index.html", "<script type=module src=/src/app.ts></script>");
const PACKAGE: (&str, &str) =
    ("package.json", "{\"devDependencies\": {\"vite\": \"5\"}, \"scripts\": {\"build\": \"vite build\"}}");
/// An entrance in front of a service, whose container runs the image of the folder `api`.
const ENTRANCE: (&str, &str) = (
    "main.tf",
    r#"
resource "aws_lb" "a" {}
resource "aws_lb_target_group" "a" { port = 80 }
resource "aws_lb_listener" "a" {
  load_balancer_arn = aws_lb.a.arn
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.a.arn
  }
}
resource "aws_ecs_task_definition" "a" {
  family                = "api"
  container_definitions = jsonencode([{ name = "api", image = "r.example.org/api:1", portMappings = [{ containerPort = 80 }] }])
}
resource "aws_ecs_service" "a" {
  task_definition = aws_ecs_task_definition.a.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.a.arn
    container_name   = "api"
    container_port   = 80
  }
}
"#,
);
const PYTHON_IMAGE: (&str, &str) =
    ("api/Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n");
const CSHARP_IMAGE: (&str, &str) = ("api/Dockerfile", "FROM a\nCOPY out .\nCMD [\"dotnet\", \"Shop.dll\"]\n");
const CSHARP_MAIN: (&str, &str) = (
    "api/Program.cs",
    "var app = WebApplication.Create(args);\napp.MapControllers();\napp.MapGroup(\"/a\").MapOrders();\napp.Run();\n",
);
const GO_IMAGE: (&str, &str) = (
    "api/Dockerfile",
    "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o main .\nCMD [\"./main\"]\n",
);
const JAVA_IMAGE: (&str, &str) = (
    "api/Dockerfile",
    "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY target/app.jar .\nCMD [\"java\", \"-jar\", \"app.jar\"]\n",
);
const JAVA_BUILD: (&str, &str) =
    ("api/pom.xml", "<dependency><artifactId>spring-boot-starter-web</artifactId></dependency>");
const JAVA_MAIN: (&str, &str) =
    ("api/src/main/java/shop/Main.java", "package shop; @SpringBootApplication class Main {}");
const PYTHON: (&str, &str) = (
    "api/main.py",
    "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/orders/{number}')\ndef order(): pass\n",
);
const NGINX_IMAGE: (&str, &str) = (
    "api/Dockerfile",
    "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY . /usr/share/nginx/html\n",
);
const SERVED_PAGE: (&str, &str) = ("api/index.html", "<script type=module src=app.ts></script>");
const REQUESTS: (&str, &str) =
    ("api/app.ts", "fetch('/orders');\nfetch(`/orders/${n}`);\nnew WebSocket('/ws');\n");
const SOCKET: (&str, &str) =
    ("src/app.ts", "import { a } from './b';\nnew WebSocket(a ?? `ws://${location.hostname}:8000`);\n");

/// Every kind of input.
pub const TARGETS: &[Target] = &[
    Target { name: "baseline", of: Of::Baseline },
    Target { name: "configuration", of: Of::Configuration },
    Target { name: "tree", of: Of::Tree },
    file("ansible", "playbook.yml", &[]),
    file("bake", "docker-bake.hcl", &[DOCKERFILE]),
    file("bitbucket", "bitbucket-pipelines.yml", &[]),
    file("buildspec", "buildspec.yml", &[DOCKERFILE]),
    file("circleci", ".circleci/config.yml", &[]),
    file("cloudformation", "template.yaml", &[]),
    file("compose", "compose.yaml", &[DOCKERFILE]),
    file(
        "csharp",
        "api/Orders.cs",
        &[ENTRANCE, CSHARP_IMAGE, ("api/Shop.csproj", "<Project />"), CSHARP_MAIN],
    ),
    file("dockerfile", "Dockerfile", &[BUILD, PACKAGE]),
    file("dockerignore", ".dockerignore", &[BUILD, DOCKERFILE, PACKAGE]),
    file(
        "environment",
        ".env.production",
        &[PAGE, PACKAGE, ("src/app.ts", "new WebSocket(import.meta.env.VITE_WS);\n")],
    ),
    file("fly", "fly.toml", &[DOCKERFILE]),
    file("gitlab", ".gitlab-ci.yml", &[DOCKERFILE]),
    file("gitignore", ".gitignore", &[BUILD, DOCKERFILE, PACKAGE]),
    file("go", "api/main.go", &[ENTRANCE, GO_IMAGE, ("api/go.mod", "module example.org/shop\n")]),
    file("java", "api/src/main/java/shop/Orders.java", &[ENTRANCE, JAVA_IMAGE, JAVA_BUILD, JAVA_MAIN]),
    file("ingress", "k8s/ingress.yaml", &[PYTHON_IMAGE, PYTHON]),
    file("jenkinsfile", "Jenkinsfile", &[]),
    file("justfile", "justfile", &[DOCKERFILE]),
    file("makefile", "Makefile", &[DOCKERFILE]),
    file("manifest", "k8s/deployment.yaml", &[("k8s/kustomization.yaml", "resources: [deployment.yaml]\n")]),
    file("nginx", "api/nginx.conf", &[ENTRANCE, NGINX_IMAGE, SERVED_PAGE, REQUESTS]),
    file("nomad", "web.nomad.hcl", &[]),
    file("package", "package.json", &[PAGE, SOCKET]),
    file("python", "api/main.py", &[ENTRANCE, PYTHON_IMAGE]),
    file("requests", "api/app.ts", &[ENTRANCE, NGINX_IMAGE, SERVED_PAGE]),
    file("routes", "rules.tf", &[ENTRANCE, PYTHON_IMAGE, PYTHON]),
    file("script", "src/app.ts", &[PAGE, PACKAGE, ("src/b.ts", "export const a = 'ws://localhost:8000';\n")]),
    file("markup", "src/App.vue", &[PAGE, PACKAGE, ("src/app.ts", "import App from './App.vue';\n")]),
    file("shell", "deploy.sh", &[DOCKERFILE]),
    file("skaffold", "skaffold.yaml", &[DOCKERFILE]),
    file("task_definition", "task-definition.json", &[]),
    file(
        "terraform",
        "main.tf",
        &[("values.json", "{\"a\": [1, \"x\"]}"), ("prod.tfvars", "a = \"latest\"\n")],
    ),
    file("terraform_json", "main.tf.json", &[]),
    file("tsconfig", "tsconfig.json", &[PAGE, PACKAGE, SOCKET]),
    file("workflow", ".github/workflows/ci.yml", &[DOCKERFILE]),
];

const fn file(
    name: &'static str,
    path: &'static str,
    others: &'static [(&'static str, &'static str)],
) -> Target {
    Target { name, of: Of::File(path, others) }
}

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<Self> {
        TARGETS.iter().find(|target| target.name == name).copied()
    }

    /// Runs the target. Whatever the input is, this comes to an end and does not panic.
    pub fn run(self, input: &[u8]) {
        match self.of {
            Of::File(name, others) => {
                check(&others.iter().fold(MemoryTree::new(), with).with(path(name), input));
            }
            Of::Tree => check(&tree(&String::from_utf8_lossy(input))),
            Of::Configuration => {
                let ids: Vec<RuleId> = policy_rules::all().iter().map(|rule| rule.id).collect();
                if let Ok(settings) = Settings::parse(&String::from_utf8_lossy(input), &ids) {
                    check_with(&[BUILD, DOCKERFILE].iter().fold(MemoryTree::new(), with), &settings);
                }
            }
            Of::Baseline => {
                if let Ok(baseline) = Baseline::parse(&String::from_utf8_lossy(input)) {
                    let tree = [BUILD, DOCKERFILE].iter().fold(MemoryTree::new(), with);
                    baseline.apply(&mut report_of(&tree, &Settings::default()));
                }
            }
        }
    }
}

fn path(path: &str) -> RepoPath {
    RepoPath::new(path).expect("a path in the root")
}

fn with(tree: MemoryTree, (name, text): &(&str, &str)) -> MemoryTree {
    tree.with(path(name), text.as_bytes())
}

/// The tree that a text describes.
fn tree(text: &str) -> MemoryTree {
    text.split("=== ").filter_map(|file| file.split_once('\n')).fold(
        MemoryTree::new(),
        |tree, (name, text)| match RepoPath::new(name.trim()).filter(|path| !path.is_root()) {
            Some(path) => tree.with(path, text.as_bytes()),
            None => tree,
        },
    )
}

fn check(tree: &MemoryTree) {
    check_with(tree, &Settings::default());
}

fn check_with(tree: &MemoryTree, settings: &Settings) {
    let report = report_of(tree, settings);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    places_are_right(&report, tree);
    for format in [report::json, report::sarif, report::github, report::gitlab, report::junit] {
        let text = format(&report);
        let raw = text.chars().find(|&character| character.is_control() && !"\n\t".contains(character));
        assert_eq!(raw, None, "a format lets it leave");
    }
    // What a fix makes of a file is made of that file.
    for change in report::changes(&report, Applicability::Unsafe) {
        let read = tree.read(&change.path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(read.is_some(), change.before.is_some());
    }
}

fn report_of(tree: &MemoryTree, settings: &Settings) -> Report {
    policy_core::check(&Sources::open(tree), &policy_rules::all(), settings).expect("the cards are right")
}

/// Every place lies in its file and between characters.
fn places_are_right(report: &Report, tree: &MemoryTree) {
    let of_findings = report.diagnostics.iter().flat_map(Diagnostic::spans);
    let of_problems = report.problems.iter().map(|problem| problem.at);
    let of_values = report.unresolved.iter().map(|value| value.at);
    for span in of_findings.chain(of_problems).chain(of_values) {
        let Span { file, start, end } = span;
        let text = text_of(report, file);
        assert!(start <= end && text.get(span.range()).is_some(), "{start}..{end} of {text:?}");
    }
    assert!(report.files.values().all(|file| tree.read(&file.path).is_ok() || file.text.as_str().is_empty()));
}

fn text_of(report: &Report, file: FileId) -> &str {
    report.files.get(&file).map_or("", |file| file.text.as_str())
}
