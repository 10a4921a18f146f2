//! The matcher against the cases that Docker's own matcher documents, and the reading of files.

use super::*;

fn read(text: &str) -> (IgnoreFile, Vec<Problem>) {
    parse(FileId(0), text)
}

#[track_caller]
fn assert_excludes(ignore: &str, path: &str, expected: bool) {
    let (file, problems) = read(ignore);
    assert_eq!(problems, [], "{ignore:?}");
    assert_eq!(file.decide(path).excluded, expected, "{ignore:?} on {path:?}");
}

/// Pattern, path, excluded: the cases of moby's `TestMatches`.
const SINGLE: &[(&str, &str, bool)] = &[
    ("**", "file", true),
    ("**/", "file", true),
    ("**", "dir/file", true),
    ("**/", "dir/file", true),
    ("**/**", "dir/file", true),
    ("dir/**", "dir/file", true),
    ("dir/**", "dir/dir2/file", true),
    ("**/dir", "dir", true),
    ("**/dir", "dir/file", true),
    ("**/dir2/*", "dir/dir2/file", true),
    ("**/dir2/**", "dir/dir2/dir3/file", true),
    ("**file", "file", true),
    ("**file", "dir/file", true),
    ("**/file", "dir/file", true),
    ("**file", "dir/dir/file", true),
    ("**/file", "dir/dir/file", true),
    ("**/file*", "dir/dir/file", true),
    ("**/file*", "dir/dir/file.txt", true),
    ("**/file*txt", "dir/dir/file.txt", true),
    ("**/file*.txt", "dir/dir/file.txt", true),
    ("**/file*.txt*", "dir/dir/file.txt", true),
    ("**/**/*.txt", "dir/dir/file.txt", true),
    ("**/**/*.txt2", "dir/dir/file.txt", false),
    ("**/*.txt", "file.txt", true),
    ("**/**/*.txt", "file.txt", true),
    ("a**/*.txt", "a/file.txt", true),
    ("a**/*.txt", "a/dir/file.txt", true),
    ("a**/*.txt", "a/dir/dir/file.txt", true),
    ("a/*.txt", "a/dir/file.txt", false),
    ("a/*.txt", "a/file.txt", true),
    ("a/*.txt**", "a/file.txt", true),
    ("a[b-d]e", "ae", false),
    ("a[b-d]e", "ace", true),
    ("a[b-d]e", "aae", false),
    ("a[^b-d]e", "aze", true),
    (".*", ".foo", true),
    (".*", "foo", false),
    ("abc.def", "abcdef", false),
    ("abc.def", "abc.def", true),
    ("abc.def", "abcZdef", false),
    ("abc?def", "abcZdef", true),
    ("abc?def", "abcdef", false),
    ("a\\\\", "a\\", true),
    ("**/foo/bar", "foo/bar", true),
    ("**/foo/bar", "dir/foo/bar", true),
    ("**/foo/bar", "dir/dir2/foo/bar", true),
    ("abc/**", "abc", false),
    ("abc/**", "abc/def", true),
    ("abc/**", "abc/def/ghi", true),
    ("**/.foo", ".foo", true),
    ("**/.foo", "bar.foo", false),
    ("a(b)c/def", "a(b)c/def", true),
    ("a(b)c/def", "a(b)c/xyz", false),
    ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
    ("dist/p.py-2.4.0rc3.dev36+g08-py3-none-any.whl", "dist/p.py-2.4.0rc3.dev36+g08-py3-none-any.whl", true),
    ("dist/*.whl", "dist/p.py-2.4.0rc3.dev36+g08-py3-none-any.whl", true),
    ("a\\*b", "a*b", true),
    ("a\\*b", "ab", false),
    ("*", "abc", true),
    ("*c", "abc", true),
    ("a*", "ab/c", true),
    ("a*/b", "abc/b", true),
    ("a*/b", "a/c/b", false),
    ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
    ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
    ("a*b?c*x", "abxbbxdbxebxczzx", true),
    ("a*b?c*x", "abxbbxdbxebxczzy", false),
    ("ab[^c]", "abc", false),
    ("ab[^e-g]", "abc", true),
    ("a?b", "a☺b", true),
    ("a[^a]b", "a☺b", true),
    ("a???b", "a☺b", false),
    ("[a-ζ]*", "α", true),
    ("*[a-ζ]", "A", false),
    ("a?b", "a/b", false),
    ("[\\]a]", "]", true),
    ("[\\-x]", "-", true),
    ("[\\-x]", "a", false),
];

#[test]
fn single_patterns_match_as_moby_documents() {
    for &(pattern, path, expected) in SINGLE {
        assert_excludes(pattern, path, expected);
    }
}

#[test]
fn the_last_matching_pattern_wins() {
    assert_excludes("!fileutils.go\n*.go", "fileutils.go", true);
    assert_excludes("*.go\n!fileutils.go", "fileutils.go", false);
    assert_excludes("docs\n!docs/README.md", "docs/README.md", false);
    assert_excludes("docs/\n!docs/README.md", "docs/README.md", false);
    assert_excludes("docs/*\n!docs/README.md", "docs/README.md", false);
    assert_excludes("**\n!util/docker/web", "util/docker/web/foo", false);
    assert_excludes("**\n!util/docker/web\nutil/docker/web/foo", "util/docker/web/foo", true);
    assert_excludes("**\n!dist/*.whl", "dist/p-1.0+g08.whl", false);
}

#[test]
fn a_pattern_that_could_not_change_the_folder_is_forgotten_below_it() {
    assert_excludes("a\n!a/x\na", "a/x", false);
    assert_excludes("a\n!a/x\na/*", "a/x", true);
}

#[test]
fn what_git_does_and_docker_does_not() {
    assert_excludes("node_modules", "web/node_modules/a.js", false);
    assert_excludes("*.md", "docs/a.md", false);
    assert_excludes("Build", "build", false);
    assert_excludes(".", "anything", false);
    assert_excludes("/dist/", "dist/a.js", true);
    assert_excludes("./dist", "dist", true);
    assert_excludes("a/../b", "b", true);
    assert_excludes(" # no comment", "#", false);
    assert_excludes("[!a]", "b", false);
    assert_excludes("a[^x]b", "a/b", true);
}

#[test]
fn characters_that_moby_forgets_to_escape_keep_their_meaning() {
    assert_excludes("a|b*", "a", true);
    assert_excludes("a|b*", "abc", true);
    assert_excludes("{a,b}*", "{a,b}c", true);
    assert_excludes("{a,b}*", "ab", false);
    assert_excludes("a{2}*", "aab", true);
    assert_excludes("[*]", "x]", false);
    assert_excludes("\\d*", "1x", true);
    assert_excludes("\\d*", "dx", false);
}

#[test]
fn comments_byte_order_mark_and_line_ends_are_read_as_docker_does() {
    let (file, problems) = read("\u{feff}# a\r\n\r\n  test1  \r\n/test2\r\n! /inverted/abs/path\r\nlast");
    assert_eq!(problems, []);
    let paths: Vec<_> = file.patterns.iter().map(|p| (p.path.as_str(), p.exception)).collect();
    assert_eq!(paths, [("test1", false), ("test2", false), ("inverted/abs/path", true), ("last", false)]);
    assert_eq!(file.patterns[0].span.range(), 12..17);
    assert!(file.layout.crlf && !file.layout.end.closed);
}

#[test]
fn invalid_patterns_are_problems_and_the_rest_counts() {
    for bad in [
        "!",
        "! ",
        "!/",
        "[",
        "[]a]",
        "[-x]",
        "[x-]",
        "\\",
        "[a-b-c]",
        "a[",
        "[^bc",
        "[z-a]*",
        "a*{2}",
        "[Local-Only]",
    ] {
        let (file, problems) = read(&format!("{bad}\nnode_modules\n"));
        assert_eq!(problems.len(), 1, "{bad:?}");
        assert_eq!(problems[0].at.start, 0, "{bad:?}");
        assert!(file.decide("node_modules").excluded, "{bad:?}");
    }
}

#[test]
fn reading_is_bounded() {
    let (file, problems) = read(&format!("a\n{}\nb\n", "x".repeat(70_000)));
    assert_eq!((file.patterns.len(), problems.len()), (1, 1));
    let (file, problems) = read(&"x*\n".repeat(MAX_PATTERNS + 10));
    assert_eq!((file.patterns.len(), problems.len()), (MAX_PATTERNS, 1));
    let (file, problems) = read(&format!("{}\n", "?*".repeat(30_000)));
    assert_eq!((file.patterns.len(), problems.len()), (0, 1));
}

#[test]
fn the_deciding_pattern_is_named() {
    let (file, _) = read("node_modules\n*.log\n!keep.log\n");
    let by = |path: &str| file.decide(path).by.map(|pattern| pattern.path.as_str());
    assert_eq!(by("node_modules/a/b.js"), Some("node_modules"));
    assert_eq!(by("keep.log"), Some("keep.log"));
    assert_eq!(by("src/a.js"), None);
}

#[test]
fn an_excluded_folder_is_entered_only_where_an_exception_can_match_below() {
    let enters = |ignore: &str| read(ignore).0.may_reenter("node_modules");
    assert!(!enters("node_modules"));
    assert!(!enters("node_modules\n!src/keep"));
    assert!(enters("node_modules\n!node_modules/keep"));
    assert!(enters("node_modules\n!node_modules/**"));
    assert!(enters("node_modules\n!**/*.md"));
}
