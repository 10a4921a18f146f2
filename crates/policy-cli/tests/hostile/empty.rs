//! Nothing where something is.

use crate::encodings::FILES;
use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("nothing", |_| {}),
    Hostile::new("files of nothing", |tree| FILES.iter().for_each(|(path, _)| tree.file(path, ""))),
    Hostile::new("files of one blank or line end", |tree| {
        for (at, text) in [" ", "\n", "\r", "\t", "\r\n", "#", ";"].iter().enumerate() {
            FILES.iter().for_each(|(path, _)| tree.file(format!("{at}/{path}"), text));
        }
    }),
    Hostile::new("folders of nothing", |tree| {
        [".git", ".github/workflows", "src", "infra"].iter().for_each(|path| tree.folder(path));
    }),
    Hostile::new("an empty configuration", |tree| tree.file("portcullis.toml", "")),
    Hostile::new("empty ignore files", |tree| {
        tree.folder(".git");
        [".gitignore", ".ignore", ".git/info/exclude", ".dockerignore"]
            .iter()
            .for_each(|path| tree.file(path, ""));
    }),
    Hostile::new("values of nothing", |tree| {
        tree.file("compose.yaml", "services:\n  a:\n  b: {}\n  c: {image: , build: }\n  '': {image: ''}\n");
        tree.file(
            ".github/workflows/ci.yml",
            "on:\njobs:\n  a:\n  b: {steps: }\n  c: {steps: [null, {}, {run: }, {uses: ''}]}\n",
        );
        tree.file(
            "main.tf",
            "resource \"\" \"\" {}\nmodule \"\" { source = \"\" }\nlocals {}\nvariable \"\" {}\n",
        );
        tree.file("Dockerfile", "FROM\nCOPY\nARG\nENV\nRUN\nFROM \"\"\n");
        tree.file(
            "package.json",
            "{\"scripts\": {\"\": \"\"}, \"dependencies\": null, \"workspaces\": [\"\"]}",
        );
        tree.file(
            "tsconfig.json",
            "{\"extends\": \"\", \"compilerOptions\": {\"paths\": {\"\": []}, \"baseUrl\": \"\"}}",
        );
        tree.file("app.ts", "new WebSocket(); new WebSocket(''); new WebSocket(``); new URL('', '');\n");
        tree.file(".dockerignore", "!\n/\n.\n..\n\\\n");
    }),
];
