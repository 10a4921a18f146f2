//! What programs serve, end to end: from the files of a tree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod aspnet;
mod go;
mod quarkus;
mod spring;

use policy_compiled::{Program, served};
use policy_http::environment::Environment;
use policy_http::served::Served;
use policy_text::source::{MemoryTree, RepoPath, Sources};

/// What the module for the virtual machine at the root of a tree answers, as lines. What is unknown begins with `?`.
fn of_jvm(files: &[(&str, &str)]) -> Vec<String> {
    let program = Program::Jvm(RepoPath::root(), Vec::new());
    described(&served_in(&program, files, &[]))
}

fn served_in(program: &Program, files: &[(&str, &str)], variables: &[(&str, &str)]) -> Served {
    let tree = MemoryTree::of(files);
    let sources = Sources::open(&tree);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
    served(program, &Environment::of(variables), &sources)
}

fn described(served: &Served) -> Vec<String> {
    let registrations = served
        .registrations
        .iter()
        .map(|registration| format!("{} {}", registration.answers, registration.path));
    let unknown = served.unknown.iter().map(|unknown| format!("? {}: {}", unknown.below, unknown.why));
    registrations.chain(unknown).collect()
}

/// The lines that say what is unknown of a program, in a tree of which a file cannot be read.
fn unknown_without(program: &Program, files: &[(&str, &str)], unreadable: &str) -> Vec<String> {
    let tree = MemoryTree::of(files).with_unreadable(RepoPath::new(unreadable).unwrap());
    let served = served(program, &Environment::of([]), &Sources::open(&tree));
    described(&served).into_iter().filter(|line| line.starts_with('?')).collect()
}

#[test]
fn code_that_cannot_be_read_leaves_the_program_open() {
    let why = "? *: some of its code was not read";
    let go = [
        ("go.mod", "module example.org/shop\n"),
        (
            "main.go",
            "package main\nimport \"net/http\"\nfunc main() {\nhttp.HandleFunc(\"/a\", a)\nhttp.ListenAndServe(\":80\", nil)\n}\n",
        ),
    ];
    let program = Program::Go(RepoPath::root());
    assert_eq!(unknown_without(&program, &go, "more.go"), [why]);
    assert_eq!(unknown_without(&program, &go, "more_test.go"), [] as [String; 0]);
    let java = [
        (
            "pom.xml",
            "<dependency><artifactId>spring-boot-starter-web</artifactId></dependency><artifactId>web</artifactId>",
        ),
        (
            "src/main/java/Main.java",
            "import jakarta.A; @SpringBootApplication class Main {} @RestController class A { @GetMapping(\"/a\") void a() {} }",
        ),
    ];
    let module = [("web/src/main/java/Web.java", "class Web {}")];
    let java = [java.as_slice(), &module].concat();
    let program = Program::Jvm(RepoPath::root(), Vec::new());
    for unreadable in ["src/main/java/More.java", "web/pom.xml"] {
        assert!(unknown_without(&program, &java, unreadable).contains(&why.to_owned()), "{unreadable}");
    }
    let settings = unknown_without(&program, &java, "src/main/resources/application.yml");
    assert!(settings.contains(&"? *: the path before it is not written as text".to_owned()), "{settings:?}");
    let csharp = [
        ("Shop.csproj", "<ProjectReference Include=\"Web/Web.csproj\" />"),
        ("Web/Web.csproj", ""),
        ("Program.cs", "var app = WebApplication.Create(args); app.MapGet(\"/x\", () => 1); app.Run();"),
    ];
    let sources = MemoryTree::of(&csharp);
    let project = Sources::open(&sources).find(&RepoPath::new("Shop.csproj").unwrap()).unwrap();
    for unreadable in ["Zoo.cs", "Web/Web.csproj"] {
        assert_eq!(unknown_without(&Program::DotNet(project), &csharp, unreadable), [why], "{unreadable}");
    }
}
