//! Which words of a docker command are flags, which are their values, and which stand for themselves.

use policy_shell::resolve::Word;
use policy_text::value::Text;

/// Flags of `docker build` that take a value in the next word.
pub(super) const BUILD: &[&str] = &[
    "-f",
    "--file",
    "-t",
    "--tag",
    "--target",
    "--build-arg",
    "--build-context",
    "--cache-from",
    "--cache-to",
    "--label",
    "--network",
    "-o",
    "--output",
    "--platform",
    "--progress",
    "--secret",
    "--ssh",
    "--add-host",
    "--builder",
    "--iidfile",
    "--metadata-file",
    "--allow",
    "--annotation",
    "--attest",
    "--sbom",
    "--provenance",
    "--shm-size",
    "--ulimit",
    "-m",
    "--memory",
    "--cgroup-parent",
    "--isolation",
    "--format",
    "--layers",
    "--append",
];

/// Flags of `docker compose` that stand before its command and take a value in the next word.
pub(super) const COMPOSE: &[&str] = &[
    "-f",
    "--file",
    "-p",
    "--project-name",
    "--project-directory",
    "--profile",
    "--env-file",
    "--ansi",
    "--progress",
    "--parallel",
    "-c",
    "--context",
    "-H",
    "--host",
];

/// Flags of `docker compose build`, `up` and `push` that take a value in the next word.
pub(super) const COMPOSE_BUILD: &[&str] = &[
    "--build-arg",
    "--builder",
    "-m",
    "--memory",
    "--progress",
    "--ssh",
    "--scale",
    "-t",
    "--timeout",
    "--wait-timeout",
    "--pull",
    "--attach",
    "--no-attach",
    "--exit-code-from",
];

/// Flags of kaniko's executor that take a value in the next word.
pub(super) const KANIKO: &[&str] = &[
    "-c",
    "--context",
    "--context-sub-path",
    "-f",
    "--dockerfile",
    "-d",
    "--destination",
    "--build-arg",
    "--cache-repo",
    "--cache-ttl",
    "--digest-file",
    "--label",
    "--registry-mirror",
    "--snapshot-mode",
    "--target",
    "--verbosity",
    "-v",
];

/// Flags of `docker push`.
pub(super) const PUSH: &[&str] = &["--platform", "--creds", "--authfile", "--cert-dir", "--format"];

/// Flags of `docker pull`.
pub(super) const PULL: &[&str] = &["--platform", "--creds", "--authfile"];

/// Flags of `docker run` that take a value in the next word.
pub(super) const RUN: &[&str] = &[
    "-a",
    "--attach",
    "--add-host",
    "--blkio-weight",
    "--cap-add",
    "--cap-drop",
    "--cgroupns",
    "--cidfile",
    "--cpus",
    "-c",
    "--cpu-shares",
    "--cpuset-cpus",
    "--device",
    "--dns",
    "--domainname",
    "--entrypoint",
    "-e",
    "--env",
    "--env-file",
    "--expose",
    "--gpus",
    "--group-add",
    "--health-cmd",
    "--health-interval",
    "--health-retries",
    "--health-timeout",
    "-h",
    "--hostname",
    "--ip",
    "--ipc",
    "-l",
    "--label",
    "--label-file",
    "--link",
    "--log-driver",
    "--log-opt",
    "-m",
    "--memory",
    "--memory-swap",
    "--mount",
    "--name",
    "--network",
    "--net",
    "--network-alias",
    "--pid",
    "--pids-limit",
    "--platform",
    "-p",
    "--publish",
    "--pull",
    "--restart",
    "--runtime",
    "--security-opt",
    "--shm-size",
    "--stop-signal",
    "--stop-timeout",
    "--sysctl",
    "--tmpfs",
    "--ulimit",
    "-u",
    "--user",
    "--userns",
    "-v",
    "--volume",
    "--volumes-from",
    "-w",
    "--workdir",
];

/// Flags of `docker service create` that take a value in the next word, beside those of `docker run`.
pub(super) const SERVICE: &[&str] = &[
    "--replicas",
    "--mode",
    "--constraint",
    "--secret",
    "--config",
    "--container-label",
    "--endpoint-mode",
    "--limit-cpu",
    "--limit-memory",
    "--reserve-cpu",
    "--reserve-memory",
    "--restart-condition",
    "--restart-delay",
    "--restart-max-attempts",
    "--update-delay",
    "--update-order",
    "--update-parallelism",
    "--update-failure-action",
    "--stop-grace-period",
    "--placement-pref",
    "--host",
];

/// A command's words, sorted.
pub(super) struct Arguments<'w> {
    flags: Vec<(String, Option<Word>)>,
    /// The words that are neither flags nor their values.
    pub(super) positional: Vec<&'w Word>,
}

impl<'w> Arguments<'w> {
    /// Sorts `words`; `valued` are the flags that take the next word.
    pub(super) fn parse(words: &'w [Word], valued: &[&str]) -> Self {
        let mut arguments = Self { flags: Vec::new(), positional: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let prefix = word.first().map(Text::known_prefix).unwrap_or_default();
            if prefix == "--" {
                arguments.positional.extend(words.by_ref());
            } else if prefix.starts_with('-') && prefix.len() > 1 {
                let (name, value) = match prefix.split_once('=') {
                    Some((name, _)) => (name.to_owned(), Some(after(word, name.len() + 1))),
                    None => (prefix.clone(), None),
                };
                let value =
                    value.or_else(|| valued.contains(&&*name).then(|| words.next().cloned()).flatten());
                arguments.flags.push((name, value));
            } else {
                arguments.positional.push(word);
            }
        }
        arguments
    }

    /// Whether one of the flags is given.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|(name, value)| {
            names.contains(&name.as_str()) && value.as_ref().and_then(Word::known).as_deref() != Some("false")
        })
    }

    /// The values that the flags are given, in order.
    pub(super) fn values(&self, names: &[&str]) -> Vec<Word> {
        self.flags
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .filter_map(|(_, value)| value.clone())
            .collect()
    }
}

/// The word from byte `offset` on.
fn after(word: &Word, offset: usize) -> Word {
    Word { values: word.values.iter().map(|value| value.split_at(offset).1).collect(), at: word.at }
}

/// The words after `sudo`, `time`, `env A=b` and other programs that only run what follows.
pub(crate) fn without_wrappers(words: &[Word]) -> &[Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let valued: &[&str] = match first.known().as_deref() {
            Some("sudo") => &["-u", "--user", "-g", "--group", "-h", "--host"],
            Some("timeout") => &["-s", "--signal", "-k", "--kill-after"],
            Some("nice") => &["-n", "--adjustment"],
            Some("time" | "exec" | "command" | "nohup" | "env" | "retry" | "if" | "!") => &[],
            _ => break,
        };
        words = after_flags(rest, valued);
        // How long it may take.
        if first.known().as_deref() == Some("timeout") {
            words = words.get(1..).unwrap_or_default();
        }
    }
    words
}

/// The words after flags and assignments; `valued` are the flags that take the next word.
fn after_flags<'w>(words: &'w [Word], valued: &[&str]) -> &'w [Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let Some(word) = first.known().filter(|word| word.starts_with('-') || word.contains('=')) else {
            break;
        };
        words = if valued.contains(&&*word) { rest.get(1..).unwrap_or_default() } else { rest };
    }
    words
}

/// The words after docker's own flags, which stand before its command.
pub(super) fn after_global_flags(words: &[Word]) -> &[Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let Some(flag) = first.known().filter(|word| word.starts_with('-')) else { break };
        let takes_value =
            matches!(&*flag, "--config" | "-c" | "--context" | "-H" | "--host" | "-l" | "--log-level");
        words = if takes_value { rest.get(1..).unwrap_or_default() } else { rest };
    }
    words
}
