//! What `terraform console` answers, portcullis answers too: generated expressions over known locals, evaluated by both.
//!
//! Skipped with a notice where there is no `terraform`. `PORTCULLIS_CONSOLE_EXPRESSIONS` sets how many expressions are
//! tried, `PORTCULLIS_CONSOLE_SEED` where the generator starts.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "the reference implementation is another process, and a notice is due where it is missing"
)]

#[path = "terraform_functions/generator.rs"]
mod generator;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use generator::Generator;
use policy_core::config::{Settings, TerraformOptions};
use policy_core::parse::parse_all;
use policy_core::resolve::terraform::evaluate;
use policy_core::resolve::terraform::value::{Data, Value};
use policy_core::source::{MemoryTree, RepoPath, Sources};
use serde_json::Value as Json;

/// What the expressions refer to.
const LOCALS: &str = r#"
locals {
  name    = "web-app"
  empty   = ""
  text    = "The quick brown fox, it's 42 years old"
  unicode = "zażółć gęślą jaźń"
  lines   = "one\ntwo\n  three\n"
  number  = 42
  half    = 0.5
  yes     = true
  nothing = tostring(null)
  words   = ["b", "a", "c", "a", ""]
  numbers = [3, 1, 2, 2.5]
  mixed   = ["1", 2, true]
  nested  = [["x"], [], ["y", ["z"]]]
  set     = toset(["q", "p"])
  map     = { b = "2", a = "1", "c d" = "" }
  object  = { name = "x", size = 3, tags = { env = "dev" }, list = [1, 2] }
  objects = [{ id = 1, on = true }, { id = 2, on = false }]
}
"#;

/// How many expressions are tried where nothing else is asked for.
const EXPRESSIONS: usize = 3000;

#[test]
fn expressions_evaluate_as_terraform_console_does() {
    let count = setting("PORTCULLIS_CONSOLE_EXPRESSIONS").unwrap_or(EXPRESSIONS);
    let seed = setting("PORTCULLIS_CONSOLE_SEED").unwrap_or(20_260_101);
    let mut generator = Generator::new(seed as u64);
    let mut expressions: Vec<String> = generator::FIXED.iter().map(ToString::to_string).collect();
    expressions.extend((0..count).map(|_| generator.any(3)));

    let Some(theirs) = terraform(&expressions) else {
        eprintln!("skipped: there is no `terraform` to compare with");
        return;
    };
    let ours = portcullis(&expressions);
    let (mut wrong, mut excused) = (Vec::new(), 0);
    for ((expression, theirs), ours) in expressions.iter().zip(&theirs).zip(&ours) {
        let agree = match (theirs, ours) {
            (Some(theirs), Some(ours)) => same(theirs, ours),
            (None, None) => true,
            _ => false,
        };
        if agree {
            continue;
        }
        if excuse(expression, theirs.as_ref()).is_some() {
            excused += 1;
            continue;
        }
        let shown = |value: &Option<Json>| value.as_ref().map_or("no value".to_owned(), Json::to_string);
        wrong.push(format!("{expression}\n  terraform:  {}\n  portcullis: {}", shown(theirs), shown(ours)));
    }
    let total = expressions.len();
    assert!(wrong.is_empty(), "{} of {total} expressions disagree:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        excused * 20 < total,
        "{excused} of {total} disagreements are excused: more than there used to be"
    );
}

/// Why the two may disagree about an expression.
fn excuse(expression: &str, theirs: Option<&Json>) -> Option<&'static str> {
    if generator::FIXED.contains(&expression) {
        return None;
    }
    let reasons = [
        (
            " ? ",
            "Terraform makes both sides of a conditional one type; portcullis keeps the chosen side as it is",
        ),
        ("&&", "Terraform refuses what is no bool on either side; portcullis stops at the side that decides"),
        ("log(", "portcullis writes the digits that are certain, Terraform all that a binary fraction has"),
        (
            "concat(",
            "Terraform makes the elements of lists one type and those of tuples not; portcullis has no types",
        ),
        ("try(", "what Terraform refuses by its type, `try` passes over"),
        ("can(", "what Terraform refuses by its type, `can` denies"),
    ];
    let refused = "Terraform refuses what its types do not allow, also where the answer does not need it";
    let named = reasons.into_iter().find(|(part, _)| expression.contains(part)).map(|(_, reason)| reason);
    named.or(theirs.is_none().then_some(refused))
}

fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// What Terraform answers to each expression; `None` where it answers with an error.
fn terraform(expressions: &[String]) -> Option<Vec<Option<Json>>> {
    let folder = tempfile::tempdir().unwrap();
    let mut configuration = String::from(LOCALS);
    configuration.push_str("locals {\n  results = [\n");
    for expression in expressions {
        writeln!(configuration, "    try(jsonencode({expression}), null),").unwrap();
    }
    configuration.push_str("  ]\n}\n");
    std::fs::write(folder.path().join("main.tf"), configuration).unwrap();
    let mut console = Command::new("terraform")
        .arg("console")
        .current_dir(folder.path())
        .env_remove("TF_CLI_CONFIG_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    console.stdin.take().unwrap().write_all(b"jsonencode(local.results)\n").unwrap();
    let output = console.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let json: String =
        serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("no answer: {text:.2000}{errors}"));
    let results: Vec<Option<String>> = serde_json::from_str(&json).unwrap();
    Some(results.into_iter().map(|result| serde_json::from_str(&result?).ok()).collect())
}

/// What portcullis answers to each expression; `None` where it answers with unknown.
fn portcullis(expressions: &[String]) -> Vec<Option<Json>> {
    let mut configuration = String::from(LOCALS);
    configuration.push_str("resource \"null_resource\" \"any\" {}\n");
    for (index, expression) in expressions.iter().enumerate() {
        writeln!(configuration, "output \"o{index}\" {{\n  value = {expression}\n}}").unwrap();
    }
    let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), configuration);
    let sources = Sources::open(&tree);
    let parsed = parse_all(&sources, &Settings::default());
    assert_eq!(parsed.problems, []);
    let world = evaluate(&parsed.terraform, &sources, &TerraformOptions::default());
    let outputs = &world.roots.first().unwrap().outputs;
    (0..expressions.len()).map(|index| outputs.get(&*format!("o{index}")).and_then(json)).collect()
}

fn json(value: &Value) -> Option<Json> {
    Some(match &value.data {
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => return None,
        Data::Null => Json::Null,
        Data::Bool(truth) => Json::Bool(*truth),
        Data::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Data::String(text) => Json::String(text.known()?.into_owned()),
        Data::List(list) if list.more.is_some() => return None,
        Data::List(list) => Json::Array(list.items.iter().map(json).collect::<Option<_>>()?),
        Data::Object(object) if object.more.is_some() => return None,
        Data::Object(object) => {
            let entries = object.entries.iter().map(|(key, value)| Some((key.to_string(), json(value)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
    })
}

/// Equal, up to the last digits of a fraction: Terraform computes with 512 bits.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
