//! Clouds: what builds in them, and what makes their services run an image.

use super::PROGRAM;
use crate::commands::effect::{
    BuildCommand, Context, EcsCommand, Flag, FlagValue, IMAGE, Key, Pushes, Registry,
};
use crate::commands::example::{Files, builds, calls, creates, deploys, pushes, settles, watches};
use crate::commands::row::{Effect, Program, Row, Sign};
use crate::commands::{registry, terraform_variable, valued};
use crate::model::ecs_call::{EcsVerb, NamedKind};

static TERRAFORM: Program = Program { names: &["terraform", "tofu"], sign: Sign::Name, ..PROGRAM };
static AWS: Program = Program { names: &["aws"], valued: valued::AWS, ..PROGRAM };
static SAM: Program = Program { names: &["sam"], ..PROGRAM };
static ECS_DEPLOY: Program = Program { names: &["ecs-deploy", "ecs-deploy.sh"], sign: Sign::Name, ..PROGRAM };
static ECS_GOPLOY: Program =
    Program { names: &["ecs-goploy"], valued: &["--profile", "--region"], sign: Sign::Name, ..PROGRAM };
static GCLOUD: Program = Program { names: &["gcloud"], valued: valued::GCLOUD, ..PROGRAM };
static AZ: Program = Program { names: &["az"], valued: valued::AZ, ..PROGRAM };
static FLY: Program = Program { names: &["fly", "flyctl"], valued: &["-t", "--access-token"], ..PROGRAM };

/// The same by its short name, too.
const IMAGE_OR_I: Flag = Flag { names: &["-i", "--image"], holds: FlagValue::Image };

const CLUSTER: (&str, NamedKind) = ("--cluster", NamedKind::Cluster);
const SERVICE: (&str, NamedKind) = ("--service", NamedKind::Service);
const SERVICES: (&str, NamedKind) = ("--services", NamedKind::Service);
const FAMILY: (&str, NamedKind) = ("--task-definition", NamedKind::Family);

/// A template with a tag that only counts where a stack is given no other.
const TEMPLATE: Files = &[(
    "app.yaml",
    "Parameters:\n  ImageTag:\n    Type: String\n    Default: TAG\nResources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Name: web\n          Image: !Sub 'r.io/team/web:${ImageTag}'\n",
)];

pub(super) static ROWS: &[Row] = &[
    Row {
        program: &TERRAFORM,
        verbs: &["apply"],
        valued: &[terraform_variable::FLAGS, terraform_variable::TARGETS],
        does: Effect::Does(terraform_variable::of_apply),
        examples: &[deploys("terraform apply -var image_tag=TAG")],
    },
    Row {
        program: &TERRAFORM,
        verbs: &["plan"],
        valued: &[terraform_variable::FLAGS, terraform_variable::TARGETS, &["-out"]],
        does: Effect::Does(terraform_variable::of_plan),
        examples: &[deploys("terraform plan -out tfplan -var image_tag=TAG")],
    },
    Row {
        program: &AWS,
        verbs: &["ecr put-image"],
        valued: &[valued::AWS, &["--repository-name", "--image-tag", "--image-manifest", "--registry-id"]],
        does: Effect::Does(registry::put_image),
        examples: &[pushes(
            "aws ecr put-image --repository-name web --image-tag TAG --image-manifest \"$M\"",
        )],
    },
    Row {
        program: &AWS,
        verbs: &["ecs register-task-definition"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::RenewsTask {
            images: &[Flag {
                names: &["--container-definitions", "--cli-input-json"],
                holds: FlagValue::Json("image"),
            }],
            call: Some(EcsCommand { does: EcsVerb::Make, flags: &[("--family", NamedKind::Family)] }),
        },
        examples: &[deploys(
            "aws ecs register-task-definition --family web --container-definitions '[{\"name\": \"web\", \"image\": \"r.io/team/web:TAG\"}]'",
        )],
    },
    Row {
        program: &AWS,
        verbs: &["ecs update-service"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand {
            does: EcsVerb::Update { deploys: false },
            flags: &[CLUSTER, SERVICE, FAMILY],
        }),
        examples: &[calls("aws ecs update-service --cluster main --service web --force-new-deployment")],
    },
    Row {
        program: &AWS,
        verbs: &["ecs wait services-stable", "ecs wait services-inactive"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand { does: EcsVerb::Wait, flags: &[CLUSTER, SERVICES] }),
        examples: &[calls("aws ecs wait services-stable --cluster main --services web")],
    },
    Row {
        program: &AWS,
        verbs: &["ecs describe-services", "ecs list-tasks", "ecs describe-tasks"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand { does: EcsVerb::Ask, flags: &[CLUSTER, SERVICES] }),
        examples: &[watches("aws ecs describe-services --cluster main --services web")],
    },
    Row {
        program: &AWS,
        verbs: &["ecs run-task"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand { does: EcsVerb::Run, flags: &[CLUSTER, FAMILY] }),
        examples: &[calls("aws ecs run-task --task-definition web")],
    },
    Row {
        program: &AWS,
        verbs: &["ecs describe-task-definition"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand { does: EcsVerb::Read, flags: &[FAMILY] }),
        examples: &[calls("aws ecs describe-task-definition --task-definition web")],
    },
    Row {
        program: &AWS,
        verbs: &["ecs create-service"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand {
            does: EcsVerb::Make,
            flags: &[("--service-name", NamedKind::Service)],
        }),
        examples: &[creates(
            "aws ecs create-service --cluster main --service-name web --task-definition web",
        )],
    },
    Row {
        program: &AWS,
        verbs: &["ecs create-cluster"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand {
            does: EcsVerb::Make,
            flags: &[("--cluster-name", NamedKind::Cluster)],
        }),
        examples: &[creates("aws ecs create-cluster --cluster-name web")],
    },
    Row {
        program: &AWS,
        verbs: &["ecr create-repository"],
        valued: &[valued::AWS, valued::ECS],
        does: Effect::CallsEcs(EcsCommand {
            does: EcsVerb::Make,
            flags: &[("--repository-name", NamedKind::Repository)],
        }),
        examples: &[creates("aws ecr create-repository --repository-name web")],
    },
    Row {
        program: &AWS,
        verbs: &["lambda update-function-code", "lambda create-function"],
        valued: &[valued::AWS],
        does: Effect::DeploysNow(&[
            Flag { names: &["--image-uri"], holds: FlagValue::Image },
            Flag { names: &["--code"], holds: FlagValue::Setting(Key::Path("ImageUri")) },
        ]),
        examples: &[
            deploys("aws lambda update-function-code --function-name web --image-uri r.io/team/web:TAG"),
            deploys("aws lambda update-function-code --function-name web --code ImageUri=r.io/team/web:TAG"),
        ],
    },
    Row {
        program: &AWS,
        verbs: &["apprunner create-service", "apprunner update-service"],
        valued: &[valued::AWS],
        does: Effect::DeploysNow(&[Flag {
            names: &["--source-configuration"],
            holds: FlagValue::Json("ImageIdentifier"),
        }]),
        examples: &[deploys(
            "aws apprunner create-service --service-name web --source-configuration '{\"ImageRepository\": {\"ImageIdentifier\": \"r.io/team/web:TAG\"}}'",
        )],
    },
    Row {
        program: &AWS,
        verbs: &[
            "cloudformation deploy",
            "cloudformation create-stack",
            "cloudformation update-stack",
            "cloudformation create-change-set",
        ],
        valued: &[],
        does: Effect::Gives,
        examples: &[settles(
            "aws cloudformation deploy --template-file app.yaml --parameter-overrides ImageTag=$SHA",
            TEMPLATE,
        )],
    },
    Row {
        program: &SAM,
        verbs: &["deploy"],
        valued: &[],
        does: Effect::Gives,
        examples: &[settles("sam deploy --template app.yaml --parameter-overrides ImageTag=$SHA", TEMPLATE)],
    },
    Row {
        program: &ECS_DEPLOY,
        verbs: &[],
        valued: &[],
        does: Effect::RenewsTask { images: &[IMAGE_OR_I], call: None },
        examples: &[deploys("ecs-deploy -c main -n web -i r.io/team/web:TAG")],
    },
    Row {
        program: &ECS_GOPLOY,
        verbs: &["update service", "update task"],
        valued: &[],
        does: Effect::RenewsTask { images: &[IMAGE_OR_I], call: None },
        examples: &[deploys(
            "ecs-goploy update service --cluster main --service-name web --image r.io/team/web:TAG",
        )],
    },
    Row {
        program: &GCLOUD,
        verbs: &["builds submit", "beta builds submit", "alpha builds submit"],
        valued: &[valued::GCLOUD, valued::BUILDS_SUBMIT],
        // Without a name it reads `cloudbuild.yaml`, which is read wherever it stands.
        does: Effect::Builds(BuildCommand {
            by: "`gcloud builds submit`",
            image: &["-t", "--tag"],
            dockerfile: &[],
            context: Context::WordOrHere,
            pushes: Pushes::Always,
            registry: None,
            only_named: true,
        }),
        examples: &[pushes("gcloud builds submit --tag gcr.io/team/web:TAG web")],
    },
    Row {
        program: &GCLOUD,
        verbs: &[
            "run deploy",
            "run services update",
            "run jobs create",
            "run jobs update",
            "run jobs deploy",
            "run worker-pools deploy",
            "run worker-pools update",
            "beta run deploy",
            "beta run services update",
            "beta run jobs create",
            "beta run jobs update",
            "beta run jobs deploy",
            "alpha run deploy",
        ],
        valued: &[valued::GCLOUD],
        does: Effect::DeploysNow(&[IMAGE]),
        examples: &[deploys("gcloud run deploy web --image r.io/team/web:TAG --region europe-west1 --quiet")],
    },
    Row {
        program: &AZ,
        verbs: &["acr build"],
        valued: &[valued::AZ, valued::ACR_BUILD],
        does: Effect::Builds(BuildCommand {
            by: "`az acr build`",
            image: &["-t", "--image"],
            dockerfile: &["-f", "--file"],
            context: Context::Word,
            pushes: Pushes::Unless("--no-push"),
            registry: Some(Registry { flags: &["-r", "--registry"], domain: ".azurecr.io" }),
            only_named: false,
        }),
        examples: &[
            builds("az acr build -r team -f docker/web.Dockerfile --no-push web"),
            pushes("az acr build -t web:TAG -r team ."),
        ],
    },
    Row {
        program: &AZ,
        verbs: &[
            "containerapp create",
            "containerapp update",
            "containerapp up",
            "containerapp revision copy",
            "containerapp job create",
            "containerapp job update",
            "containerapp job start",
            "container create",
        ],
        valued: &[valued::AZ],
        does: Effect::Deploys(&[IMAGE]),
        examples: &[deploys("az containerapp create -n web --image r.io/team/web:TAG")],
    },
    Row {
        program: &AZ,
        // What an app is created with is often replaced by the next command.
        verbs: &["webapp config container set", "functionapp config container set"],
        valued: &[valued::AZ],
        does: Effect::Deploys(&[Flag {
            names: &["--docker-custom-image-name", "--container-image-name", "-i"],
            holds: FlagValue::Image,
        }]),
        examples: &[deploys(
            "az webapp config container set -n web --container-image-name r.io/team/web:TAG",
        )],
    },
    Row {
        program: &FLY,
        verbs: &["deploy", "machine run", "machine update"],
        valued: &[],
        does: Effect::Deploys(&[IMAGE_OR_I]),
        examples: &[deploys("fly deploy --image r.io/team/web:TAG --remote-only")],
    },
];
