//! Links: round, into nothing, and out of the root. What lies outside is told by nobody.

use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("a link to itself", |tree| tree.link("self", "self")),
    Hostile::new("links that go round", |tree| {
        tree.link("a/b/up", "../..");
        tree.link("one", "two");
        tree.link("two", "one");
    }),
    Hostile::new("a link to the root of the disk", |tree| tree.link("disk", "/")),
    Hostile::new("links to nothing", |tree| {
        [".gitignore", "Dockerfile", "main.tf", ".env"].iter().for_each(|name| tree.link(name, "gone"));
    }),
    Hostile::new("a chain of links", |tree| {
        tree.file("l0/main.tf", "");
        for at in 1..tree.count(45, 500) {
            tree.link(&format!("l{at}"), format!("l{}", at - 1));
        }
    }),
    Hostile::new("a build context that goes round", |tree| {
        tree.file("Dockerfile", "FROM scratch\nCOPY . /\n");
        tree.file("compose.yaml", "services:\n  a:\n    build: ./loop/loop/loop\n");
        tree.link("loop", ".");
    }),
    Hostile::new("a build context that lies outside", |tree| {
        tree.file(
            "compose.yaml",
            "services:\n  a:\n    build: ./etc\n  b:\n    build: /\n  c:\n    build: ../..\n",
        );
        tree.link("etc", "/etc");
    }),
    Hostile::refused("a configuration that lies outside", "it is a link that leads out", |tree| {
        tree.link("portcullis.toml", "/etc/passwd");
    }),
    Hostile::new("files that are read from outside", |tree| {
        tree.file(
            "main.tf",
            "locals {\n  a = file(\"/etc/hostname\")\n  b = file(\"../../../../etc/hostname\")\n  c = file(\"${path.module}/here\")\n  \
             d = templatefile(\"/etc/passwd\", {})\n}\nmodule \"m\" {\n  source = \"../../../etc\"\n}\n",
        );
        tree.link("here", "/etc/hostname");
        tree.file(
            "compose.yaml",
            "include: [/etc/x.yml, ../../x.yml]\nservices:\n  a:\n    extends: {file: ../../../etc/y.yml, service: a}\n    \
             env_file: /etc/environment\n",
        );
        tree.file(
            "deploy.sh",
            "docker compose -f /etc/passwd -f ../../../etc/passwd push\nsource /etc/profile\n",
        );
        tree.file("tsconfig.json", "{\"extends\": \"../../../../etc/tsconfig\", \"compilerOptions\": {\"paths\": {\"*\": [\"/etc/*\"]}}}");
        tree.file("a.ts", "import x from '../../../../etc/passwd';\nnew WebSocket(x);\n");
    }),
];
