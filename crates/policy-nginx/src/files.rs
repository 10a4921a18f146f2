//! The files of an image that nginx reads, by their paths in it.

use std::collections::BTreeMap;

use policy_text::embedded::Embedded;

/// The file that nginx starts from.
pub const MAIN: &str = "/etc/nginx/nginx.conf";

/// What an include brings that no image of nginx lacks and that says nothing of servers.
const HARMLESS: [&str; 9] = [
    "fastcgi.conf",
    "fastcgi_params",
    "koi-utf",
    "koi-win",
    "mime.types",
    "scgi_params",
    "uwsgi_params",
    "win-utf",
    "modules-enabled",
];

/// The files of one image. Only those that nginx comes to are read.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, Embedded>,
    /// Whether folders may hold more than these.
    pub more: bool,
}

impl Files {
    /// Adds the file at `path` of the image, or replaces it.
    pub fn add(&mut self, path: &str, text: Embedded) {
        self.texts.insert(path.to_owned(), text);
    }

    /// Takes away the file at `path`, and what lies in it where it is a folder.
    pub fn remove(&mut self, path: &str) {
        self.texts.retain(|own, _| {
            own.strip_prefix(path).is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
    }

    /// Takes away all files that the wildcards of `pattern` match.
    pub fn remove_matching(&mut self, pattern: &str) {
        self.texts.retain(|own, _| !matches(pattern, own));
    }

    /// The files with their paths, in the order of these.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Embedded)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&Embedded> {
        self.texts.get(path)
    }

    /// What `include pattern` brings, in the order of paths. `None` where that cannot be told.
    pub(crate) fn included(&self, pattern: &str) -> Option<Vec<(&str, &Embedded)>> {
        if pattern.contains('$') {
            return None;
        }
        let pattern = absolute(pattern);
        if !pattern.contains(['*', '?', '[']) {
            let found = self.texts.get_key_value(&pattern);
            let found = found.map(|(path, text)| vec![(path.as_str(), text)]);
            return found.or_else(|| is_harmless(&pattern).then(Vec::new));
        }
        if self.more && !is_harmless(&pattern) {
            return None;
        }
        Some(self.all().filter(|(path, _)| matches(&pattern, path)).collect())
    }
}

/// The path as nginx takes it: what is relative starts beside the file that nginx starts from.
fn absolute(path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("/etc/nginx/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

fn is_harmless(path: &str) -> bool {
    path.rsplit('/').take(2).any(|part| HARMLESS.contains(&part))
}

/// Whether the wildcards of `pattern` match `path`: `*` and `?` stay within a component, and nothing but a dot matches the
/// dot that begins one.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (Some(pattern), Some(part)) => {
                let hidden = part.starts_with('.') && !pattern.starts_with('.');
                if hidden || !matches_component(pattern.as_bytes(), part.as_bytes()) {
                    return false;
                }
            }
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// One component, in time that grows with the product of both lengths.
fn matches_component(pattern: &[u8], part: &[u8]) -> bool {
    let (mut at_pattern, mut at_part) = (0, 0);
    // Where the last `*` stands, and how far it has matched.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let next = pattern.get(at_pattern);
        match (next, part.get(at_part)) {
            (Some(b'*'), _) => {
                star = Some((at_pattern, at_part));
                at_pattern += 1;
            }
            (None, None) => return true,
            (Some(b'?'), Some(_)) => (at_pattern, at_part) = (at_pattern + 1, at_part + 1),
            (Some(wanted), Some(byte)) if wanted == byte => {
                (at_pattern, at_part) = (at_pattern + 1, at_part + 1);
            }
            _ => {
                let Some((stood, matched)) = star.filter(|(_, matched)| *matched < part.len()) else {
                    return false;
                };
                star = Some((stood, matched + 1));
                (at_pattern, at_part) = (stood + 1, matched + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    fn files(paths: &[&str]) -> Files {
        let mut files = Files::default();
        for path in paths {
            files.add(path, Embedded::whole(FileId(0), "a;"));
        }
        files
    }

    #[track_caller]
    fn assert_included(files: &Files, pattern: &str, expected: Option<&[&str]>) {
        let found =
            files.included(pattern).map(|found| found.iter().map(|(path, _)| *path).collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected, "{pattern}");
    }

    #[test]
    fn wildcards_take_what_the_image_holds() {
        let files =
            files(&["/etc/nginx/conf.d/b.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/.c.conf"]);
        let both: &[&str] = &["/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf"];
        assert_included(&files, "/etc/nginx/conf.d/*.conf", Some(both));
        assert_included(&files, "conf.d/*.conf", Some(both));
        assert_included(&files, "conf.d/?.conf", Some(both));
        assert_included(&files, "conf.d/b*", Some(&both[1..]));
        assert_included(&files, "*.conf", Some(&[]));
    }

    #[test]
    fn a_file_that_the_image_may_hold_is_unknown() {
        let mut files = files(&["/etc/nginx/a"]);
        assert_included(&files, "./x/../a", Some(&["/etc/nginx/a"]));
        assert_included(&files, "snippets/ssl.conf", None);
        assert_included(&files, "/etc/nginx/$host", None);
        assert_included(&files, "mime.types", Some(&[]));
        files.more = true;
        assert_included(&files, "/etc/nginx/modules-enabled/*.conf", Some(&[]));
        assert_included(&files, "sites-enabled/*", None);
    }
}
