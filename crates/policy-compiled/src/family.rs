//! The families of packages, which have names that begin alike.

/// Whether a package is of a family: it has that name, or goes on behind it with a version or a further word. `jackson-core`
/// is of `jackson` and `ojdbc11` of `ojdbc`, but `session` is not of `ses`. A family that ends with a mark has all that
/// begin so.
pub(crate) fn is_of(package: &str, family: &str) -> bool {
    const MARKS: [char; 3] = ['-', '_', '.'];
    package.strip_prefix(family).is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        family.ends_with(MARKS) || rest.is_empty() || rest.starts_with(MARKS)
    })
}
