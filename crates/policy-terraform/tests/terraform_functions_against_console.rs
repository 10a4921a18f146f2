//! What `terraform console` answers, portcullis answers too: generated expressions over known locals, evaluated by both.
//!
//! Skipped with a notice where there is no `terraform`. `PORTCULLIS_CONSOLE_EXPRESSIONS` sets how many expressions are
//! tried, `PORTCULLIS_CONSOLE_SEED` where the generator starts.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the reference implementation is another process, and a notice is due where it is missing"
)]

mod comparison;
#[path = "terraform_functions/generator.rs"]
mod generator;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use policy_terraform::TerraformOptions;
use policy_terraform::parse::parse_all;
use policy_terraform::resolve::{Selection, evaluate};
use policy_text::source::{MemoryTree, RepoPath, Sources};
use serde_json::Value as Json;

use comparison::skip;
use generator::Generator;

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
        return skip("there is no `terraform` to compare with");
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
        if is_excused(expression, theirs.as_ref(), ours.as_ref()) {
            excused += 1;
            continue;
        }
        let shown = |value: &Option<Json>| value.as_ref().map_or("no value".to_owned(), Json::to_string);
        wrong.push(format!("{expression}\n  terraform:  {}\n  portcullis: {}", shown(theirs), shown(ours)));
    }
    let total = expressions.len();
    assert!(wrong.is_empty(), "{} of {total} expressions disagree:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        excused * 100 < total,
        "{excused} of {total} disagreements are excused: more than there used to be"
    );
}

/// Whether the two may disagree about an expression that is not written down as one that must agree. Terraform knows the
/// types of what is not there: the elements of an empty list, the side of a conditional that is not taken, whether a list is a
/// tuple. By them it refuses what portcullis answers, or makes strings of primitives; what is refused decides what `can`, `try`
/// and conditionals answer. Whole numbers of more than 127 bits are not followed.
fn is_excused(expression: &str, theirs: Option<&Json>, ours: Option<&Json>) -> bool {
    if generator::FIXED.contains(&expression) {
        return false;
    }
    match (theirs, ours) {
        _ if [" ? ", "can(", "try("].iter().any(|part| expression.contains(part)) => true,
        (None, Some(_)) => true,
        (Some(Json::Number(theirs)), None) => theirs.as_f64().is_none_or(|theirs| theirs.abs() > 1e38),
        (Some(theirs), Some(ours)) => same(&with_strings(theirs), &with_strings(ours)),
        _ => false,
    }
}

/// The value with its numbers and truth values as strings.
fn with_strings(value: &Json) -> Json {
    match value {
        Json::Number(number) => Json::String(number.to_string()),
        Json::Bool(truth) => Json::String(truth.to_string()),
        Json::Array(items) => items.iter().map(with_strings).collect(),
        Json::Object(entries) => {
            Json::Object(entries.iter().map(|(key, entry)| (key.clone(), with_strings(entry))).collect())
        }
        Json::Null | Json::String(_) => value.clone(),
    }
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

/// What portcullis answers to each expression; `None` where it answers with an error, as Terraform would, or with unknown.
fn portcullis(expressions: &[String]) -> Vec<Option<Json>> {
    let mut configuration = String::from(LOCALS);
    configuration.push_str("resource \"null_resource\" \"any\" {}\n");
    for (index, expression) in expressions.iter().enumerate() {
        writeln!(configuration, "output \"o{index}\" {{\n  value = try(jsonencode({expression}), null)\n}}")
            .unwrap();
    }
    let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), configuration);
    let sources = Sources::open(&tree);
    let (files, problems) = parse_all(&sources);
    assert_eq!(problems, []);
    let world = evaluate(&files, &sources, &Selection::All, &TerraformOptions::default());
    let outputs = &world.roots.first().unwrap().outputs;
    let answer = |index| serde_json::from_str(&outputs.get(&*format!("o{index}"))?.as_string()?).ok();
    (0..expressions.len()).map(answer).collect()
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
