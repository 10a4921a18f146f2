//! The program is run on trees, and held to what it promises.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::tree::{Expected, Hostile, Scale, Tree};

/// How long a check may take. What is not optimised takes ten times as long, and tests run beside one another.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 120 } else { 10 });

/// How much memory a check may take, in kilobytes.
const MEMORY: u64 = 512 << 10;

/// The project beside the hostile part: one certain finding.
const CANARY: [(&str, &str); 2] = [
    ("canary/compose.yaml", "services:\n  web:\n    image: memcached:latest\n"),
    ("canary/deploy.sh", "docker push registry.example.org/canary:latest\n"),
];

/// How a run ended.
struct Ended {
    /// `None` where a signal ended it.
    code: Option<i32>,
    output: Vec<u8>,
    errors: Vec<u8>,
    time: Duration,
    /// The largest memory that was seen, in kilobytes; 0 where the system does not tell.
    memory: u64,
}

/// Checks every tree in several formats, and fails with all that is wrong with any.
#[track_caller]
pub(crate) fn assert_holds(trees: &[Hostile], scale: Scale) {
    let formats: &[&[&str]] = match scale {
        Scale::Small => &[&["--format", "json"], &["--verbose"], &["--format", "github"]],
        Scale::Full => &[
            &["--format", "json"],
            &["--verbose", "--color", "always"],
            &["--format", "github"],
            &["--format", "gitlab"],
            &["--format", "junit"],
            &["--format", "sarif"],
            &["--diff", "--unsafe-fixes"],
        ],
    };
    let mut faults = Vec::new();
    for hostile in trees {
        let folder = TempDir::new().unwrap();
        let tree = Tree::new(folder.path(), scale);
        for (path, text) in CANARY {
            tree.file(path, text);
        }
        (hostile.make)(&tree);
        for arguments in formats {
            let ended = run(folder.path(), arguments);
            let said = faults_of(hostile, arguments, &ended);
            faults.extend(said.into_iter().map(|fault| format!("{} {arguments:?}: {fault}", hostile.name)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn faults_of(hostile: &Hostile, arguments: &[&str], ended: &Ended) -> Vec<String> {
    let mut faults = Vec::new();
    let (output, errors) = (String::from_utf8_lossy(&ended.output), String::from_utf8_lossy(&ended.errors));
    let first: String = errors.chars().take(300).collect();
    let code = if matches!(hostile.expected, Expected::Refused(_)) { 2 } else { 1 };
    if ended.code != Some(code) {
        faults.push(format!("ended with {:?} after {:?}: {first}", ended.code, ended.time));
    }
    if ended.time > TIME {
        faults.push(format!("took {:?}", ended.time));
    }
    if ended.memory > MEMORY {
        faults.push(format!("took {} MB", ended.memory >> 10));
    }
    let is_report = !arguments.contains(&"--diff");
    match hostile.expected {
        Expected::Refused(words) if !errors.contains(words) => {
            faults.push(format!("did not say so: {first}"));
        }
        Expected::Says(words) if arguments.contains(&"json") && !output.contains(words) => {
            faults.push(format!("did not say: {words}"));
        }
        Expected::Checked | Expected::Says(_) if is_report => {
            let missing = CANARY.into_iter().filter(|(path, _)| !output.contains(path));
            faults.extend(missing.map(|(path, _)| format!("lost the finding in {path}")));
        }
        _ => {}
    }
    if errors.contains("panicked") || errors.contains("backtrace") {
        faults.push(format!("printed a panic: {first}"));
    }
    let coloured = arguments.contains(&"--color");
    for (stream, text) in [("output", &output), ("errors", &errors)] {
        if let Some(raw) = raw(text, coloured) {
            faults.push(format!("{stream} has {raw:?} in it"));
        }
    }
    faults
}

/// The first character that a terminal or a viewer would obey. Colours are ours where they are asked for.
fn raw(text: &str, coloured: bool) -> Option<char> {
    let mut parts = text.split(if coloured { "\x1b[" } else { "\r\n" });
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let after = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain += if coloured { after.strip_prefix('m').unwrap_or("\x1b") } else { part };
    }
    plain.replace("\r\n", "\n").chars().find(|&character| {
        (character.is_control() && !"\n\t".contains(character))
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

fn run(root: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.arg("check").arg(root).args(arguments).stdin(Stdio::null());
    // What a developer has set must not decide.
    command.env_remove("RUST_BACKTRACE").stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let (output, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (output, errors) = (thread::spawn(|| all_of(output)), thread::spawn(|| all_of(errors)));
    let mut memory = 0;
    let code = loop {
        memory = memory.max(memory_of(&child));
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if started.elapsed() > TIME * 2 {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    };
    let time = started.elapsed();
    Ended { code, output: output.join().unwrap(), errors: errors.join().unwrap(), time, memory }
}

fn all_of(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The most memory that the process has had so far, in kilobytes.
fn memory_of(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
