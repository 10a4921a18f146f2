//! Code of pages: addresses that take work to follow, asked for again and again.

use crate::tree::{Hostile, Tree};
use crate::work::{FASTAPI, lines, rule, shop};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("names that are given many values", |tree| {
        page(tree);
        let n = tree.count(400, 12_000);
        let chosen = lines(n, |at| format!("if (k === {at}) {{ u = \"/b{at}\" }}\n"));
        tree.file(
            "page/ifs.ts",
            format!("function f(k) {{ let u = \"/a\";\n{chosen}return fetch(u) }}\nf(1);\n"),
        );
        let cases = lines(n, |at| format!("case \"{at}\": s = {{ ...s, u: \"/p{at}\" }}; break;\n"));
        tree.file(
            "page/cases.ts",
            format!("function r(s, a) {{ switch (a.t) {{\n{cases}}} return fetch(s.u) }}\nr({{}}, {{}});\n"),
        );
        let branches = lines(n, |at| format!("else if (k === {at}) {{ u = \"/b{at}\" }}\n"));
        tree.file("page/else.ts", format!("let u = \"/\";\nif (k) {{ u = \"/a\" }}\n{branches}fetch(u);\n"));
        let returned = lines(n, |at| format!("if (k === {at}) return; u = \"/b{at}\";\n"));
        tree.file(
            "page/returns.ts",
            format!("function g(k) {{ let u = \"/\";\n{returned}fetch(u) }}\ng(1);\n"),
        );
        let used = lines(n, |at| format!("if (k == {at}) {{ u = u + \"/p{at}\"; }}\nfetch(u);\n"));
        tree.file("page/used.ts", format!("let u = \"/\";\n{used}"));
    }),
    Hostile::says(
        "texts that double, and one dear address for many calls",
        "would take too many steps to follow",
        |tree| {
            page(tree);
            let n = tree.count(400, 12_000);
            let doubled = lines(n, |at| format!("const a{} = `${{a{at}}}/${{a{at}}}`;\n", at + 1));
            let opened = lines(n, |at| format!("new WebSocket(`ws://${{a{at}}}`); fetch(a{at});\n"));
            tree.file("page/texts.ts", format!("const a0 = \"x:8000\";\n{doubled}{opened}"));
            let functions =
                lines(n, |at| format!("const f{} = (a) => f{at}(a + \"l\") + f{at}(a + \"r\");\n", at + 1));
            let called = lines(n, |at| format!("fetch(f{at}(\"/\"));\n"));
            tree.file("page/functions.ts", format!("const f0 = (a) => \"x\" + a;\n{functions}{called}"));
            let chosen =
                lines(60, |at| format!("const a{} = q{at} ? a{at} + \"l\" : a{at} + \"r\";\n", at + 1));
            let opened =
                lines(n, |at| format!("new WebSocket(\"ws://\" + a60 + \"/{at}\"); fetch(\"/\" + a60);\n"));
            tree.file("page/dear.ts", format!("const a0 = \"x:8000\";\n{chosen}{opened}"));
        },
    ),
    Hostile::new("classes that extend one another", |tree| {
        page(tree);
        let n = tree.count(80, 12_000);
        let ring = lines(n, |at| {
            format!(
                "class C{at} extends C{} {{ get(p) {{ return fetch(this.base + p + super.get(p)) }} }}\nnew C{at}(\"a\").get(\"/b\");\n",
                (at + 1) % n
            )
        });
        tree.file("page/ring.ts", ring);
        let fan = lines(n, |at| {
            format!(
                "class D{at} extends B {{ m{at}(p) {{ return fetch(this.b + p) }} }}\nnew D{at}(\"/b\").m{at}(\"/x\");\n"
            )
        });
        tree.file("page/fan.ts", format!("class B {{ m(p) {{ return fetch(this.none + p) }} }}\n{fan}"));
        let methods = lines(n, |at| format!("m{at}(p) {{ return fetch(this.b + p) }}\n"));
        let called = lines(n, |at| format!("new M(\"/b{at}\").m{at}(\"/x\");\n"));
        tree.file(
            "page/methods.ts",
            format!("class M {{ constructor(b) {{ this.b = b }}\n{methods}}}\n{called}"),
        );
    }),
    Hostile::new("a class that extends what its own objects hold", |tree| {
        tree.file(
            "index.html",
            "<script>\nclass A { }\nconst a = new A();\nclass B extends a.parent { }\nnew WebSocket(a.parent);\n</script>\n",
        );
    }),
    Hostile::new("modules that need one another", |tree| {
        page(tree);
        let n = tree.count(30, 10_000);
        for at in 0..n {
            tree.file(
                format!("page/m{at}.js"),
                format!("const m = require(\"./m{}\"); module.exports = {{ ...m, u{at}: m.u{} + \"/x\" }}; fetch(m.u{at});\n", (at + 1) % n, at.saturating_sub(1)),
            );
        }
        tree.file("page/ring.ts", "import * as m from \"./m0\";\nfetch(m.u5);\n");
        tree.file(
            "tsconfig.json",
            format!(
                "{{\"compilerOptions\": {{\"paths\": {{{}\"z\": [\"z\"]}}}}}}",
                lines(n, |at| format!("\"@p{at}/*\": [\"./m{at}/*\"],\n"))
            ),
        );
        tree.file(
            "page/paths.ts",
            lines(n, |at| format!("import {{ a as a{at} }} from \"@p{at}/a\";\nfetch(a{at});\n")),
        );
    }),
    Hostile::new("functions around functions around a request", |tree| {
        page(tree);
        let n = tree.count(10, 80);
        let calls = |layer: usize| match layer {
            0 => "fetch(p);".to_owned(),
            _ => lines(n, |other| format!("c{}_{other}(`/${{p}}`);", layer - 1)),
        };
        let layers = (0..12).flat_map(|layer| (0..n).map(move |at| (layer, at)));
        let layers: String = layers
            .map(|(layer, at)| format!("const c{layer}_{at} = (p) => {{ {} }};\n", calls(layer)))
            .collect();
        tree.file("page/layers.ts", format!("{layers}c11_0(\"x\");\n"));
        let wide = tree.count(300, 20_000);
        tree.file(
            "page/wide.ts",
            lines(wide, |at| format!("const w{at} = (p) => fetch(p); w{at}(\"/x\");\n")),
        );
        let loaded = lines(wide, |at| {
            format!(
                "import(`./m${{x}}{at}`).then(m => fetch(m.u)); const l{at} = lazy(() => import(\"./m{at}\"));\n"
            )
        });
        tree.file("page/loaded.ts", loaded);
    }),
    Hostile::new("clients with many defaults", |tree| {
        page(tree);
        let given = lines(tree.count(300, 10_000), |at| {
            format!(
                "a.defaults.baseURL = \"/c{at}\"; a.get(\"/x{at}\"); axios.defaults.baseURL = \"/q{at}\"; axios.post(\"/y{at}\");\n"
            )
        });
        tree.file(
            "page/clients.ts",
            format!("import axios from \"axios\"; const a = axios.create({{ baseURL: \"/b\" }});\n{given}"),
        );
    }),
    Hostile::new("objects with many members", |tree| {
        page(tree);
        let n = tree.count(500, 20_000);
        let members = lines(n, |at| format!("u{at}: \"/p{at}\",\n"));
        let used = lines(n, |at| format!("fetch(t.u{at});\n"));
        tree.file("page/table.ts", format!("const t = {{\n{members}}};\n{used}"));
        let own = lines(n, |at| format!("u{}: t.u{at} + \"/p\",\n", at + 1));
        tree.file("page/own.ts", format!("const t = {{ u0: \"/\",\n{own}}};\nfetch(t.u{n});\n"));
        tree.file(
            "page/written.ts",
            format!("const t = {{}};\n{}{used}", lines(n, |at| format!("t.u{at} = \"/p\";\n"))),
        );
    }),
    Hostile::new("texts in which much is replaced", |tree| {
        page(tree);
        let long = "a/".repeat(tree.count(2_000, 100_000));
        tree.file("page/long.ts", format!("const long = \"{long}\";\nfetch(long.replaceAll(\"a\", \"bc\"));\nfetch(long.split(\"/\")[3]);\n"));
        let tested = lines(tree.count(200, 5_000), |at| {
            format!("if (/^(a|b){{1,200}}{at}$/.test(u)) {{ fetch(u + \"/{at}\"); }}\n")
        });
        tree.file("page/patterns.ts", format!("const u = \"/abababab\";\n{tested}"));
    }),
];

/// A page and an API behind it that a load balancer tells apart by their paths.
fn page(tree: &Tree) {
    shop(tree, &rule(0, &["/orders/*".to_owned()]));
    tree.file("page/orders.ts", "export const orders = () => fetch(\"/orders\");\n");
    tree.file("api/main.py", format!("{FASTAPI}@app.get(\"/orders\")\ndef f(): pass\n"));
}
