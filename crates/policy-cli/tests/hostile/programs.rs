//! Programs whose code asks for more than it is long: loops over lists, routers in routers, constants of constants.

use crate::tree::{Hostile, Tree};
use crate::work::{FASTAPI, lines, shop};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("lists of Python that are copied", |tree| {
        let n = tree.count(500, 6_000);
        let list = format!("l = [{}]\n", "\"/a\", ".repeat(n));
        python(tree, &format!("{list}{}", "m = list(l)\nl[0]\n\"/b\" in l\nn = l + l\n".repeat(n)));
    }),
    Hostile::new("loops of Python that keep what they make", |tree| {
        // A comment pays for them: what a file may cost grows with its length.
        let comment = format!("# {}\n", "x".repeat(tree.count(100_000, 4 << 20)));
        let list = format!("l = [{}]\n", "\"/a\", ".repeat(tree.count(200, 2_000)));
        let text = format!("s = \"{}\"\nclass C: pass\ndef f(a): return [a]\nm = []\n", "x".repeat(4_000));
        let body = "m.append(s + a)\n  C()\n  f(a)\n  {\"a\": a}\n  app.add_api_route(a, f)\n";
        let body = body.replace("\n  ", "\n        ");
        python(tree, &format!("{comment}{list}{text}for a in l:\n    for b in l:\n        {body}"));
    }),
    Hostile::new("texts of Python that are joined", |tree| {
        let n = tree.count(200, 2_000);
        let list = format!("s = \"{}\"\nl = [{}]\n", "x".repeat(4_000), "s, ".repeat(n));
        python(tree, &format!("{list}{}", "t = s.join(l)\nu = s in s\n".repeat(n)));
    }),
    Hostile::new("dictionaries of Python", |tree| {
        let n = tree.count(1_000, 60_000);
        let set = lines(n, |at| format!("d[\"k{at}\"] = \"/v{at}\"\n"));
        let asked = lines(n, |at| format!("app.add_api_route(d[\"k{at}\"], f)\n"));
        python(tree, &format!("d = {{}}\n{set}{asked}"));
    }),
    Hostile::new("branches of Python", |tree| {
        let branches = lines(tree.count(1_000, 60_000), |at| {
            format!("if x.y{at}:\n    p = p + \"b\"\n    q{at} = p\nelse:\n    r{at} = p\n")
        });
        python(tree, &format!("import x\np = \"/a\"\n{branches}@app.get(p)\ndef f(): pass\n"));
    }),
    Hostile::new("arguments and parents of Python", |tree| {
        let n = tree.count(500, 10_000);
        let parameters = lines(n, |at| format!("a{at}=1, "));
        let arguments = lines(n, |at| format!("a{}=2, ", n - at));
        let calls = format!("g({arguments})\n").repeat(tree.count(5, 20));
        let class = format!("class B: pass\nclass C({}): pass\n", "B, ".repeat(n));
        python(tree, &format!("def g({parameters}): return a0\n{calls}{class}{}", "C.x\n".repeat(n)));
    }),
    Hostile::new("routers of Express in routers", |tree| {
        let n = tree.count(60, 6_000);
        let doubled = lines(n, |at| {
            format!(
                "const r{0} = express.Router();\nr{0}.use(\"/l\", r{at});\nr{0}.use(\"/r\", r{at});\n",
                at + 1
            )
        });
        express(
            tree,
            &format!("const r0 = express.Router();\nr0.get(\"/x\", h);\n{doubled}app.use(\"/a\", r{n});\n"),
        );
    }),
    Hostile::new("functions of Express that hand the application on", |tree| {
        let n = tree.count(60, 6_000);
        let doubled = lines(n, |at| format!("const f{0} = a => {{ f{at}(a); f{at}(a); }};\n", at + 1));
        express(tree, &format!("const f0 = a => a.get(\"/x\", h);\n{doubled}f{n}(app);\n"));
    }),
    Hostile::new("paths of Express that are doubled", |tree| {
        let n = tree.count(20, 10_000);
        let doubled = lines(n, |at| format!("const p{} = `${{p{at}}}${{p{at}}}`;\n", at + 1));
        let routes = lines(n, |at| format!("app.get(p{at}, h);\n"));
        express(tree, &format!("const p0 = \"/a\";\n{doubled}{routes}"));
    }),
    Hostile::new("handlers of Express", |tree| {
        let handlers = lines(tree.count(500, 30_000), |at| {
            format!("app.use(\"/a{at}\", (q, s, n) => {{ s.json(q.x) }});\n")
        });
        express(tree, &handlers);
    }),
    Hostile::new("folders of Next that may be left out", |tree| {
        shop(tree, "");
        tree.file("api/Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"start\"]\n");
        tree.file(
            "api/package.json",
            "{\"name\": \"api\", \"dependencies\": {\"next\": \"14\"}, \"scripts\": {\"start\": \"next start\"}}",
        );
        let folders = "[[...a]]/".repeat(tree.count(60, 300));
        tree.file(format!("api/pages/api/{folders}a.ts"), "export default function h(q, s) {}\n");
        let route = "export async function GET() {}\n";
        (0..tree.count(20, 2_000))
            .for_each(|at| tree.file(format!("api/app/s{at}/[[a]]/[...b]/route.ts"), route));
    }),
    Hostile::new("paths of a class and its methods", |tree| {
        let n = tree.count(300, 50_000);
        let paths = lines(n, |at| format!("\"/p{at}\", "));
        let methods = lines(n, |at| {
            format!("@GetMapping({{\"/a{at}\", \"/b{at}\"}}) String m{at}() {{ return \"\"; }}\n")
        });
        spring(tree, &format!("@RestController @RequestMapping({{{paths}}}) class C {{\n{methods}}}\n"));
    }),
    Hostile::new("classes that inherit handlers", |tree| {
        let n = tree.count(300, 30_000);
        let methods =
            lines(n, |at| format!("void m{at}() {{}}\n@GetMapping(\"/a{at}\") void n{at}() {{}}\n"));
        let classes = lines(n, |at| {
            format!("@RestController @RequestMapping(\"/p{at}\") class C{at} extends B {{}}\n")
        });
        spring(tree, &format!("class B {{\n{methods}}}\n{classes}"));
    }),
];

fn python(tree: &Tree, code: &str) {
    shop(tree, "");
    tree.file("api/main.py", format!("{FASTAPI}{code}"));
}

fn express(tree: &Tree, code: &str) {
    shop(tree, "");
    tree.file("api/Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"index.js\"]\n");
    tree.file("api/package.json", "{\"name\": \"api\", \"dependencies\": {\"express\": \"4\"}}");
    let start = "const express = require(\"express\");\nconst app = express();\n";
    tree.file("api/index.js", format!("{start}{code}app.listen(80);\n"));
}

fn spring(tree: &Tree, code: &str) {
    shop(tree, "");
    tree.file(
        "api/Dockerfile",
        "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY target/app.jar .\nCMD [\"java\", \"-jar\", \"app.jar\"]\n",
    );
    tree.file("api/pom.xml", "<dependency><artifactId>spring-boot-starter-web</artifactId></dependency>");
    tree.file("api/src/main/java/shop/Main.java", "package shop;\n@SpringBootApplication class Main {}\n");
    tree.file("api/src/main/java/shop/C.java", format!("package shop;\n{code}"));
}
