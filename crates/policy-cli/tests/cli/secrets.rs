//! Private keys that a build context sends, from disk.

use crate::project::{Run, project};

const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

#[test]
fn a_key_is_made_up_where_a_whole_word_says_so() {
    for (path, is_found) in [
        ("special.pem", true),
        ("specops.key", true),
        ("docsigning.pem", true),
        ("testify.pem", true),
        ("fixtures/special.pem", false),
        ("test/server.key", false),
        ("test-key.pem", false),
        ("testkey.pem", false),
        ("certs/TestServer.key", false),
    ] {
        let folder = project(&[
            ("Dockerfile", b"FROM node:22@sha256:aa\nCOPY . /app\nUSER node\n"),
            (".dockerignore", b".git\n"),
            (path, KEY),
        ]);
        let run = Run::json(folder.path(), &["--select", "docker/secret-in-context"]);
        let findings = run.document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), usize::from(is_found), "{path}: {}", run.output);
    }
}
