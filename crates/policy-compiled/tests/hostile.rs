//! Malicious code costs no more than its size allows, and breaks nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::format_push_string, reason = "a program is written line after line")]

use policy_compiled::{Program, served};
use policy_http::environment::Environment;
use policy_text::source::{MemoryTree, RepoPath, Sources};

const MANY: usize = 3_000;

/// Reads a text as code of each language, in a program that starts.
fn read(text: &str) {
    let go = format!(
        "package main\n\nimport \"github.com/go-chi/chi\"\n\nfunc main() {{\nr := chi.NewRouter()\n{text}"
    );
    let csharp = format!("var app = WebApplication.Create(args);\n{text}");
    let java = format!("package shop; @SpringBootApplication class Main {{}} {text}");
    let files = [
        ("go.mod", "module example.org/shop\n"),
        ("main.go", go.as_str()),
        ("Shop.csproj", "<Project />"),
        ("Program.cs", csharp.as_str()),
        ("Controllers.cs", text),
        ("pom.xml", "<project></project>"),
        ("src/main/java/shop/Main.java", java.as_str()),
        ("src/main/kotlin/shop/Other.kt", text),
        ("src/main/resources/application.yml", "server.port: 1"),
        ("src/main/resources/application.properties", text),
    ];
    let tree = MemoryTree::of(&files);
    let sources = Sources::open(&tree);
    let project = sources.find(&RepoPath::new("Shop.csproj").unwrap()).unwrap();
    for program in
        [Program::Go(RepoPath::root()), Program::DotNet(project), Program::Jvm(RepoPath::root(), Vec::new())]
    {
        served(&program, &Environment::unknown(), &sources);
    }
}

#[test]
fn what_is_nested_deep_is_read() {
    for open in [
        "{",
        "(",
        "[",
        "f(",
        "r.Get(",
        "r.Route(\"/a\", func(r chi.Router) {",
        "app.MapGroup(\"/a\", x => {",
        "a = ",
        "return ",
        "if (a) ",
        "class A {",
        "@A(",
        "[A(",
        "\"${",
        "$\"{",
        "/*",
        "${",
        "a.b(c => ",
        "func() {",
        "namespace A { ",
        "<",
        "a<",
    ] {
        read(&open.repeat(MANY));
    }
}

#[test]
fn what_nothing_closes_is_read() {
    for open in [
        "\"",
        "'",
        "`",
        "\"\"\"",
        "@\"",
        "$@\"",
        "/*",
        "@",
        "[",
        "#",
        "class",
        "import (",
        "const (",
        "\\",
        "\u{feff}é\u{0}",
    ] {
        read(open);
        read(&format!("{open}\n").repeat(MANY));
    }
}

#[test]
fn what_refers_to_much_is_read() {
    let mut constants = String::from("class C {");
    let mut routes = String::from("@RestController class R {");
    for number in 0..MANY / 4 {
        let next = number + 1;
        constants += &format!("static final String A{number} = A{next} + A{next} + \"\";");
        routes += &format!("@GetMapping(A{number}) void m{number}() {{}}");
    }
    read(&format!("import x; {constants}}} {routes}}}"));
    let calls: Vec<String> = (0..200)
        .map(|number| format!("func f{number}(r chi.Router) {{ f{0}(r); f{0}(r) }}\n", number + 1))
        .collect();
    read(&format!("f0(r)\n}}\n{}", calls.concat()));
    read(&"a, b = c; x.y(z, w); r.Get(p + q, h)\n".repeat(MANY));
    read(&"word ".repeat(MANY * 4));
    let variables: Vec<String> = (0..MANY / 4).map(|number| format!("v{number} := \"/a\"\n")).collect();
    read(&format!("{}{}", variables.concat(), "f(func() {})\n".repeat(MANY / 4)));
    read(&format!(
        "{}}}\n{}",
        "f()\n".repeat(MANY),
        "func f(r chi.Router) {}\nvoid f(Router r) {}\n".repeat(MANY)
    ));
    read(&format!("r.Get(\"/a\", h)\n}}\nfunc h() {{\n{}}}", "r.Get(\"/a\", h)\n".repeat(MANY)));
    read(&format!("const A = \"\"{}\n{}", " + \"\"".repeat(MANY), "r.Get(A, h)\n".repeat(MANY)));
    let parents: Vec<String> =
        (0..MANY / 4).map(|number| format!("class A{number} extends A{} {{}}", number + 1)).collect();
    read(&format!("{} @RestController class Z extends A0 {{}}", parents.concat()));
}
