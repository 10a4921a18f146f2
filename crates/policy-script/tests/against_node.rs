//! What programs serve, by our reading and by themselves: generated programs of Express and Fastify run on loopback and are
//! asked. Skipped with a notice where Node or the packages are missing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "programs are written to disk and run")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Methods, Served};
use policy_script::served::served;
use policy_script::{ImportedNames, Program, Scripts};
use policy_text::source::{FileId, MemoryTree, RepoPath, Sources};

/// Programs of each framework.
const PROGRAMS: usize = 60;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Says that nothing is compared, past what the test runner captures. Where `PORTCULLIS_COMPARE` is set, that is a failure.
fn skip(reason: &str) {
    assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
    // What `eprintln!` writes is captured, and nobody sees it.
    let _ = std::io::stderr().write_all(format!("skipped: {reason}\n").as_bytes());
}

/// Runs the programs in the folders that it is given, asks each for every path, and prints the answers.
const DRIVER: &str = "
const [paths, ...folders] = process.argv.slice(2);
(async () => {
  for (const folder of folders) {
    const app = require(folder + '/index.js');
    const isFastify = typeof app.inject === 'function';
    if (isFastify) await app.listen({ port: 0, host: '127.0.0.1' });
    const server = isFastify ? app.server : await new Promise((done) => {
      const server = app.listen(0, '127.0.0.1', () => done(server));
    });
    const origin = 'http://127.0.0.1:' + server.address().port;
    const statuses = [];
    for (const path of paths.split(',')) {
      const answer = await fetch(origin + path, { redirect: 'manual' });
      await answer.text();
      statuses.push(answer.status);
    }
    console.log(statuses.join(','));
    server.closeAllConnections();
    if (isFastify) await app.close(); else server.close();
  }
})();
";

/// Every path of up to three of these segments, with and without a slash at the end.
fn probes() -> Vec<String> {
    let mut all = vec!["/".to_owned()];
    let mut longest = vec![String::new()];
    for _ in 0..3 {
        longest = longest
            .iter()
            .flat_map(|start| ["a", "b", "x"].map(|segment| format!("{start}/{segment}")))
            .collect();
        all.extend(longest.iter().flat_map(|path| [path.clone(), format!("{path}/")]));
    }
    all
}

/// The files of a program, by name.
type Files = BTreeMap<String, String>;

const PATHS: [&str; 9] = ["/", "/a", "/b", "/a/b", "/:id", "/a/:id", "/:id/b", "/b/*rest", "/a/"];
const PREFIXES: [&str; 5] = ["/a", "/b", "/a/b", "/", "/:id"];
const EXPRESS_VERBS: [&str; 4] = ["get", "get", "post", "all"];

/// The registrations of a router of Express, with those of the routers that it mounts.
fn express(random: &mut Random, on: &str, depth: usize, files: &mut Files) -> String {
    let mut code = String::new();
    for _ in 0..=random.below(4) {
        let (path, prefix) = (random.pick(&PATHS), random.pick(&PREFIXES));
        let handler = "(req, res) => res.end('here')";
        match random.below(if depth == 0 { 5 } else { 8 }) {
            0 | 1 => writeln!(code, "{on}.{}('{path}', {handler});", random.pick(&EXPRESS_VERBS)),
            2 => writeln!(code, "{on}.get(['{path}', '{}'], {handler});", random.pick(&PATHS)),
            3 => writeln!(code, "{on}.route('{path}').get({handler}).post({handler});"),
            4 => writeln!(code, "{on}.use('{prefix}', (req, res, next) => next());"),
            5 => writeln!(code, "{on}.use('{prefix}x', {handler});"),
            6 => {
                let own = format!("inner{}", files.len() * 10 + depth);
                let inside = express(random, &own, depth - 1, files);
                writeln!(code, "{{ const {own} = express.Router();\n{inside}{on}.use('{prefix}', {own}); }}")
            }
            _ => {
                let name = format!("r{}", files.len());
                files.insert(format!("{name}.js"), String::new());
                let inside = express(random, "router", depth - 1, files);
                let head = "const express = require('express');\nconst router = express.Router();\n";
                files.insert(format!("{name}.js"), format!("{head}{inside}module.exports = router;\n"));
                writeln!(code, "{on}.use('{prefix}', require('./{name}'));")
            }
        }
        .unwrap();
    }
    code
}

/// The registrations of a plug-in of Fastify, which refuses the same path twice.
fn fastify(random: &mut Random, on: &str, depth: usize, files: &mut Files) -> String {
    let mut code = String::new();
    for path in ["/", "/a", "/a/b", "/:id", "/a/:id", "/b/*"] {
        match random.below(4) {
            0 => writeln!(code, "{on}.get('{path}', async () => 'here');").unwrap(),
            1 => writeln!(
                code,
                "{on}.route({{ method: ['GET', 'PUT'], url: '{path}', handler: async () => 'here' }});"
            )
            .unwrap(),
            _ => {}
        }
    }
    for prefix in ["/x", "/b/x"] {
        if depth == 0 || random.below(2) == 0 {
            continue;
        }
        if random.below(2) == 0 {
            let inside = fastify(random, "scope", depth - 1, files);
            writeln!(code, "{on}.register(async (scope) => {{\n{inside}}}, {{ prefix: '{prefix}' }});")
                .unwrap();
        } else {
            let name = format!("p{}", files.len());
            files.insert(format!("{name}.js"), String::new());
            let inside = fastify(random, "instance", depth - 1, files);
            let plugin = format!("module.exports = async function (instance, options) {{\n{inside}}};\n");
            files.insert(format!("{name}.js"), plugin);
            writeln!(code, "{on}.register(require('./{name}'), {{ prefix: '{prefix}' }});").unwrap();
        }
    }
    code
}

fn program(random: &mut Random, framework: &str) -> Files {
    let mut files = Files::from([("index.js".to_owned(), String::new())]);
    let code = match framework {
        "express" => express(random, "app", 2, &mut files),
        _ => fastify(random, "app", 2, &mut files),
    };
    let head = format!("const express = require('{framework}');\nconst app = express();\n");
    files.insert("index.js".to_owned(), format!("{head}{code}module.exports = app;\n"));
    files
}

fn read(files: &Files) -> Served {
    let tree = files
        .iter()
        .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), text.as_str()));
    let sources = Sources::open(&tree);
    let imports: Vec<(FileId, ImportedNames)> = sources
        .files()
        .map(|(file, path)| (file, ImportedNames::of(path, &sources.read(file).unwrap().text)))
        .collect();
    let images = |_: &str| Vec::new();
    let scripts = Scripts::new(&[], &imports, &images, &sources);
    let entry = sources.find(&RepoPath::new("index.js").unwrap()).unwrap();
    served(&scripts, &Program::Module(entry))
}

/// What programs answer for every path, in the order of the programs.
fn asked(programs: &[Files], probes: &[String], folder: &Path) -> Vec<Vec<u16>> {
    let driver = folder.join("driver.js");
    fs::write(&driver, DRIVER).unwrap();
    let mut command = Command::new("node");
    command.arg(&driver).arg(probes.join(","));
    for (index, files) in programs.iter().enumerate() {
        let own = folder.join(index.to_string());
        fs::create_dir(&own).unwrap();
        for (name, text) in files {
            fs::write(own.join(name), text).unwrap();
        }
        command.arg(&own);
    }
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split(',').map(|status| status.parse().unwrap()).collect()).collect()
}

fn compare(framework: &str) {
    let is_there = Command::new("node")
        .args(["-e", &format!("require('{framework}')")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        return skip(&format!("Node or its package `{framework}` is not installed"));
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let programs: Vec<Files> = (0..PROGRAMS).map(|_| program(&mut random, framework)).collect();
    let probes = probes();
    let folder = tempfile::tempdir().unwrap();
    let answers = asked(&programs, &probes, folder.path());
    assert_eq!(answers.len(), programs.len(), "each program runs");
    let mut served_paths = 0;
    for (files, statuses) in programs.iter().zip(&answers) {
        let served = read(files);
        for (probe, status) in probes.iter().zip(statuses) {
            let path = PathPattern::literal(probe).unwrap();
            let is_served = served.registrations.iter().any(|registration| {
                let takes_get = match &registration.answers {
                    Answers::Requests(Methods::Only(methods)) => methods.iter().any(|method| method == "GET"),
                    Answers::Requests(Methods::Any) | Answers::Page => true,
                    // The same as the one before it.
                    Answers::Redirect | Answers::Sockets => false,
                };
                takes_get && registration.path.covers(&path)
            });
            served_paths += usize::from(is_served);
            let listing = || {
                let paths = served.registrations.iter().map(|registration| registration.path.to_string());
                let unknown = served.unknown.iter().map(|unknown| format!("? {}", unknown.below));
                let all = paths.chain(unknown).collect::<Vec<_>>().join("\n");
                let code: Vec<String> =
                    files.iter().map(|(name, text)| format!("--- {name}\n{text}")).collect();
                format!("{probe} is answered {status}\n{}{all}", code.join(""))
            };
            assert!(!is_served || *status != 404, "served by our reading: {}", listing());
            assert!(!served.lacks(&path) || *status == 404, "lacking by our reading: {}", listing());
        }
    }
    assert!(served_paths > PROGRAMS * 5, "only {served_paths} paths are served");
}

#[test]
fn express_serves_what_it_is_said_to() {
    compare("express");
}

#[test]
fn fastify_serves_what_it_is_said_to() {
    compare("fastify");
}
