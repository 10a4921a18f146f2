//! Bytes that are not the UTF-8 with single line ends that files are made of.

use crate::tree::{Hostile, Tree};

/// A file of each language, with something to find or to follow.
pub(crate) const FILES: [(&str, &str); 16] = [
    (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker push r.io/a:latest\n",
    ),
    (".dockerignore", "node_modules\n!a\n**/b\n"),
    (".env", "VITE_WS=ws://localhost:8000\n"),
    (".gitlab-ci.yml", "a:\n  script:\n    - docker push r.io/a:latest\n"),
    ("Dockerfile", "FROM node:latest AS a\nARG A=b\nCOPY . /$A\nRUN npm ci && \\\n  npm run build\n"),
    ("Jenkinsfile", "pipeline { stages { stage('a') { steps { sh 'docker push r.io/a:latest' } } } }\n"),
    ("Makefile", "A := r.io/a\npush:\n\tdocker push $(A):latest\n"),
    ("app.ts", "const host = window.location.hostname;\nnew WebSocket(`ws://${host}:8000/a`);\n"),
    ("compose.yaml", "services:\n  web:\n    image: nginx:latest\n    build: .\n"),
    ("deploy.sh", "TAG=latest\nfor i in a b; do docker push \"r.io/$i:$TAG\"; done\n"),
    ("docker-bake.hcl", "target \"a\" {\n  tags = [\"r.io/a:latest\"]\n}\n"),
    ("index.html", "<script>new WebSocket('ws://' + location.hostname + ':8000')</script>\n"),
    (
        "job.nomad",
        "job \"a\" {\n  group \"b\" {\n    task \"c\" {\n      config {\n        image = \"a:latest\"\n      }\n    }\n  }\n}\n",
    ),
    ("justfile", "push:\n  docker push r.io/a:latest\n"),
    (
        "main.tf",
        "resource \"aws_lb_listener\" \"a\" {\n  port = 443\n  protocol = \"HTTPS\"\n  default_action {\n    type = \"forward\"\n  }\n}\n",
    ),
    (
        "package.json",
        "{\"scripts\": {\"push\": \"docker push r.io/a:latest\"}, \"dependencies\": {\"vite\": \"5\"}}\n",
    ),
];

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("UTF-16, both ways round", |tree| {
        each(tree, "le", |text| {
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        });
        each(tree, "be", |text| {
            [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
        });
    }),
    Hostile::new("UTF-32", |tree| {
        each(tree, "a", |text| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect());
    }),
    Hostile::new("a mark of the byte order", |tree| each(tree, "a", |text| format!("\u{feff}{text}").into())),
    Hostile::new("nothing but marks of the byte order", |tree| {
        each(tree, "a", |_| "\u{feff}".repeat(1000).into());
    }),
    Hostile::new("NUL", |tree| {
        each(tree, "between", |text| text.replace(' ', "\0").into());
        each(tree, "after", |text| format!("{text}\0\0\0\0").into());
        each(tree, "alone", |_| vec![0; 10_000]);
    }),
    Hostile::new("invalid UTF-8", |tree| {
        each(tree, "between", |text| {
            text.bytes().flat_map(|byte| if byte == b' ' { vec![b' ', 0xff] } else { vec![byte] }).collect()
        });
        each(tree, "cut", |text| [text.as_bytes(), b"\xe2\x82"].concat());
        each(tree, "surrogates", |text| [text.as_bytes(), b"\xed\xa0\x80\xed\xb0\x80"].concat());
        each(tree, "alone", |_| vec![0x80; 10_000]);
    }),
    Hostile::new("line ends of Windows", |tree| each(tree, "a", |text| text.replace('\n', "\r\n").into())),
    Hostile::new("line ends of old", |tree| each(tree, "a", |text| text.replace('\n', "\r").into())),
    Hostile::new("line ends of Unicode", |tree| {
        each(tree, "a", |text| text.replace('\n', "\u{2028}").into());
    }),
    Hostile::new("all kinds of blanks", |tree| {
        each(tree, "a", |text| text.replace(' ', "\u{a0}\u{3000}\t\x0b\x0c").into());
    }),
    Hostile::new("characters of four bytes", |tree| {
        each(tree, "a", |text| text.replace(' ', " 😀").replace('a', "𝒂").into());
    }),
    Hostile::new("bytes of every value", |tree| {
        each(tree, "a", |text| (0..=255_u8).chain(text.bytes()).chain(0..=255).collect());
    }),
];

fn each(tree: &Tree, folder: &str, encode: fn(&str) -> Vec<u8>) {
    for (path, text) in FILES {
        tree.file(format!("{folder}/{path}"), encode(text));
    }
}
