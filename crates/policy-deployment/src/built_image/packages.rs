//! Which packages a command installs or takes away, and which programs they hold.

use std::borrow::Cow;

use policy_shell::resolve::Word;

/// A manager of packages.
struct Manager {
    names: &'static [&'static str],
    installs: &'static [&'static str],
    removes: &'static [&'static str],
    /// Flags that take the next word.
    valued: &'static [&'static str],
}

const MANAGERS: [Manager; 5] = [
    Manager {
        names: &["apt-get", "apt", "aptitude"],
        installs: &["install"],
        removes: &["remove", "purge"],
        valued: &["-t", "--target-release", "-o", "--option", "-c"],
    },
    Manager {
        names: &["apk"],
        installs: &["add"],
        removes: &["del"],
        valued: &["-t", "--virtual", "-X", "--repository", "-p", "--root"],
    },
    Manager {
        names: &["yum", "dnf", "microdnf", "tdnf"],
        installs: &["install"],
        removes: &["remove", "erase"],
        valued: &["--enablerepo", "--disablerepo", "--setopt", "--installroot"],
    },
    Manager {
        names: &["zypper"],
        installs: &["install", "in"],
        removes: &["remove", "rm"],
        valued: &["-r", "--repo"],
    },
    Manager {
        names: &["pacman"],
        installs: &["-S", "-Sy", "-Syu"],
        removes: &["-R", "-Rs", "-Rns"],
        valued: &[],
    },
];

/// Programs that packages of another name hold.
const HOLDS: &[(&str, &[&str])] = &[
    ("busybox", &["wget", "nc"]),
    ("busybox-extras", &["wget", "nc"]),
    ("curl-minimal", &["curl"]),
    // It depends on it.
    ("google-chrome-stable", &["wget"]),
    ("mongodb-mongosh", &["mongosh"]),
    ("mysql-client", &["mysql", "mysqladmin"]),
    ("default-mysql-client", &["mysql", "mysqladmin"]),
    ("mariadb-client", &["mysql", "mysqladmin", "mariadb-admin"]),
    ("ncat", &["nc", "ncat"]),
    ("netcat", &["nc"]),
    ("netcat-openbsd", &["nc"]),
    ("netcat-traditional", &["nc"]),
    ("nmap", &["nmap", "ncat"]),
    ("nmap-ncat", &["nc", "ncat"]),
    ("nodejs", &["node"]),
    ("npm", &["npm", "node"]),
    ("postgresql-client", &["psql", "pg_isready"]),
    ("procps", &["ps", "pgrep", "pkill"]),
    ("procps-ng", &["ps", "pgrep", "pkill"]),
    ("python3-minimal", &["python3"]),
    ("python3-pip", &["python3", "pip3"]),
    ("redis-tools", &["redis-cli"]),
];

/// What a command does to packages.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packages {
    /// It installs those of these names; a group name for them stands first.
    Installs(Option<String>, Vec<String>),
    /// It takes those of these names away.
    Removes(Vec<String>),
    /// It installs or takes away what is not known.
    Unknown,
}

/// What the command does, where it is one of a manager of packages that changes them.
pub(super) fn of_command(program: &str, arguments: &[Word]) -> Option<Packages> {
    let manager = MANAGERS.iter().find(|manager| manager.names.contains(&program))?;
    let says = |verbs: &[&str]| {
        arguments.iter().position(|word| word.known().is_some_and(|word| verbs.contains(&&*word)))
    };
    let (verb, installs) = match (says(manager.installs), says(manager.removes)) {
        (Some(verb), _) => (verb, true),
        (None, Some(verb)) => (verb, false),
        (None, None) => return None,
    };
    let mut group = None;
    let mut named = Vec::new();
    let mut words = arguments.iter().enumerate();
    while let Some((index, word)) = words.next() {
        let Some(word) = word.known() else { return Some(Packages::Unknown) };
        if index == verb {
            continue;
        }
        if manager.valued.contains(&&*word) {
            let value = words.next().and_then(|(_, value)| value.known());
            if matches!(&*word, "-t" | "--virtual") && program == "apk" {
                group = value.map(Cow::into_owned);
            }
        } else if let Some(name) = word.strip_prefix("--virtual=") {
            group = Some(name.to_owned());
        } else if !word.starts_with('-') {
            named.extend(word.split_whitespace().map(|package| plain(package).to_owned()));
        }
    }
    Some(if installs { Packages::Installs(group, named) } else { Packages::Removes(named) })
}

/// The name of a package without its version, its architecture and the repository that it is taken from.
fn plain(package: &str) -> &str {
    package.split(['=', '<', '>', '~', '@', ':']).next().unwrap_or_default()
}

/// The programs that a package holds: one of its own name unless more is known.
pub(super) fn programs_of(package: &str) -> impl Iterator<Item = &str> {
    let more = HOLDS.iter().filter(move |(name, _)| *name == package).flat_map(|(_, programs)| *programs);
    std::iter::once(package).chain(more.copied())
}
