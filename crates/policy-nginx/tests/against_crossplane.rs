//! Our reader of nginx's configuration against an independent one, `crossplane` for Python, on generated files. Skipped with
//! a notice where Python or the package is missing.
//!
//! Two things are left out, in which crossplane differs from nginx itself: it ends a word at a `}` within it, and it keeps
//! the escapes `\\`, `\t`, `\r` and `\n` as they are written.

#![expect(clippy::disallowed_methods, reason = "the environment says whether a comparison may be skipped")]
#![expect(clippy::print_stderr, reason = "differences are listed")]

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use policy_nginx::parse::{Directive, parse};
use policy_text::embedded::Embedded;
use policy_text::source::FileId;
use serde_json::{Value, json};
use support::{Random, skip};

const CASES: usize = 3_000;

const PYTHON: &str = r"
import json, os, sys, tempfile, crossplane
def tree(block):
    return [[d['directive'], d['args'], tree(d['block']) if 'block' in d else None]
            for d in block if d['directive'] != '#']
path = os.path.join(tempfile.mkdtemp(), 'nginx.conf')
for line in sys.stdin:
    with open(path, 'w', newline='') as f:
        f.write(json.loads(line))
    p = crossplane.parse(path, single=True, check_ctx=False, check_args=False)
    print(json.dumps(tree(p['config'][0]['parsed']) if p['status'] == 'ok' else p['errors'][0]['error']))
";

/// crossplane's trees, or `None` where there is no Python with the package.
#[expect(clippy::disallowed_methods, reason = "the other implementation is another program")]
fn crossplane(input: &str) -> Option<String> {
    let available = Command::new("python3").args(["-c", "import crossplane"]).output().ok()?;
    if !available.status.success() {
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    String::from_utf8(output.stdout).ok()
}

fn word(random: &mut Random) -> String {
    let plain = [
        "a",
        "listen",
        "80",
        "http://$host/x",
        "${a}b",
        "/a#b",
        "~*",
        "\\.php$",
        "$1",
        "a\"b",
        "c'd",
        "*.x",
        "x=y",
        "a\\;b",
        "ü",
        "^/(a|b)",
        "a\\ b",
    ];
    let quoted = ["a b", "", ";", "{", "}", "# no", "$host {", "a\nb", "it is", "^/a{2}$"];
    match random.below(4) {
        0 => format!("\"{}\"", random.pick(&quoted)),
        1 => format!("'{}'", random.pick(&quoted)),
        _ => random.pick(&plain).to_owned(),
    }
}

fn block(random: &mut Random, depth: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(4) {
        text.push_str(random.pick(&["", " ", "\n", "\t\r\n", "# a { comment;\n", "\n#'\n"]));
        // No name of a block that crossplane reads in a way of its own.
        text.push_str(random.pick(&["server", "location", "set", "proxy_pass", "x_y"]));
        for _ in 0..random.below(4) {
            text.push_str(random.pick(&[" ", "  ", "\n", "\t", " # c;\n"]));
            text.push_str(&word(random));
        }
        // A brace right behind a `$` belongs to it.
        text.push_str(random.pick(&[" ", "\n"]));
        if depth > 0 && random.below(3) == 0 {
            text.push('{');
            text.push_str(&block(random, depth - 1));
            text.push_str(random.pick(&["}", " }", "\n}"]));
        } else {
            text.push(';');
        }
    }
    text
}

fn tree(block: &[Directive]) -> Value {
    let one = |directive: &Directive| {
        let arguments: Vec<&str> = directive.arguments.iter().map(|word| word.text.as_str()).collect();
        json!([directive.name.text, arguments, directive.block.as_deref().map(tree)])
    };
    block.iter().map(one).collect()
}

#[test]
fn generated_files_are_read_alike() {
    let mut random = Random::default();
    let cases: Vec<String> = (0..CASES).map(|_| block(&mut random, 3)).collect();
    let input: String = cases.iter().map(|text| json!(text).to_string() + "\n").collect();
    let Some(output) = crossplane(&input) else {
        return skip("crossplane for Python is not installed");
    };
    let answers: Vec<&str> = output.lines().collect();
    assert_eq!(answers.len(), CASES);
    let mut differences = 0;
    for (text, answer) in cases.iter().zip(answers) {
        let theirs: Value = serde_json::from_str(answer).unwrap();
        let (block, problems) = parse(&Embedded::whole(FileId(0), text));
        let ours = tree(&block);
        if ours != theirs || !problems.is_empty() {
            differences += 1;
            if differences < 10 {
                eprintln!("{text:?}\n  ours   {ours}\n  theirs {theirs}\n  {problems:?}");
            }
        }
    }
    assert_eq!(differences, 0);
}
