//! What we say that programs in Go serve, against the programs themselves: generated ones are compiled with their frameworks and
//! asked. Skipped with a notice where Go or a framework is missing.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the environment says whether a comparison may be skipped")]
#![expect(clippy::format_push_string, reason = "a program is written line after line")]
#![expect(clippy::print_stderr, reason = "what was compared and what was skipped is said")]

use std::fs;
use std::io::Write as _;
use std::process::Command;

use policy_compiled::{Program, served};
use policy_http::environment::Environment;
use policy_http::path::{Part, PathPattern};
use policy_http::served::Served;
use policy_text::source::{MemoryTree, RepoPath, Sources};

/// Programs for each framework.
const PROGRAMS: usize = 60;

/// Numbers that look random and come again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's multiplier; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }
}

/// A framework, and how programs on it are written.
struct Framework {
    name: &'static str,
    imports: &'static str,
    /// What makes a router.
    maker: &'static str,
    /// Its type.
    kind: &'static str,
    /// A handler of it.
    handler: &'static str,
    /// The paths of handlers.
    paths: &'static [&'static str],
    /// Statements that register a handler on `R` at `PATH`.
    handles: &'static [&'static str],
    /// Statements that begin a group `G` of `R` at `PATH`; those that end with `{` are closed after what is in the group.
    groups: &'static [&'static str],
}

const PLAIN: &str = "func h(w http.ResponseWriter, q *http.Request) {}\n";

const FRAMEWORKS: [Framework; 5] = [
    Framework {
        name: "net/http",
        imports: "\"net/http\"",
        maker: "http.NewServeMux()",
        kind: "*http.ServeMux",
        handler: PLAIN,
        paths: &["/a", "/a/{id}", "/b/", "/c/{rest...}", "/d/{$}", "/a/{id}/x", "/e/f"],
        handles: &[
            "R.HandleFunc(\"PATH\", h)",
            "R.HandleFunc(\"GET PATH\", h)",
            "R.Handle(\"PATH\", http.HandlerFunc(h))",
        ],
        groups: &[],
    },
    Framework {
        name: "chi",
        imports: "\"net/http\"\n\"github.com/go-chi/chi\"",
        maker: "chi.NewRouter()",
        kind: "chi.Router",
        handler: PLAIN,
        paths: &["/", "/a", "/a/{id}", "/b/{n:[0-9]+}", "/c/*", "/a/{id}/x", "/d/"],
        handles: &[
            "R.Get(\"PATH\", h)",
            "R.HandleFunc(\"PATH\", h)",
            "R.Method(\"GET\", \"PATH\", http.HandlerFunc(h))",
            "R.With(m).Get(\"PATH\", h)",
        ],
        groups: &[
            "R.Route(\"/g@\", func(G chi.Router) {",
            "R.Group(func(G chi.Router) {",
            "G := chi.NewRouter()\nR.Mount(\"/m@\", G)",
        ],
    },
    Framework {
        name: "gorilla/mux",
        imports: "\"net/http\"\n\"github.com/gorilla/mux\"",
        maker: "mux.NewRouter()",
        kind: "*mux.Router",
        handler: PLAIN,
        paths: &["/", "/a", "/a/{id}", "/b/{n:[0-9]+}", "/a/{id}/x", "/d/"],
        handles: &[
            "R.HandleFunc(\"PATH\", h)",
            "R.HandleFunc(\"PATH\", h).Methods(\"GET\")",
            "R.Path(\"PATH\").HandlerFunc(h)",
            "R.Methods(http.MethodGet).Path(\"PATH\").Handler(http.HandlerFunc(h))",
        ],
        groups: &["G := R.PathPrefix(\"/g@\").Subrouter()", "G := R.PathPrefix(\"/g/@\").Subrouter()"],
    },
    Framework {
        name: "gin",
        imports: "\"net/http\"\n\"github.com/gin-gonic/gin\"",
        maker: "gin.New()",
        kind: "*gin.Engine",
        handler: "func h(c *gin.Context) {}\n",
        paths: &["/a", "/a/:id", "/b/", "/c/*rest", "/a/:id/x", "", "/d/e"],
        handles: &["R.GET(\"PATH\", h)", "R.Handle(\"GET\", \"PATH\", h)", "R.Any(\"PATH\", h)"],
        groups: &["G := R.Group(\"/g@\")", "G := R.Group(\"/g/:tenant/@\")"],
    },
    Framework {
        name: "echo",
        imports: "\"net/http\"\n\"github.com/labstack/echo\"",
        maker: "echo.New()",
        kind: "*echo.Echo",
        handler: "func h(c echo.Context) error { return c.NoContent(200) }\n",
        paths: &["/a", "/a/:id", "/b/", "/c/*", "/a/:id/x", "/d/e"],
        handles: &["R.GET(\"PATH\", h)", "R.Add(\"GET\", \"PATH\", h)", "R.Any(\"PATH\", h)"],
        groups: &["G := R.Group(\"/g@\")"],
    },
];

/// The functions of a program: `buildN` and those that it calls.
fn generated(framework: &Framework, number: usize, random: &mut Random) -> String {
    let mut text = format!("func build{number}() http.Handler {{\nr := {}\n", framework.maker);
    let mut groups = 0;
    body(framework, "r", 0, &mut groups, random, &mut text);
    if random.below(2) == 0 {
        text +=
            &format!("more{number}(r)\nreturn r\n}}\n\nfunc more{number}(router {}) {{\n", framework.kind);
        body(framework, "router", 1, &mut groups, random, &mut text);
        text += "}\n\n";
    } else {
        text += "return r\n}\n\n";
    }
    text
}

fn body(
    framework: &Framework,
    router: &str,
    depth: usize,
    groups: &mut usize,
    random: &mut Random,
    text: &mut String,
) {
    for _ in 0..=random.below(3) {
        let handle = random.pick(framework.handles).replace("PATH", random.pick(framework.paths));
        *text += &format!("{}\n", named(&handle, 'R', router));
    }
    if depth < 3 && !framework.groups.is_empty() {
        for _ in 0..random.below(3) {
            *groups += 1;
            let group = format!("g{groups}");
            let begins = random.pick(framework.groups).replace('@', &groups.to_string());
            let begins = named(&named(&begins, 'R', router), 'G', &group);
            *text += &format!("{begins}\n");
            body(framework, &group, depth + 1, groups, random, text);
            if begins.ends_with('{') {
                *text += "})\n";
            }
        }
    }
}

/// A statement with a name for the letter that stands for one, and not for those within words.
fn named(statement: &str, letter: char, name: &str) -> String {
    let mut found = String::new();
    let letters: Vec<char> = statement.chars().collect();
    for (index, one) in letters.iter().enumerate() {
        let next = letters.get(index + 1).copied().unwrap_or(' ');
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        if *one == letter && !next.is_alphanumeric() && !before.is_alphanumeric() && before != '.' {
            found += name;
        } else {
            found.push(*one);
        }
    }
    found
}

fn served_by(text: &str) -> Served {
    let tree = MemoryTree::of(&[("go.mod", "module example.org/shop\n\ngo 1.22\n"), ("main.go", text)]);
    served(&Program::Go(RepoPath::root()), &Environment::of([]), &Sources::open(&tree))
}

/// Paths that are worth asking for: one of each registration, and its neighbours.
fn worth_asking(served: &Served) -> Vec<String> {
    let registered = served.registrations.iter().flat_map(|registration| {
        let parts = registration.path.parts().iter().map(|part| match part {
            Part::Literal(text) => text.as_str(),
            Part::Character | Part::Segment => "7",
            Part::Rest => "q/r",
        });
        let path: String = parts.collect();
        let shorter = path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        [format!("{path}/8"), format!("{path}/"), format!("/8{path}"), shorter, path]
    });
    let mut paths: Vec<String> =
        registered.filter(|path| path.starts_with('/') && !path.contains("//")).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// What the programs answer, one line of statuses for each; `null` for one that does not run. `None` where Go is missing.
fn asked(framework: &Framework, programs: &[String], paths: &[Vec<String>]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().ok()?;
    let mut text = format!(
        "package main\n\nimport (\n\"fmt\"\n\"net/http/httptest\"\n{}\n)\n\n{}",
        framework.imports, framework.handler
    );
    text += "func m(next http.Handler) http.Handler { return next }\n\n";
    text += "func ask(build func() http.Handler, paths []string) {\n\
             defer func() { if recover() != nil { fmt.Println(\"null\") } }()\n\
             handler := build()\nline := \"\"\nfor _, path := range paths {\n\
             answer := httptest.NewRecorder()\nhandler.ServeHTTP(answer, httptest.NewRequest(\"GET\", path, nil))\n\
             line += fmt.Sprint(answer.Code, \" \")\n}\nfmt.Println(line)\n}\n\nfunc main() {\n";
    for (number, paths) in paths.iter().enumerate() {
        text += &format!(
            "ask(build{number}, []string{{{}}})\n",
            paths.iter().map(|path| format!("{path:?}")).collect::<Vec<_>>().join(", ")
        );
    }
    text += "}\n\n";
    text += &programs.concat();
    is_of_today().then_some(())?;
    let main = folder.path().join("main.go");
    fs::write(&main, text).ok()?;
    let output = Command::new("go")
        .arg("run")
        .arg(&main)
        .envs([("GO111MODULE", "off"), ("GIN_MODE", "release"), ("GODEBUG", "httpmuxgo121=0")])
        .env("GOPATH", std::env::var_os("GOPATH").unwrap_or_else(|| "/usr/share/gocode".into()))
        .output()
        .ok()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("cannot find package"), "{said}");
        return None;
    }
    Some(String::from_utf8(output.stdout).ok()?.lines().map(ToOwned::to_owned).collect())
}

/// Whether there is a Go whose own router reads patterns with methods: from 1.22 on.
fn is_of_today() -> bool {
    let Ok(output) = Command::new("go").args(["env", "GOVERSION"]).output() else { return false };
    let version = String::from_utf8_lossy(&output.stdout);
    let minor = version.trim().strip_prefix("go1.").and_then(|rest| rest.split('.').next()?.parse().ok());
    minor.is_some_and(|minor: u32| minor >= 22)
}

fn compare(framework: &Framework) {
    let mut random = Random(framework.name.len() as u64);
    let programs: Vec<String> =
        (0..PROGRAMS).map(|number| generated(framework, number, &mut random)).collect();
    let all: Vec<Served> = programs
        .iter()
        .enumerate()
        .map(|(number, program)| {
            let start = format!("package main\n\nimport (\n{}\n)\n\nfunc main() {{\nhttp.ListenAndServe(\":80\", build{number}())\n}}\n\n", framework.imports);
            served_by(&(start + program))
        })
        .collect();
    let paths: Vec<Vec<String>> = all.iter().map(worth_asking).collect();
    let Some(lines) = asked(framework, &programs, &paths) else {
        let reason = format!("there is no Go from 1.22 on with {}", framework.name);
        assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
        let _ = std::io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
        return;
    };
    assert_eq!(lines.len(), programs.len());
    let (mut run, mut asked) = (0, 0);
    for (((program, served), paths), line) in programs.iter().zip(&all).zip(&paths).zip(&lines) {
        if line == "null" {
            continue;
        }
        run += 1;
        for (path, status) in paths.iter().zip(line.split_whitespace()) {
            let asked_for = PathPattern::literal(path).expect("a path");
            let is_certain = served.certain(&asked_for).next().is_some();
            if !is_certain && !served.lacks(&asked_for) {
                continue;
            }
            asked += 1;
            assert_eq!(
                is_certain,
                status != "404",
                "{path} is {status}, of\n{program}{:?}",
                served.registrations.iter().map(|own| own.path.to_string()).collect::<Vec<_>>()
            );
        }
    }
    eprintln!("{}: asked {run} programs for {asked} paths", framework.name);
    assert!(
        run > PROGRAMS / 4 && asked > 300,
        "{}: {run} programs ran, and were asked for {asked} paths",
        framework.name
    );
}

#[test]
fn programs_in_go_answer_what_we_say() {
    for framework in &FRAMEWORKS {
        compare(framework);
    }
}
