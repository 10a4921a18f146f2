//! Programs that only start another one, which then runs in their place.

use crate::resolve::Word;

/// Such programs, and how their own words end.
struct Launcher {
    names: &'static [&'static str],
    /// The flags that take the next word.
    valued: &'static [&'static str],
    ends: Ends,
}

/// Where the words of a launcher end.
enum Ends {
    /// So many words after its flags: the user that `gosu` becomes, the time that `timeout` gives.
    After(usize),
    /// At `--`.
    AtDashes,
}

const fn plain(names: &'static [&'static str]) -> Launcher {
    Launcher { names, valued: &[], ends: Ends::After(0) }
}

const LAUNCHERS: [Launcher; 16] = [
    // Of shells and of the system.
    plain(&["exec", "command", "nohup", "time", "setsid", "docker-entrypoint.sh"]),
    Launcher { names: &["env"], valued: &["-u", "--unset", "-C", "--chdir"], ends: Ends::After(0) },
    Launcher { names: &["nice"], valued: &["-n", "--adjustment"], ends: Ends::After(0) },
    Launcher { names: &["ionice"], valued: &["-c", "-n"], ends: Ends::After(0) },
    Launcher { names: &["stdbuf"], valued: &["-i", "-o", "-e"], ends: Ends::After(0) },
    Launcher { names: &["timeout"], valued: &["-s", "--signal", "-k", "--kill-after"], ends: Ends::After(1) },
    // The first process of a container.
    Launcher { names: &["tini"], valued: &["-p", "-e"], ends: Ends::After(0) },
    Launcher { names: &["dumb-init"], valued: &["-r", "--rewrite"], ends: Ends::After(0) },
    plain(&["catatonit"]),
    // Under another user.
    Launcher {
        names: &["sudo"],
        valued: &["-u", "--user", "-g", "--group", "-h", "--host"],
        ends: Ends::After(0),
    },
    Launcher { names: &["gosu", "su-exec", "s6-setuidgid"], valued: &[], ends: Ends::After(1) },
    Launcher { names: &["chpst"], valued: &["-u", "-U", "-e", "-n"], ends: Ends::After(0) },
    Launcher {
        names: &["setpriv"],
        valued: &["--reuid", "--regid", "--groups", "--bounding-set"],
        ends: Ends::After(0),
    },
    Launcher { names: &["runuser"], valued: &["-u", "--user", "-g", "--group"], ends: Ends::After(0) },
    // With secrets in the environment.
    Launcher {
        names: &["chamber", "doppler", "infisical", "aws-vault", "op"],
        valued: &[],
        ends: Ends::AtDashes,
    },
    plain(&["with-contenv"]),
];

/// The words that a launcher starts. `None` for a command of any other program.
pub fn launched(words: &[Word]) -> Option<&[Word]> {
    let (first, rest) = words.split_first()?;
    let name = first.program()?;
    let launcher = LAUNCHERS.iter().find(|launcher| launcher.names.contains(&name.as_str()))?;
    match launcher.ends {
        Ends::After(count) => after_flags(rest, launcher.valued).get(count..),
        Ends::AtDashes => {
            let dashes = rest.iter().position(|word| word.known().as_deref() == Some("--"))?;
            rest.get(dashes + 1..)
        }
    }
}

/// The words after flags and assignments; `valued` are the flags that take the next word.
pub fn after_flags<'w>(words: &'w [Word], valued: &[&str]) -> &'w [Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        words = match first.known().as_deref() {
            Some("--") => return rest,
            Some(flag) if flag.starts_with('-') && valued.contains(&flag) => {
                rest.get(1..).unwrap_or_default()
            }
            Some(word) if word.starts_with('-') || word.contains('=') => rest,
            _ => break,
        };
    }
    words
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::parse;
    use crate::resolve::{State, run};

    /// What `command` starts, launcher by launcher.
    fn started(command: &str) -> String {
        let script = parse::read(Embedded::whole(FileId(0), command)).unwrap();
        let commands = run(&script, State::default()).commands;
        let mut words = commands[0].words.as_slice();
        while let Some(rest) = launched(words) {
            words = rest;
        }
        words.iter().map(|word| word.known().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_started_stands_behind_the_words_of_the_launcher() {
        for before in [
            "nohup",
            "env -u HOME PORT=80",
            "nice -n 5",
            "ionice -c 2 -n 7",
            "stdbuf -o L",
            "timeout -k 5 60",
            "/sbin/tini -g --",
            "/usr/bin/dumb-init --rewrite 15:3 --",
            "catatonit --",
            "sudo -E -u app",
            "gosu nobody",
            "su-exec app:app",
            "s6-setuidgid app",
            "chpst -u app",
            "setpriv --reuid=app --regid app --init-groups",
            "runuser -u app --",
            "chamber exec shop/prod --",
            "doppler run --config prod --",
            "tini -- gosu app env A=b",
        ] {
            assert_eq!(started(&format!("{before} server --port 80")), "server --port 80", "{before}");
        }
    }

    #[test]
    fn other_programs_start_nothing() {
        for command in ["server --port 80", "doppler login", "gosu-like app server"] {
            assert_eq!(started(command), command);
        }
    }
}
