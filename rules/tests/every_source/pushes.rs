//! Every kind of place that pushes an image.

use indoc::indoc;

use super::{all_found, assert_each};

#[test]
fn every_place_that_pushes_an_image() {
    let workflow = |steps: &str| format!("jobs:\n  push:\n    steps:\n{steps}");
    let action = workflow(
        "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: acme/web:TAG\n",
    );
    let metadata = indoc! {"
        jobs:
          push:
            steps:
              - id: meta
                uses: docker/metadata-action@v5
                with:
                  images: acme/web
                  tags: type=raw,value=TAG
              - uses: docker/build-push-action@v6
                with:
                  push: true
                  tags: ${{ steps.meta.outputs.tags }}
    "};
    let environment = format!(
        "env:\n  WEB_TAG: TAG\n{}",
        workflow("      - run: docker push acme/web:${{ env.WEB_TAG }}\n")
    );
    let matrix = indoc! {"
        jobs:
          push:
            strategy:
              matrix:
                tag: [TAG]
            steps:
              - run: docker push acme/web:${{ matrix.tag }}
    "};
    let input = indoc! {"
        on:
          workflow_dispatch:
            inputs:
              tag:
                default: TAG
        jobs:
          push:
            steps:
              - run: docker push acme/web:${{ inputs.tag }}
    "};
    assert_each(
        &[
            ("build-push-action", &[(".github/workflows/p.yml", &action)], ".github/workflows/p.yml:7"),
            ("metadata-action", &[(".github/workflows/p.yml", metadata)], ".github/workflows/p.yml:8"),
            ("env of a workflow", &[(".github/workflows/p.yml", &environment)], ".github/workflows/p.yml:2"),
            ("matrix", &[(".github/workflows/p.yml", matrix)], ".github/workflows/p.yml:5"),
            ("inputs", &[(".github/workflows/p.yml", input)], ".github/workflows/p.yml:5"),
            (
                "GitLab",
                &[(".gitlab-ci.yml", "push:\n  script:\n    - docker push acme/web:TAG\n")],
                ".gitlab-ci.yml:3",
            ),
            (
                "CircleCI",
                &[(
                    ".circleci/config.yml",
                    indoc! {"
                        version: 2.1
                        jobs:
                          push:
                            docker:
                              - image: cimg/base:2024.01
                            steps:
                              - run: docker push acme/web:TAG
                    "},
                )],
                ".circleci/config.yml:7",
            ),
            (
                "Jenkins",
                &[(
                    "Jenkinsfile",
                    "pipeline {\n  stages {\n    stage('push') {\n      steps {\n        sh 'docker push acme/web:TAG'\n      }\n    }\n  }\n}\n",
                )],
                "Jenkinsfile:5",
            ),
            ("a script", &[("push.sh", "docker push acme/web:TAG\n")], "push.sh:1"),
            ("a default of a script", &[("push.sh", "docker push acme/web:${1:-TAG}\n")], "push.sh:1"),
            (
                "a script without an extension",
                &[("bin/push", "#!/usr/bin/env bash\ndocker push acme/web:TAG\n")],
                "bin/push:2",
            ),
            (
                "a function that runs its arguments",
                &[("push.sh", "again() { shift; \"$@\"; }\nagain 3 docker push acme/web:TAG\n")],
                "push.sh:2",
            ),
            (
                "a Makefile",
                &[("Makefile", "WEB_TAG ?= TAG\npush:\n\tdocker push acme/web:$(WEB_TAG)\n")],
                "Makefile:1",
            ),
            ("a justfile", &[("justfile", "push:\n    docker push acme/web:TAG\n")], "justfile:2"),
            (
                "a script of a package",
                &[("package.json", "{\"scripts\": {\n\"push\": \"docker push acme/web:TAG\"}}")],
                "package.json:2",
            ),
            (
                "a bake file",
                &[
                    ("docker-bake.hcl", "target \"web\" {\n  tags = [\"acme/web:TAG\"]\n}\n"),
                    ("push.sh", "docker buildx bake --push\n"),
                ],
                "docker-bake.hcl:2",
            ),
        ],
        "image/push-latest",
    );
}

#[test]
fn a_file_without_an_extension_is_a_script_by_its_first_line() {
    for text in [
        "docker push acme/web:latest\n",
        "#!/usr/bin/env python3\n# docker push acme/web:latest\n",
        "#!/usr/bin/fish\ndocker push acme/web:latest\n",
        "\u{7f}ELF\u{0}docker push acme/web:latest\n",
    ] {
        assert_eq!(all_found(&[("bin/push", text)]), [""; 0], "{text}");
    }
    assert_eq!(all_found(&[("NOTES", "#!/bin/sh\ndocker push acme/web:latest\n")]), [""; 0]);
}
