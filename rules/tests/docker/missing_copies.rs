//! Sources that a context cannot have, and all that may explain one that is not there.

use super::found;

const RULE: &str = "docker/copy-of-missing-path";
const COMPOSE: (&str, &str) =
    ("compose.yaml", "services: {web: {build: {context: ., dockerfile: ops/Dockerfile}}}\n");
const DOCKERFILE: (&str, &str) =
    ("ops/Dockerfile", "FROM nginx:1.27-alpine\nCOPY site.conf /etc/nginx/conf.d/\nCOPY public /srv\n");
const SITE: (&str, &str) = ("ops/site.conf", "server {}\n");
const PAGE: (&str, &str) = ("public/index.html", "");

/// What is found of a compose file that builds from the root, with these files more.
fn with(more: &[(&'static str, &'static str)]) -> Vec<String> {
    found(&[&[COMPOSE, DOCKERFILE, SITE, PAGE], more].concat(), RULE)
}

/// What is found of a job that has these steps, and a Dockerfile that copies `dist`.
fn in_job(steps: &str, more: &[(&str, &str)]) -> Vec<String> {
    let workflow = format!("on: push\njobs:\n  image:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}");
    let dockerfile = ("Dockerfile", "FROM nginx:1.27-alpine\nCOPY dist /usr/share/nginx/html\n");
    found(&[&[(".github/workflows/image.yml", workflow.as_str()), dockerfile], more].concat(), RULE)
}

const CHECKOUT: &str = "      - uses: actions/checkout@v4\n";
const BUILD: &str = "      - uses: docker/build-push-action@v6\n        with: {context: ., push: true, tags: 'r.example/web:1'}\n";
const BUILD_OF_COMMIT: &str =
    "      - uses: docker/build-push-action@v6\n        with: {push: true, tags: 'r.example/web:1'}\n";

#[test]
fn a_file_of_another_folder_is_not_in_the_context() {
    assert_eq!(with(&[]), ["."]);
    // Nothing asks for the build, or with a folder that has it.
    assert!(found(&[DOCKERFILE, SITE, PAGE], RULE).is_empty());
    let own = ("compose.yaml", "services: {web: {build: ops}}\n");
    assert!(found(&[own, DOCKERFILE, SITE, ("ops/public/index.html", "")], RULE).is_empty());
    // It is nowhere, and nobody is told to bring it.
    assert_eq!(found(&[COMPOSE, DOCKERFILE, PAGE], RULE), ["."]);
    let told = ("README.md", "Put your `site.conf` beside the compose file.\n");
    assert!(found(&[COMPOSE, DOCKERFILE, PAGE, told], RULE).is_empty());
    let (one, other) = (("a/site.conf", ""), ("b/site.conf", ""));
    assert!(found(&[COMPOSE, DOCKERFILE, PAGE, one, other], RULE).is_empty());
}

#[test]
fn what_one_wrong_context_lacks_is_one_finding() {
    let compose = ("compose.yaml", "services: {web: {build: ./apps/web}}\n");
    let dockerfile = (
        "apps/web/Dockerfile",
        "FROM nginx:1.27-alpine AS a\nCOPY apps/web/site.conf base.conf /x/\nFROM a\nCOPY base.conf /y/\nCOPY extra.conf /z/\n",
    );
    let files = [("apps/web/site.conf", ""), ("base.conf", "")];
    let all = [&[compose, dockerfile, ("extra.conf", ""), ("apps/web/extra.conf", "")], &files[..]].concat();
    assert_eq!(found(&all, RULE), ["apps/web"]);
    // Where no folder has all of them, each is mended by itself.
    let apart = [&[compose, dockerfile, ("apps/web/extra.conf", "")], &files[..]].concat();
    assert_eq!(found(&apart, RULE), ["apps/web", "apps/web"]);
}

#[test]
fn a_context_in_which_nothing_lies_is_the_wrong_one() {
    let pipeline = (".gitlab-ci.yml", "build:\n  script:\n    - docker build -f ops/Dockerfile -t web:1 .\n");
    let script = ("build.sh", "docker build -f ops/Dockerfile -t web:1 .\n");
    let page = ("ops/public/index.html", "");
    assert_eq!(found(&[pipeline, DOCKERFILE, SITE, page], RULE), ["."]);
    // A script can be started anywhere.
    assert!(found(&[script, DOCKERFILE, SITE, page], RULE).is_empty());
    assert_eq!(found(&[script, DOCKERFILE, SITE, PAGE], RULE), ["."]);
    // What lies in no folder that is thought of is brought from elsewhere.
    assert!(found(&[pipeline, DOCKERFILE, SITE], RULE).is_empty());
}

#[test]
fn a_dockerfile_that_is_written_for_a_folder_above_shows_the_wrong_context() {
    let compose = ("compose.yaml", "services: {web: {build: apps/web}}\n");
    let dockerfile = ("apps/web/Dockerfile", "FROM nginx:1.27-alpine\nCOPY apps/web/site.conf pages /x/\n");
    let site = ("apps/web/site.conf", "");
    assert_eq!(found(&[compose, dockerfile, site, ("pages/a.html", "")], RULE), ["apps/web"]);
    let from_root =
        ("compose.yaml", "services: {web: {build: {context: ., dockerfile: apps/web/Dockerfile}}}\n");
    assert!(found(&[from_root, dockerfile, site, ("pages/a.html", "")], RULE).is_empty());
    let script = ("build.sh", "cp -r ../../pages pages\ndocker build .\n");
    assert!(found(&[dockerfile, site, ("pages/a.html", ""), script], RULE).is_empty());
}

#[test]
fn what_something_may_make_is_not_missing() {
    for more in [
        ("build.sh", "cp ops/site.conf .\n"),
        ("Makefile", "web:\n\tcp ops/* .\n"),
        ("tools/render.py", "Path('site.conf').write_text(text)\n"),
        (".gitignore", "/site.conf\n"),
        (".dockerignore", "site.conf\n"),
        (".gitmodules", "[submodule \"x\"]\n\tpath = site.conf\n"),
        (".git/info/sparse-checkout", "/*\n"),
        ("site.conf", ""),
        ("site.conf/part", ""),
    ] {
        assert!(with(&[more]).is_empty(), "{more:?}");
    }
    // What only uses it does not make it.
    assert_eq!(with(&[("test.sh", "nginx -t -c site.conf\n"), ("README.md", "cp ops/site.conf .\n")]), ["."]);
}

#[test]
fn only_what_is_written_out_and_needed_can_be_missing() {
    for copy in [
        "COPY *.conf /x/",
        "COPY site.con[f] /x/",
        "ARG NAME=site.conf\nCOPY $NAME /x/",
        "COPY --from=tools site.conf /x/",
        "COPY <<site.conf /x/\ntext\nsite.conf",
        "ADD https://example.com/site.conf /x/",
        "ONBUILD COPY site.conf /x/",
    ] {
        let dockerfile =
            format!("FROM alpine:3.22 AS tools\nFROM nginx:1.27-alpine\n{copy}\nCOPY public /srv\n");
        assert!(found(&[COMPOSE, ("ops/Dockerfile", &dockerfile), SITE, PAGE], RULE).is_empty(), "{copy}");
    }
    let other_stage = "FROM alpine:3.22 AS a\nCOPY site.conf /x/\nFROM alpine:3.22\nCOPY public /srv\n";
    assert!(found(&[COMPOSE, ("ops/Dockerfile", other_stage), SITE, PAGE], RULE).is_empty());
    let outputs = "FROM nginx:1.27-alpine\nCOPY dist /x/\nCOPY yarn.lock .env /y/\nCOPY public /srv\n";
    let files = [
        COMPOSE,
        ("ops/Dockerfile", outputs),
        PAGE,
        ("a/dist/x.js", ""),
        ("a/yarn.lock", ""),
        ("a/.env", ""),
    ];
    assert!(found(&files, RULE).is_empty());
}

#[test]
fn a_job_that_only_checks_out_builds_what_is_in_the_repository() {
    let login = "      - uses: docker/login-action@v3\n      - run: echo \"tag=${{ github.sha }}\" >> \"$GITHUB_OUTPUT\"\n";
    assert_eq!(in_job(&format!("{CHECKOUT}{login}{BUILD}"), &[]), ["."]);
    assert_eq!(in_job(&format!("{CHECKOUT}      - run: docker build -t r.example/web:1 .\n"), &[]), ["."]);
    assert_eq!(in_job(&format!("{CHECKOUT}{BUILD}"), &[(".gitignore", "dist\n")]), ["."]);
    for before in [
        "      - run: npm ci && npm run build\n",
        "      - run: make\n",
        "      - run: echo x > dist\n",
        "      - run: aws s3 cp s3://x/dist dist\n",
        "      - run: docker run -v .:/x build\n",
        "      - uses: actions/download-artifact@v4\n        with: {name: dist, path: dist}\n",
        "      - uses: actions/cache@v4\n        with: {key: x, path: dist}\n",
        "      - uses: ./.github/actions/prepare\n",
        "      - shell: pwsh\n        run: echo x\n",
    ] {
        assert!(in_job(&format!("{CHECKOUT}{before}{BUILD}"), &[]).is_empty(), "{before}");
    }
    let own_commit = "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.sha }}\n";
    assert_eq!(in_job(&format!("{own_commit}{BUILD}"), &[]).len(), 1);
    for checkout in [
        "",
        "      - uses: actions/checkout@v4\n        with: {repository: team/web}\n",
        "      - uses: actions/checkout@v4\n        with: {ref: gh-pages}\n",
    ] {
        assert!(in_job(&format!("{checkout}{BUILD}"), &[]).is_empty(), "{checkout}");
    }
    assert!(
        in_job(&format!("{CHECKOUT}      - run: ./prepare.sh && docker build -t r.example/web:1 .\n"), &[])
            .is_empty()
    );
    assert!(in_job(&format!("{CHECKOUT}{BUILD}"), &[("dist/index.html", "")]).is_empty());
}

#[test]
fn a_build_of_the_commit_lacks_what_steps_made() {
    let made = "      - run: npm ci && npm run build\n";
    assert_eq!(in_job(&format!("{CHECKOUT}{made}{BUILD_OF_COMMIT}"), &[]), ["."]);
    assert_eq!(in_job(BUILD_OF_COMMIT, &[]), ["."]);
    assert!(in_job(&format!("{CHECKOUT}{made}{BUILD_OF_COMMIT}"), &[("dist/index.html", "")]).is_empty());
    // The first version of the action took the folder, and who is called builds another repository.
    let first =
        "      - uses: docker/build-push-action@v1\n        with: {push: true, tags: 'r.example/web:1'}\n";
    assert!(in_job(&format!("{CHECKOUT}{made}{first}"), &[]).is_empty());
    let called = format!("on: [workflow_call]\njobs:\n  image:\n    steps:\n{CHECKOUT}{BUILD_OF_COMMIT}");
    let dockerfile = ("Dockerfile", "FROM nginx:1.27-alpine\nCOPY dist /srv\n");
    assert!(found(&[(".github/workflows/image.yml", &called), dockerfile], RULE).is_empty());
}

#[test]
fn what_jobs_of_a_pipeline_hand_over_is_not_missing() {
    let of = |at: &'static str, text: &str| {
        // One file lies elsewhere, the other one beside what is built.
        found(&[(at, text), DOCKERFILE, SITE, PAGE], RULE)
    };
    let build = "docker build -f ops/Dockerfile -t web:1 .";
    let gitlab = |made: &str, top: &str| {
        let text = format!("{top}make:\n  script: [./render]\n{made}build:\n  script:\n    - {build}\n");
        of(".gitlab-ci.yml", &text)
    };
    assert_eq!(gitlab("", ""), ["."]);
    assert_eq!(
        gitlab("  artifacts: {paths: [coverage/]}\n", "include: [{template: Jobs/SAST.gitlab-ci.yml}]\n"),
        ["."]
    );
    assert_eq!(gitlab("  artifacts: {reports: {junit: site.conf.xml}}\n", ""), ["."]);
    for made in ["{paths: [site.conf]}", "{paths: [\"*.conf\"]}", "{paths: [$OUT]}", "{untracked: true}"] {
        assert!(gitlab(&format!("  artifacts: {made}\n"), "").is_empty(), "{made}");
    }
    assert!(gitlab("", "include:\n  - project: team/ci\n    file: jobs.yml\n").is_empty());
    assert!(gitlab("", "include: 'https://example.com/jobs.yml'\n").is_empty());

    let circle = |before: &str, first: &str| {
        let text = format!(
            "version: 2.1\njobs:\n  make:\n    steps:\n      - checkout\n{first}  build:\n    steps:\n      - checkout\n{before}      - run: {build}\n"
        );
        of(".circleci/config.yml", &text)
    };
    let persist = "      - persist_to_workspace: {root: ., paths: [site.conf]}\n";
    assert_eq!(circle("      - attach_workspace: {at: .}\n", ""), ["."]);
    assert!(circle("      - attach_workspace: {at: .}\n", persist).is_empty());
    assert!(circle("      - attach_workspace: {at: /tmp/workspace}\n", "").is_empty());

    let azure = |before: &str| {
        of(
            "azure-pipelines.yml",
            &format!("jobs:\n  - job: build\n    steps:\n{before}      - script: {build}\n"),
        )
    };
    assert_eq!(azure(""), ["."]);
    assert_eq!(azure("      - task: PublishPipelineArtifact@1\n        inputs: {targetPath: ops}\n"), ["."]);
    for before in ["task: DownloadPipelineArtifact@2", "task: DownloadBuildArtifacts@1", "download: current"]
    {
        assert!(azure(&format!("      - {before}\n")).is_empty(), "{before}");
    }
    assert_eq!(azure("      - download: none\n"), ["."]);

    let jenkins = |before: &str| {
        of(
            "Jenkinsfile",
            &format!("stage('build') {{\n  steps {{\n    {before}\n    sh '{build}'\n  }}\n}}\n"),
        )
    };
    assert_eq!(jenkins("echo 'x'"), ["."]);
    assert_eq!(jenkins("stash includes: 'ops/*', name: 'x'"), ["."]);
    assert!(jenkins("unstash 'x'").is_empty());
    assert!(jenkins("copyArtifacts projectName: 'render'").is_empty());

    let bitbucket = |made: &str| {
        let text = format!(
            "pipelines:\n  default:\n    - step:\n        script: [./render]\n{made}    - step:\n        script:\n          - {build}\n"
        );
        of("bitbucket-pipelines.yml", &text)
    };
    assert_eq!(bitbucket(""), ["."]);
    assert!(bitbucket("        artifacts: [site.conf]\n").is_empty());
    assert!(bitbucket("        artifacts: {paths: ['**/*.conf']}\n").is_empty());
    assert_eq!(bitbucket("        artifacts: [coverage/**]\n"), ["."]);
}

#[test]
fn files_of_unknown_names_may_be_any() {
    let download = "      - uses: actions/download-artifact@v4\n";
    let site = |before: &str| {
        let text = format!(
            "on: push\njobs:\n  image:\n    steps:\n{CHECKOUT}{before}      - run: docker build -f ops/Dockerfile -t web:1 .\n"
        );
        found(&[(".github/workflows/image.yml", text.as_str()), DOCKERFILE, SITE, PAGE], RULE)
    };
    assert_eq!(site(""), ["."]);
    assert!(site(download).is_empty());
    assert_eq!(site(&format!("{download}        with: {{path: reports}}\n")), ["."]);
}
