//! Expressions against Terraform itself: generated over known locals and variables, evaluated by `terraform console` and
//! by the engine. Every disagreement fails. Skipped with a notice where `terraform` is missing.
//!
//! Not generated, because the answers differ for a known reason:
//! - quotients without an end (`1 / 3`): Terraform writes 120 digits, the engine 15;
//! - `==` between collections: Terraform also compares their types, so that `[] == tolist([])` is false;
//! - the sign of zero: Terraform writes `-0` for `0 * -1`.
//!
//! `PORTCULLIS_CONSOLE_CASES` sets the number of expressions for a larger run.

#![expect(clippy::disallowed_methods, reason = "the other implementation is another program")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so, and disagreements are listed")]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod comparison;

use std::process::{Command, Stdio};

use policy_terraform::TerraformOptions;
use policy_terraform::parse::parse_all;
use policy_terraform::resolve::{Selection, evaluate};
use policy_text::source::{MemoryTree, RepoPath, Sources};

use comparison::skip;

const CASES: usize = 2_000;
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

const DECLARATIONS: &str = r#"
variable "names" {
  type    = list(string)
  default = ["web", "api", "db", "api"]
}
variable "ports" {
  type    = map(number)
  default = { web = 80, api = "8080", db = 5432 }
}
variable "services" {
  type = map(object({ image = string, port = optional(number, 3000), paths = optional(list(string), []) }))
  default = {
    front = { image = "front:v1", paths = ["/", "/app/*"] }
    back  = { image = "back", port = 8000 }
  }
}
locals {
  one    = 1
  pi     = 3.25
  name   = "Prod-Web"
  empty  = ""
  yes    = true
  tags   = { b = "two", a = "one" }
  mixed  = [1, "a", true, null]
  nested = [["a", "b"], [], ["c"]]
}
"#;

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

    /// Replaces each placeholder of a pattern by an expression of its kind: `N`umber, `S`tring, `B`ool, `L`ist of strings,
    /// `M`ap of numbers, `I`ndex.
    fn fill(&mut self, pattern: &str, depth: usize) -> String {
        let mut filled = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('@') {
            filled.push_str(before);
            let kind = after.chars().next().unwrap_or('N');
            filled.push_str(&self.expression(kind, depth));
            rest = &after[kind.len_utf8()..];
        }
        filled + rest
    }

    fn expression(&mut self, kind: char, depth: usize) -> String {
        let leaf = depth == 0 || self.below(5) == 0;
        let pattern = match (kind, leaf) {
            ('N', true) => self.pick(&NUMBERS),
            ('N', false) => self.pick(&NUMBER_PATTERNS),
            ('S', true) => self.pick(&STRINGS),
            ('S', false) => self.pick(&STRING_PATTERNS),
            ('B', true) => self.pick(&["true", "false", "local.yes"]),
            ('B', false) => self.pick(&BOOL_PATTERNS),
            ('L', true) => self.pick(&LISTS),
            ('L', false) => self.pick(&LIST_PATTERNS),
            ('M', true) => self.pick(&["var.ports", "{ x = 1, y = 2 }", "{}", "{ \"k-1\" = 3 }"]),
            ('M', false) => self.pick(&MAP_PATTERNS),
            _ => self.pick(&["0", "1", "2", "3"]),
        };
        self.fill(pattern, depth.saturating_sub(1))
    }
}

const NUMBERS: [&str; 10] =
    ["0", "1", "-3", "42", "2.5", "local.one", "local.pi", "var.ports.web", "var.services.front.port", "1e3"];
const NUMBER_PATTERNS: [&str; 20] = [
    "@N + @N",
    "@N - @N",
    "(@N * @N)",
    "@N / 4",
    "@I % 3",
    "-@N",
    "max(@N, @N)",
    "min(@N, @N, @N)",
    "abs(@N)",
    "ceil(@N)",
    "floor(@N)",
    "length(@L)",
    "length(@S)",
    "(@B ? @N : @N)",
    "try(tonumber(@S), @N)",
    "sum([@N, @N])",
    "lookup(@M, @S, @N)",
    "index([\"a\", \"b\"], \"b\")",
    "signum(floor(@N))",
    "parseint(\"ff\", 16)",
];
const STRINGS: [&str; 12] = [
    "\"\"",
    "\"a\"",
    "\"web\"",
    "\"Über\"",
    "\"a-b_c d\"",
    "\" x \"",
    "local.name",
    "local.empty",
    "local.tags.a",
    "local.tags[\"b\"]",
    "\"/api/v1/*\"",
    "\"$${x} %%{y} \\\"q\\\" \\\\ \\n\"",
];
const STRING_PATTERNS: [&str; 36] = [
    "\"${@S}-${@N}\"",
    "\"${@S}:${@S}\"",
    "\"%{ if @B }${@S}%{ else }no%{ endif }\"",
    "\"%{ for x in @L }<${x}>%{ endfor }\"",
    "\"%{ for k, v in @M ~} ${k}=${v} %{ endfor ~} end\"",
    "upper(@S)",
    "lower(@S)",
    "title(@S)",
    "trimspace(@S)",
    "trim(@S, \"a/ \")",
    "trimprefix(@S, \"a\")",
    "trimsuffix(@S, \"b\")",
    "substr(@S, 0, @I)",
    "strrev(@S)",
    "join(@S, @L)",
    "replace(@S, \"a\", @S)",
    "replace(@S, \"/[a-c]+/\", \"[$0]\")",
    "format(\"%s-%03d\", @S, @I)",
    "format(\"%q %v\", @S, @N)",
    "(@B ? @S : @S)",
    "try(element(@L, @I), @S)",
    "try(@L[@I], @S)",
    "coalesce(@S, \"z\")",
    "jsonencode(@L)",
    "jsonencode(@M)",
    "jsonencode({ s = @S, n = @N, b = @B })",
    "base64encode(@S)",
    "try(base64decode(base64encode(@S)), \"bad\")",
    "tostring(@N)",
    "tostring(@B)",
    "indent(2, @S)",
    "chomp(@S)",
    "try(regex(\"[a-z]+\", @S), \"none\")",
    "join(\",\", keys(@M))",
    "lookup(local.tags, @S, @S)",
    "urlencode(@S)",
];
const BOOL_PATTERNS: [&str; 20] = [
    "@N == @N",
    "@S == @S",
    "@S != @S",
    "@N < @N",
    "@N >= @N",
    "(@B && @B)",
    "(@B || @B)",
    "!(@B)",
    "contains(@L, @S)",
    "can(@L[@I])",
    "can(tonumber(@S))",
    "startswith(@S, @S)",
    "endswith(@S, @S)",
    "jsonencode(@L) == jsonencode(@L)",
    "jsonencode(@M) == jsonencode(@M)",
    "alltrue([@B, @B])",
    "anytrue([@B, @B])",
    "strcontains(@S, @S)",
    "length(@L) > @I",
    "can(regex(\"^a\", @S))",
];
const LISTS: [&str; 7] = [
    "var.names",
    "tolist([\"a\", \"b\"])",
    "tolist([\"x\"])",
    "tolist([\"b\", \"a\", \"c\", \"a\"])",
    "var.services.front.paths",
    "var.services.back.paths",
    "flatten(local.nested)",
];
const LIST_PATTERNS: [&str; 28] = [
    "[for x in @L : \"${x}!\"]",
    "[for i, x in @L : \"${i}${x}\" if x != @S]",
    "[for k, v in @M : \"${k}${v}\"]",
    "[for s in values(var.services) : s.image]",
    "values(var.services)[*].image",
    "concat(@L, @L)",
    "distinct(@L)",
    "reverse(@L)",
    "sort(@L)",
    "compact(@L)",
    "flatten([@L, [@L, @S]])",
    "slice(concat(@L, tolist([\"p\", \"q\", \"r\"])), 1, 3)",
    "split(\"-\", @S)",
    "split(\"\", @S)",
    "keys(@M)",
    "tolist(toset(@L))",
    "tolist(setunion(@L, @L))",
    "tolist(setintersection(@L, @L))",
    "tolist(setsubtract(@L, @L))",
    "formatlist(\"%s.${@S}\", @L)",
    "(@B ? @L : @L)",
    "try(chunklist(@L, 2)[0], @L)",
    "coalescelist(@L, tolist([\"z\"]))",
    "[for p in setproduct(@L, [\"1\", \"2\"]) : join(\"\", p)]",
    "[for n in range(@I) : tostring(n)]",
    "regexall(\"[a-z]\", @S)",
    "[@S, @S]",
    "jsondecode(jsonencode(@L))",
];
const MAP_PATTERNS: [&str; 12] = [
    "merge(@M, @M)",
    "{ for k, v in @M : upper(k) => v + 1 }",
    "{ for k, v in @M : k => v if v > @N }",
    "{ for i, x in distinct(@L) : \"${x}\" => i }",
    "zipmap([\"a\", \"b\"], [@N, @N])",
    "(@B ? @M : @M)",
    "{ a = @N, (@S) = @N }",
    "try({ for x in @L : x => 1 }, { dup = 0 })",
    "{ for k, v in { for x in @L : x => x... } : k => length(v) }",
    "{ for k, s in var.services : k => s.port }",
    "tomap({ q = @N })",
    "{ for k in keys(@M) : \"k-${k}\" => length(k) }",
];

/// The text with `-0` written as `0`.
fn without_negative_zero(text: &str) -> String {
    let mut plain = String::new();
    for (at, character) in text.char_indices() {
        let rest = &text[at + character.len_utf8()..];
        let number_ends = !rest
            .strip_prefix('0')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        if !(character == '-' && rest.starts_with('0') && number_ends) {
            plain.push(character);
        }
    }
    plain
}

fn module(expressions: &[String]) -> String {
    use std::fmt::Write as _;
    let mut text = DECLARATIONS.to_owned();
    // In several blocks: one alone would be too large to be read.
    for (block, chunk) in expressions.chunks(500).enumerate() {
        text.push_str("locals {\n");
        for (index, expression) in chunk.iter().enumerate() {
            let index = block * 500 + index;
            let _ = writeln!(text, "  e{index} = try(jsonencode({expression}), \"an error\")");
        }
        text.push_str("}\n");
    }
    let all: Vec<String> = (0..expressions.len()).map(|index| format!("local.e{index}")).collect();
    let _ = writeln!(text, "output \"all\" {{\n  value = jsonencode([{}])\n}}", all.join(", "));
    text + "resource \"terraform_data\" \"x\" {}\n"
}

/// Terraform's answers, or `None` where there is no Terraform.
fn console(module: &str) -> Option<Vec<String>> {
    Command::new("terraform").arg("version").output().ok()?;
    let folder = tempfile::tempdir().ok()?;
    // Without the resource no provider is needed.
    let declarations = module.split("output \"all\"").next()?;
    std::fs::write(folder.path().join("main.tf"), declarations).ok()?;
    let count = module.matches(" = try(jsonencode(").count();
    let all: Vec<String> = (0..count).map(|index| format!("local.e{index}")).collect();
    let mut child = Command::new("terraform")
        .arg("console")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let line = format!("jsonencode([{}])\n", all.join(", "));
    std::io::Write::write_all(&mut child.stdin.take()?, line.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    // The console shows a string as a literal of its own language, of which JSON's escapes are a part.
    let shown = text.trim().replace("$${", "${").replace("%%{", "%{");
    let json: String = serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error}: {text}{errors}"));
    Some(serde_json::from_str(&json).unwrap())
}

fn engine(module: &str) -> Vec<String> {
    let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), module);
    let sources = Sources::open(&tree);
    let (files, problems) = parse_all(&sources);
    assert_eq!(problems, []);
    let world = evaluate(&files, &sources, &Selection::All, &TerraformOptions::default());
    let all = &world.roots[0].outputs["all"];
    let json = all
        .as_string()
        .unwrap_or_else(|| panic!("not wholly known: {:.2000}", all.to_text().unwrap().to_string()));
    serde_json::from_str(&json).unwrap()
}

#[test]
fn generated_expressions_have_the_value_that_terraform_gives_them() {
    let cases =
        std::env::var("PORTCULLIS_CONSOLE_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(CASES);
    let mut random = Random(SEED);
    let expressions: Vec<String> = (0..cases)
        .map(|index| {
            let kind = ['N', 'S', 'B', 'L', 'M'][index % 5];
            random.expression(kind, 3)
        })
        .collect();
    let module = module(&expressions);
    let Some(theirs) = console(&module) else {
        return skip("`terraform` is not installed");
    };
    let ours = engine(&module);
    assert_eq!((ours.len(), theirs.len()), (cases, cases));
    let different: Vec<String> = expressions
        .iter()
        .zip(ours.iter().zip(&theirs))
        .filter(|(_, (ours, theirs))| without_negative_zero(ours) != without_negative_zero(theirs))
        .map(|(expression, (ours, theirs))| {
            format!("{expression}\n    terraform: {theirs}\n    engine:    {ours}")
        })
        .collect();
    for difference in different.iter().take(40) {
        eprintln!("{difference}");
    }
    assert!(different.is_empty(), "{} of {cases} differ", different.len());
}
