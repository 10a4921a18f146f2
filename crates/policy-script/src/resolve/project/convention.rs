//! Names that mean a folder by convention, where no configuration in the repository says so: it was generated, or the
//! framework knows by itself.

use policy_text::source::FileId;

use super::config_files::ConfigFiles;
use super::entries;

/// What a name begins with, and the folders of the package that it may stand for, the likeliest first.
const CONVENTIONS: [(&str, &[&str]); 9] = [
    ("@/", &["src", "app", "", "client", "resources/js", "resources/ts", "frontend"]),
    ("~/", &["src", "app", "", "client"]),
    ("@@/", &["", "src"]),
    ("~~/", &["", "src"]),
    ("@site/", &[""]),
    ("$lib/", &["src/lib"]),
    ("#shared/", &["shared"]),
    ("@", &["src", "app"]),
    ("~", &["src", "app", ""]),
];

/// The file that `specifier` names by convention of frameworks. Only what is there counts, so that a guess does no
/// harm.
pub(super) fn by_convention(files: &ConfigFiles<'_>, specifier: &str, from: FileId) -> Option<FileId> {
    let prefixed = CONVENTIONS.iter().find_map(|(prefix, folders)| {
        let rest = specifier.strip_prefix(prefix)?;
        in_package(files, rest, folders, from)
    });
    // A path below the package or its sources, as older tools resolve it.
    prefixed.or_else(|| {
        if specifier.contains('/') { in_package(files, specifier, &["", "src"], from) } else { None }
    })
}

/// The file that `rooted` names from the root of the site: below the package or what it serves as it is.
pub(super) fn below_package(files: &ConfigFiles<'_>, rooted: &str, from: FileId) -> Option<FileId> {
    in_package(files, rooted, &["", "public", "static", "src"], from)
}

fn in_package(files: &ConfigFiles<'_>, path: &str, folders: &[&str], from: FileId) -> Option<FileId> {
    files.manifests_above(from).find_map(|manifest| {
        folders
            .iter()
            .filter_map(|folder| manifest.folder.join(folder)?.join(path))
            .find_map(|path| entries::module_at(files, &path))
    })
}
