//! Aliases of YAML, which multiply.

use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("aliases that multiply", |tree| {
        for name in [
            "compose.yaml",
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            "values.yaml",
            "k8s/deployment.yaml",
            "template.yaml",
            "playbook.yml",
            "buildspec.yml",
            ".circleci/config.yml",
            "azure-pipelines.yml",
            "skaffold.yaml",
        ] {
            tree.file(name, multiplied(tree.count(7, 12)));
        }
    }),
    Hostile::new("merges that multiply", |tree| {
        let mut text = String::from("x-a0: &a0 {image: nginx}\n");
        for at in 1..tree.count(20, 200) {
            text += &format!("x-a{at}: &a{at}\n  <<: [*a{0}, *a{0}, *a{0}]\n  b{at}: *a{0}\n", at - 1);
        }
        tree.file("compose.yaml", text + "services:\n  web: *a1\n");
    }),
    Hostile::new("aliases that go round", |tree| {
        tree.file("compose.yaml", "x-a: &a\n  b: *a\nservices: &s\n  web:\n    <<: *s\n    image: *gone\n");
    }),
    Hostile::new("services that extend one another", |tree| {
        let services: String =
            (0..tree.count(50, 2_000)).map(|at| format!("  s{at}:\n    extends: s{}\n", at + 1)).collect();
        tree.file(
            "compose.yaml",
            format!("services:\n{services}  s{0}:\n    extends: s0\n", tree.count(50, 2_000)),
        );
    }),
];

/// A thousand bytes that stand for more than there is room for.
fn multiplied(levels: usize) -> String {
    let mut text = String::from("x-a0: &a0 [{run: a, image: b, script: c}]\n");
    for at in 1..levels {
        let below = vec![format!("*a{}", at - 1); 10].join(", ");
        text += &format!("x-a{at}: &a{at} [{below}]\n");
    }
    let last = levels - 1;
    text + &format!(
        "services: {{web: {{image: *a{last}, command: *a{last}}}}}\njobs: {{a: {{steps: *a{last}, needs: *a{last}}}}}\nscript: *a{last}\n\
         spec: {{containers: *a{last}}}\nkind: Deployment\nResources: {{a: *a{last}}}\nstages: *a{last}\nbuild: {{artifacts: *a{last}}}\n"
    )
}
