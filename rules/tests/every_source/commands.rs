//! Every command of the table: its script is read, and does what its row says.

use policy_core::commands::{Example, Shows, examples};

use super::contexts::assert_sends_web;
use super::{all_found, found};

#[test]
fn every_command_by_every_name() {
    for Example { script, beside, shows } in examples() {
        let (latest, push, missing) = ("image/latest-tag", "image/push-latest", "docker/missing-dockerfile");
        match shows {
            Shows::Deploys => assert_tag_is_found(&script, beside, latest),
            Shows::Pushes => assert_tag_is_found(&script, beside, push),
            Shows::Builds => assert_sends_web(&script, "deploy.sh", &script),
            Shows::Settles => {
                assert_eq!(found(&with_script(None, beside, "latest"), latest).len(), 1, "{script}");
                assert_eq!(found(&with_script(Some(&script), beside, "latest"), latest), [""; 0], "{script}");
            }
            Shows::Calls => {
                let terraform = |name: &str| {
                    format!(
                        "resource \"aws_ecs_cluster\" \"c\" {{\n  name = \"main\"\n}}\n\
                         resource \"aws_ecs_service\" \"s\" {{\n  name = \"{name}\"\n}}\n\
                         resource \"aws_ecs_task_definition\" \"t\" {{\n  family = \"{name}\"\n}}\n"
                    )
                };
                // Another name shows that the script is about this infrastructure.
                let asks = "aws ecs describe-services --cluster main";
                let (rule, line) = ("pipeline/unknown-target", format!("{script}\n{asks}\n"));
                let unknown = [("deploy.sh", line.clone()), ("main.tf", terraform("shop"))];
                assert_eq!(found(&unknown, rule), ["deploy.sh:1"], "{script}");
                assert_eq!(
                    found(&[("deploy.sh", line), ("main.tf", terraform("web"))], rule),
                    [""; 0],
                    "{script}"
                );
            }
            Shows::Creates => {
                let terraform = "resource \"aws_ecs_cluster\" \"c\" {\n  name = \"main\"\n}\n\
                    resource \"aws_ecs_service\" \"s\" {\n  name = \"shop\"\n}\n\
                    resource \"aws_ecr_repository\" \"r\" {\n  name = \"shop\"\n}\n";
                let used = "aws ecs update-service --cluster main --service web\n\
                    aws ecs update-service --cluster web --service shop\n\
                    docker push 1.dkr.ecr.us-east-1.amazonaws.com/web:1\n";
                let (rule, infrastructure) = ("pipeline/unknown-target", ("main.tf", terraform));
                let all = found(&[("deploy.sh", used), infrastructure], rule);
                assert_eq!(all, ["deploy.sh:1", "deploy.sh:2", "deploy.sh:3"]);
                let left = found(&[("deploy.sh", used), infrastructure, ("create.sh", &*script)], rule);
                assert_eq!(left.len(), 2, "{script}");
            }
            Shows::Watches => {
                let step = |script: &str| format!("      - run: {script}\n");
                let starts = "jobs:\n  a:\n    steps:\n".to_owned()
                    + &step("aws ecs update-service --cluster main --service web --force-new-deployment");
                let (path, rule) = (".github/workflows/deploy.yml", "pipeline/no-stability-wait");
                assert_eq!(found(&[(path, starts.clone())], rule), [format!("{path}:4")]);
                assert_eq!(found(&[(path, starts + &step(&script))], rule), [""; 0], "{script}");
            }
            Shows::StaysHere => {
                let set = "kubectl set image deployment/web web=r.io/team/web:latest\n";
                let here = format!("{script}\n{set}");
                assert_eq!(found(&[("deploy.sh", set)], latest), ["deploy.sh:1"]);
                assert_eq!(found(&[("deploy.sh", &here)], latest), [""; 0], "{script}");
            }
            Shows::Makes => {
                let compose = ("compose.yaml", "services:\n  web:\n    build: dist\n");
                // What a script makes matters where it is read for something else.
                let made = format!("docker info\n{script}\n");
                assert_eq!(found(&[compose, ("build.sh", "docker info\n")], missing), ["compose.yaml:3"]);
                assert_eq!(found(&[compose, ("build.sh", &made)], missing), [""; 0], "{script}");
            }
        }
    }
}

/// The script of an example and the files beside it.
fn with_script(
    script: Option<&str>,
    beside: &[(&'static str, &str)],
    tag: &str,
) -> Vec<(&'static str, String)> {
    let scripts = script.map(|script| ("deploy.sh", script));
    let files = scripts.into_iter().chain(beside.iter().copied());
    files.map(|(path, text)| (path, text.replace("TAG", tag) + "\n")).collect()
}

/// Asserts that the rule finds `latest` in the place of `TAG` where that is written, that no rule finds anything else, and
/// that none finds a version.
#[track_caller]
fn assert_tag_is_found(script: &str, beside: &[(&'static str, &str)], rule: &str) {
    let place = std::iter::once(&("deploy.sh", script)).chain(beside).find_map(|(path, text)| {
        let before = text.split_once("TAG")?.0;
        Some(format!("{rule} {path}:{}", before.matches('\n').count() + 1))
    });
    let with = |tag: &str| all_found(&with_script(Some(script), beside, tag));
    assert_eq!(with("latest"), [place.unwrap()], "{script}");
    assert_eq!(with("1.4.2"), [""; 0], "{script}");
}
