//! What each word decides, and what it must not.

use super::*;

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

const QUESTIONS: [&Question; 23] = [
    &RUNS_FOR_DEVELOPMENT,
    &BUILT_FOR_DEVELOPMENT,
    &NO_SERVICE,
    &MADE_UP,
    &NOT_MEANT,
    &LOCAL_MODE,
    &PLAIN_DEVELOPMENT,
    &LOCAL,
    &MOCK,
    &PRODUCTION,
    &STAGE,
    &GENERATED,
    &DEPLOYS,
    &RENEWS,
    &TESTS,
    &EXAMPLES,
    &DEPENDENCIES,
    &OUTPUTS,
    &COMPILED,
    &OTHERS,
    &BESIDE_THE_PRODUCT,
    &GIVEN_TO_TESTS,
    &PUT_ASIDE,
];

#[test]
fn each_row_decides_its_own_word_and_none_that_holds_it() {
    for row in WORDS {
        let asked: Vec<&&Question> = QUESTIONS.iter().filter(|question| question.is_about(row)).collect();
        assert!(!asked.is_empty(), "nothing asks for `{}`", row.word);
        for question in asked {
            let together = row.word.replace(' ', "");
            assert!(question.whole(&together).is_some(), "{together}");
            assert!(question.whole(&format!("x{together}x")).is_none(), "x{together}x");
            if row.word.starts_with('.') {
                assert!(question.whole(&together[1..]).is_none_or(|other| other.word == &together[1..]));
                continue;
            }
            for written in [row.word.replace(' ', "_"), row.word.replace(' ', "-"), together.clone()] {
                let within = path(&format!("a/{written}-b/c.x"));
                assert!(question.any_word_of(&within), "{within}");
                assert!(question.any_word_of(&path(&format!("a/b.{written}.x"))), "b.{written}.x");
                assert!(question.whole(&format!("__{written}__")).is_some(), "__{written}__");
            }
            let other = path(&format!("a/x{together}x/q{together}q.x"));
            assert!(!question.any_word_of(&other), "{other}");
        }
    }
}

#[test]
fn the_words_of_a_path_say_whether_what_it_runs_is_for_development() {
    for (text, development) in [
        ("docker-compose.yml", false),
        ("docker-compose.prod.yml", false),
        ("deploy/compose.yaml", false),
        ("latest/compose.yaml", false),
        ("k8s/pod-spec.yaml", false),
        ("sandbox/deployment.yaml", false),
        ("demo/compose.yaml", false),
        ("docker-compose.dev.yml", true),
        ("e2e/docker-compose.yml", true),
        (".devcontainer/docker-compose.yml", true),
        ("docker-compose.override.yml", true),
        ("docker-compose-local.yml", true),
        ("docker-compose.localstack.yml", true),
        ("pkg/testdata/pod.yaml", true),
        ("loadTest/compose.yaml", true),
        ("dev2/compose.yaml", true),
        ("overlays/minikube/kustomization.yaml", true),
        (".gitpod.Dockerfile", true),
        ("Latest/kindergarten/compose.yaml", false),
    ] {
        assert_eq!(is_for_development(&path(text)), development, "{text}");
    }
}

#[test]
fn images_for_pipelines_are_built_to_be_used() {
    let development = |text: &str| is_built_for_development(&path(text));
    assert!(development("test/radius.dockerfile") && development("Dockerfile.dev"));
    assert!(!development("ci/release/Dockerfile") && !development("examples/Dockerfile"));
    assert!(builds_no_service(&path("ci/release/Dockerfile")) && says_no_service("build-env"));
    assert!(!builds_no_service(&path("builds/Dockerfile")) && !says_no_service("rebuild"));
}

#[test]
fn keys_of_developers_and_sandboxes_open_something() {
    for made_up in ["tests/a.key", "docs/exampleCerts/a.key", "test2/a.key", "spec/a.pem", "demo.key"] {
        assert!(is_made_up(&path(made_up)), "{made_up}");
    }
    for real in
        ["special.pem", "specops.key", "docsigning.pem", "testify.pem", "dev/a.key", "apns-sandbox.pem"]
    {
        assert!(!is_made_up(&path(real)), "{real}");
    }
}

#[test]
fn only_folders_say_what_is_not_meant_or_not_ours() {
    assert!(is_test_data_or_template(&path("pkg/__fixtures__/compose.yml")));
    assert!(is_test_data_or_template(&path("test-fixtures/compose.yml")));
    assert!(
        !is_test_data_or_template(&path("tests/compose.yml"))
            && !is_test_data_or_template(&path("compose.template.yml"))
    );
    assert!(
        is_foreign_or_generated(&path("app/node_modules/a/package.json"))
            && is_foreign_or_generated(&path(".venv/a.py"))
    );
    assert!(is_foreign_or_generated(&path("ThirdParty/a.csproj")));
    for ours in
        ["build/package.json", "templates/web/package.json", "vendor-portal/package.json", "vendor.py"]
    {
        assert!(!is_foreign_or_generated(&path(ours)), "{ours}");
    }
}

#[test]
fn a_stage_is_a_whole_word() {
    for stage in ["prod", "PRD", "staging", "qa", "uat", "dev", "test", "live"] {
        assert!(is_stage(stage), "{stage}");
    }
    for other in ["shop-prod", "latest", "main", "debug", "quality", "stages", "local", "e2e"] {
        assert!(!is_stage(other), "{other}");
    }
}

#[test]
fn modes_and_stages_are_whole_names() {
    for local in ["dev", "development", "Development", "test", "e2e", "ci", "storybook", "hmr", "mock"] {
        assert!(is_local_mode(local), "{local}");
    }
    for deployed in ["staging", "integration", "demo", "prod", "production", "kind", "test-eu", "preview"] {
        assert!(!is_local_mode(deployed), "{deployed}");
    }
    assert!(is_production("prod") && !is_production("production-eu") && !is_production("staging"));
    for production in ["shop-prod-api", "prod.tfvars", "envs-production", "shopProd"] {
        assert!(says_production(production), "{production}");
    }
    for other in ["non-prod", "pre-prod.tfvars", "product", "nonprod", "prod-test", "reproduction", "staging"]
    {
        assert!(!says_production(other), "{other}");
    }
    assert!(says_plain_development("debug") && !says_plain_development("local"));
}

#[test]
fn a_folder_of_code_is_for_tests_for_sure_or_likely() {
    for (folder, tests) in [
        ("tests", Some(Certainty::Sure)),
        ("__mocks__", Some(Certainty::Sure)),
        (".storybook", Some(Certainty::Sure)),
        ("load-tests", Some(Certainty::Sure)),
        ("dev-server", Some(Certainty::Sure)),
        ("test", Some(Certainty::Likely)),
        ("stories", Some(Certainty::Likely)),
        ("lab-tests", None),
        ("demo", None),
        ("dev", None),
        ("server", None),
    ] {
        assert_eq!(test_folder(folder), tests, "{folder}");
    }
    for (name, test) in [
        ("app.test.ts", true),
        ("app.e2e-spec.ts", true),
        ("chart.stories.tsx", true),
        ("types.test-d.ts", true),
        ("test.ts", false),
        ("contest.ts", false),
        ("app.dev.ts", false),
    ] {
        assert_eq!(is_name_of_test(name), test, "{name}");
    }
    assert!(is_name_of_generated("a.min.js") && !is_name_of_generated("min.js"));
}

#[test]
fn a_script_that_deploys_says_so_in_a_word() {
    for deploys in [
        "deploy.sh",
        "redeploy.sh",
        "deploy-prod.sh",
        "deployProd.sh",
        "user_data.sh",
        "userdata.sh",
        "cloud-init.sh",
    ] {
        assert!(says_deployment(deploys), "{deploys}");
    }
    for other in ["employ.sh", "undeploy.sh", "user.sh", "data-init.sh", "upgrade.sh"] {
        assert!(!says_deployment(other), "{other}");
    }
    assert!(says_update("setup-ec2.sh") && says_update("upgrade.sh") && !says_update("upgraded.sh"));
}
