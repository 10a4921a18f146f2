//! The known name that is closest to an unknown one, for "did you mean".

/// The one of `known` that is most like `name`, where one is alike enough to be suggested.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes the product of the lengths, and nobody meant a short name by a long one.
    let comparable = |candidate: &&str| name.len() <= 2 * candidate.len();
    known
        .into_iter()
        .filter(comparable)
        .map(|candidate| (candidate, strsim::jaro_winkler(name, candidate)))
        .filter(|(_, likeness)| *likeness > 0.8)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(candidate, _)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_understood_and_a_stranger_is_not() {
        let known = ["image/latest-tag", "image/latest-base", "docker/runs-as-root"];
        assert_eq!(nearest("image/lastest-tag", known), Some("image/latest-tag"));
        assert_eq!(nearest("docker/run-as-root", known), Some("docker/runs-as-root"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest(&"image/latest-tag".repeat(100_000), known), None);
    }
}
