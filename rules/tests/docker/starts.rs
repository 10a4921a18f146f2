//! Builds that stop before they have done anything: what they name is not there, or not sent.

use indoc::indoc;
use policy_core::finding::Severity;

use super::{IGNORED, check, found};

#[test]
fn only_named_sources_of_the_context_can_be_kept_out() {
    let dockerfile = "FROM alpine:3.20 AS build\nFROM alpine:3.20\nCOPY --from=build /dist /dist\nADD https://x.example/dist /x\n\
                      COPY dist* /y\nCOPY <<dist /z\ntext\ndist\n";
    assert!(found(&[("Dockerfile", dockerfile), (".dockerignore", "dist\n")], IGNORED).is_empty());
    let dockerfile = "FROM alpine:3.20\nARG FROM=dist\nCOPY --chown=1:1 a ${FROM}/x /y/\n";
    assert_eq!(found(&[("Dockerfile", dockerfile), (".dockerignore", "dist\n"), ("a", "")], IGNORED), ["."]);
    assert!(
        found(&[("Dockerfile", dockerfile), (".dockerignore", "dist\n!dist/x\n"), ("a", "")], IGNORED)
            .is_empty()
    );
}

#[test]
fn wildcards_need_the_folder_that_they_are_looked_for_in() {
    let copies = |source: &str, ignore: &str| {
        let dockerfile = format!("FROM alpine:3.22\nCOPY {source} /x/\n");
        found(&[("Dockerfile", &dockerfile), (".dockerignore", ignore)], IGNORED)
    };
    assert_eq!(copies("build/libs/*.jar", "build\n"), ["."]);
    assert_eq!(copies("build/li*/a.jar", "**/build\n"), ["."]);
    // An exception lets something in, or the folder itself stays.
    assert!(copies("build/libs/*.jar", "build\n!build/libs/*.jar\n").is_empty());
    assert!(copies("build/libs/*.jar", "build/libs/*\n").is_empty());
    assert!(copies("build/libs/*.jar", "*.jar\n").is_empty());
    assert!(copies("bui*", "build\n").is_empty());
    assert!(copies("--parents build/libs/*.jar", "build\n").is_empty());
    assert_eq!(copies("--parents build/libs/a.jar", "build\n"), ["."]);
}

#[test]
fn a_build_that_names_what_is_not_there_cannot_start() {
    let rule = "docker/missing-dockerfile";
    let compose = "services:\n  a:\n    build: {context: lib, target: x}\n";
    let modules = "[submodule \"lib\"]\n\tpath = lib\n\turl = https://x.example/lib.git\n";
    assert_eq!(found(&[("compose.yaml", compose)], rule), ["lib"]);
    assert!(found(&[("compose.yaml", compose), (".gitmodules", modules)], rule).is_empty());
    assert_eq!(found(&[("compose.yaml", compose), ("lib/Dockerfile", "FROM a:1 AS y\n")], rule), ["lib"]);
    assert!(found(&[("compose.yaml", compose), ("lib/Dockerfile", "FROM a:1 AS X\n")], rule).is_empty());
    let compose = "services:\n  a: {build: web}\n";
    assert!(found(&[("compose.yaml", compose), ("web/dockerfile", "FROM a:1\n")], rule).is_empty());
    // Paths that count from a folder above are those of `--project-directory`.
    assert!(found(&[("deploy/compose.yaml", compose), ("web/Dockerfile", "FROM a:1\n")], rule).is_empty());
    assert_eq!(found(&[("deploy/compose.yaml", compose)], rule), ["deploy/web"]);
    assert_eq!(found(&[("deploy/compose.yaml", compose), ("web/a.js", "")], rule), ["deploy/web"]);
}

#[test]
fn what_is_made_before_a_build_is_not_missing() {
    let rule = "docker/missing-dockerfile";
    let compose = ("compose.yaml", "services:\n  a:\n    build: ./vendor/run\n");
    assert_eq!(found(&[compose], rule), ["vendor/run"]);
    assert!(found(&[compose, (".gitignore", "/vendor\n")], rule).is_empty());
    assert_eq!(found(&[compose, (".gitignore", "/vendor\n!/vendor/\n")], rule), ["vendor/run"]);
    let job = |before: &str| {
        format!(
            "on: push\njobs:\n  a:\n    steps:\n      - run: {before}\n      - run: docker build -t w -f a/Made .\n"
        )
    };
    let at = ".github/workflows/a.yml";
    assert_eq!(found(&[(at, &job("docker info"))], rule), ["."]);
    for before in [
        "cat Dockerfile > a/Made",
        "cp docker/Made a/",
        "git clone https://x.example/a",
        "git clone https://x.example/docker.git a",
        "tar -xf docker.tar -C a",
    ] {
        assert!(found(&[(at, &job(before))], rule).is_empty(), "{before}");
    }
}

#[test]
fn a_build_that_is_only_started_where_its_files_are_is_not_broken() {
    let rule = "docker/missing-dockerfile";
    let step = |condition: &str| {
        let looks = "      - id: look\n        run: |\n          [ -f web/Dockerfile ] && echo there=true >> $GITHUB_OUTPUT\n";
        let changed = "      - id: changed\n        uses: dorny/paths-filter@v3\n";
        let build = format!(
            "      - if: {condition}\n        uses: docker/build-push-action@v6\n        with: {{context: web}}\n"
        );
        found(
            &[(
                ".github/workflows/a.yml",
                &format!("on: push\njobs:\n  a:\n    steps:\n{looks}{changed}{build}"),
            )],
            rule,
        )
    };
    assert_eq!(step("always()"), ["web"]);
    assert_eq!(step("steps.changed.outputs.web == 'true'"), ["web"]);
    assert!(step("steps.look.outputs.there == 'true'").is_empty());
    assert!(step("hashFiles('web/Dockerfile') != ''").is_empty());
    let script = |text: &str| {
        let run = text.replace('\n', "\n          ");
        let job = format!("on: push\njobs:\n  a:\n    steps:\n      - run: |\n          {run}\n");
        found(&[(".github/workflows/a.yml", &job)], rule)
    };
    assert_eq!(script("docker build web\n"), ["web"]);
    assert!(script("if [ -f web/Dockerfile ]; then docker build web; fi\n").is_empty());
    assert!(script("[ -f web/Dockerfile ] || exit 0\ndocker build web\n").is_empty());
    assert_eq!(script("[ -f web/Dockerfile ] || exit 1\ndocker build web\n"), ["web"]);
}

#[test]
fn what_a_job_downloads_is_not_missing() {
    let rule = "docker/missing-dockerfile";
    let job = |before: &str| {
        let build = "      - uses: docker/build-push-action@v6\n        with: {context: out}\n";
        let steps = format!("      - uses: actions/checkout@v4\n{before}{build}");
        found(&[(".github/workflows/a.yml", &format!("on: push\njobs:\n  a:\n    steps:\n{steps}"))], rule)
    };
    assert_eq!(job(""), ["out"]);
    assert_eq!(job("      - uses: codecov/codecov-action@v5\n      - run: npm ci\n"), ["out"]);
    assert_eq!(job("      - uses: actions/upload-artifact@v4\n        with: {path: x}\n"), ["out"]);
    for before in [
        "      - uses: actions/download-artifact@v4\n        with: {name: out, path: out}\n",
        "      - uses: dawidd6/action-download-artifact@v6\n",
        "      - run: |\n          cd x\n          gh run download $RUN\n",
    ] {
        assert!(job(before).is_empty(), "{before}");
    }
}

#[test]
fn what_an_earlier_job_hands_over_is_not_missing() {
    let rule = "docker/missing-dockerfile";
    let pipeline = |made: &str| {
        let text =
            format!("make:\n  script: [./render]\n{made}build:\n  script: [docker build -f out/Made .]\n");
        found(&[(".gitlab-ci.yml", &text)], rule)
    };
    assert_eq!(pipeline(""), ["."]);
    assert_eq!(pipeline("  artifacts: {paths: [logs]}\n"), ["."]);
    assert!(pipeline("  artifacts: {paths: [out]}\n").is_empty());
    assert!(pipeline("  artifacts: {paths: ['**/Made']}\n").is_empty());
}

#[test]
fn what_is_missing_is_shown_where_it_is_named() {
    let line = |files: &[(&str, &str)]| {
        let report = check(files);
        let found: Vec<_> =
            report.diagnostics.iter().filter(|found| found.rule == "docker/missing-dockerfile").collect();
        assert_eq!(found.len(), 1);
        let at = found[0].finding.primary.span;
        report.files[&at.file].text.slice(at.range()).to_owned()
    };
    let dockerfile = ("web/Dockerfile", "FROM a:1 AS b\n");
    let compose = "services:\n  web:\n    build:\n      context: web\n      dockerfile: X\n      target: z\n";
    assert_eq!(line(&[("compose.yaml", compose), ("web/x", "")]), "X");
    let compose = compose.replace('X', "Dockerfile");
    let compose = compose.as_str();
    assert_eq!(line(&[("compose.yaml", compose), dockerfile]), "z");
    let script = "docker build \\\n  -t web:1 \\\n  --target z \\\n  web\n";
    assert_eq!(line(&[("build.sh", script), dockerfile]), "z");
}

#[test]
fn the_check_of_an_image_that_all_its_services_replace_is_a_note() {
    let rule = "docker/missing-health-check-tool";
    let dockerfile =
        "FROM python:3.12-slim\nHEALTHCHECK CMD curl -f http://localhost/\nCMD [\"python\", \"m.py\"]\n";
    let severities = |compose: &str| -> Vec<Severity> {
        let report = check(&[("compose.yaml", compose), ("Dockerfile", dockerfile)]);
        let found = report.diagnostics.iter().filter(|found| found.rule == rule);
        found.map(|found| found.severity).collect()
    };
    let own = "{build: ., healthcheck: {test: [CMD, python, -c, pass]}}";
    assert_eq!(severities("services: {a: {build: .}}\n"), [Severity::Warning]);
    assert_eq!(severities(&format!("services: {{a: {{build: .}}, b: {own}}}\n")), [Severity::Warning]);
    assert_eq!(severities("services: {a: {build: ., healthcheck: {interval: 5s}}}\n"), [Severity::Warning]);
    assert_eq!(severities(&format!("services: {{a: {own}, b: {own}}}\n")), [Severity::Note]);
    assert_eq!(severities("services: {a: {build: ., healthcheck: {disable: true}}}\n"), [Severity::Note]);
}

#[test]
fn one_missing_folder_is_one_fault() {
    let rule = "docker/missing-dockerfile";
    let compose =
        "x-app: &app {build: ./app}\nservices:\n  a: {<<: *app}\n  b: {<<: *app}\n  c: {build: ./app}\n";
    assert_eq!(found(&[("compose.yaml", compose)], rule), ["app"]);
}

#[test]
fn what_one_line_asks_for_in_vain_is_one_fault() {
    let workflow = indoc! {"
        on: push
        jobs:
          a:
            strategy: {matrix: {service: [a, b, c, web]}}
            steps:
              - uses: docker/build-push-action@v6
                with: {context: 'services/${{ matrix.service }}'}
    "};
    let files = [
        (".github/workflows/a.yml", workflow),
        ("services/web/Dockerfile", "FROM a:1\n"),
        ("services/c/a.js", ""),
        ("compose.yaml", "services: {b: {build: ./services/b}}\n"),
    ];
    let report = check(&files);
    let found: Vec<_> =
        report.diagnostics.iter().filter(|found| found.rule == "docker/missing-dockerfile").collect();
    let messages: Vec<_> = found.iter().map(|found| found.finding.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[1].ends_with("builds from the folders `services/a` and `services/b`, which do not exist")
    );
    assert!(messages[0].ends_with("builds from `services/c/Dockerfile`, which does not exist"));
    let asked = found[1].finding.related.iter().filter(|label| label.text.contains("`b`")).count();
    assert_eq!(asked, 1, "{:?}", found[1].finding.related);
}

#[test]
fn a_compose_file_that_is_laid_over_one_above_counts_from_there() {
    let rule = "docker/missing-dockerfile";
    let (base, image) =
        (("compose.yml", "services: {app: {image: 'app:1'}}\n"), ("Dockerfile", "FROM node:22\n"));
    let build = "services: {app: {build: {context: ., dockerfile: Dockerfile}}}\n";
    let (over, alone) = (("api/compose.local.yml", build), ("api/compose.yml", build));
    assert!(found(&[base, image, over], rule).is_empty());
    assert_eq!(found(&[base, image, alone], rule), ["api"]);
    assert_eq!(found(&[image, over], rule), ["api"]);
}
