//! Docker and its kin, and what copies images between registries.

use super::PROGRAM;
use crate::commands::effect::{BuildCommand, Context, IMAGE, Pushes};
use crate::commands::example::{Files, builds, deploys, pushes, pushes_with};
use crate::commands::row::{Effect, Program, Row, Sign};
use crate::commands::{compose, containers, registry, valued};

static DOCKER: Program = Program {
    names: &["docker", "podman", "nerdctl", "buildah"],
    valued: valued::CONTAINERS,
    sign: Sign::Name,
    ..PROGRAM
};
static COMPOSE: Program =
    Program { names: &["docker-compose", "podman-compose"], sign: Sign::Name, ..PROGRAM };
static KANIKO: Program = Program { names: &["executor"], ..PROGRAM };
static SKOPEO: Program = Program { names: &["skopeo"], sign: Sign::Name, ..PROGRAM };
static CRANE: Program = Program { names: &["crane", "gcrane"], valued: &["--platform"], ..PROGRAM };
static REGCTL: Program =
    Program { names: &["regctl"], valued: &["--host", "--logopt", "-v", "--verbosity"], ..PROGRAM };

/// A project whose image is pushed.
const COMPOSED: Files = &[
    ("compose.yaml", "services:\n  web:\n    build: .\n    image: r.io/team/web:TAG\n"),
    ("Dockerfile", "FROM scratch\n"),
];

/// A target of which bakes make an image.
const BAKED: Files = &[
    ("docker-bake.hcl", "target \"web\" {\n  tags = [\"r.io/team/web:TAG\"]\n}\n"),
    ("Dockerfile", "FROM scratch\n"),
];

pub(super) static ROWS: &[Row] = &[
    Row {
        program: &DOCKER,
        verbs: &["build", "image build", "buildx build", "builder build", "buildx b", "bud"],
        valued: &[valued::BUILD],
        does: Effect::Builds(BuildCommand {
            by: "`docker build`",
            image: &["-t", "--tag"],
            dockerfile: &["-f", "--file"],
            context: Context::Word,
            pushes: Pushes::With("--push"),
            registry: None,
            only_named: false,
        }),
        examples: &[
            builds("docker build -f docker/web.Dockerfile -t web web"),
            pushes("docker build --push -t r.io/team/web:TAG ."),
        ],
    },
    Row {
        program: &DOCKER,
        verbs: &["buildx bake", "bake"],
        valued: &[valued::BUILD, &["--set"]],
        does: Effect::Does(containers::bake),
        examples: &[
            pushes_with("docker buildx bake --push", BAKED),
            pushes_with("docker buildx bake -f compose.yaml --push web", COMPOSED),
        ],
    },
    Row {
        program: &DOCKER,
        verbs: &["compose"],
        valued: &[],
        does: Effect::Does(compose::read),
        examples: &[pushes_with("docker compose push web", COMPOSED)],
    },
    Row {
        program: &DOCKER,
        verbs: &["push", "image push"],
        valued: &[valued::PUSH],
        does: Effect::Does(containers::push),
        examples: &[pushes("docker push r.io/team/web:TAG")],
    },
    Row {
        program: &DOCKER,
        verbs: &["manifest push"],
        valued: &[],
        does: Effect::Does(containers::push_index),
        examples: &[pushes("docker manifest push --purge r.io/team/web:TAG")],
    },
    Row {
        program: &DOCKER,
        verbs: &["buildx imagetools create"],
        valued: &[valued::BUILD],
        does: Effect::Does(containers::create_index),
        examples: &[pushes("docker buildx imagetools create -t r.io/team/web:TAG r.io/team/web:amd64")],
    },
    Row {
        program: &DOCKER,
        verbs: &["tag", "image tag"],
        valued: &[],
        does: Effect::Does(containers::tag),
        examples: &[pushes("docker tag web r.io/team/web:TAG\ndocker push --all-tags r.io/team/web")],
    },
    Row {
        program: &DOCKER,
        verbs: &["pull", "image pull"],
        valued: &[valued::PULL],
        does: Effect::Does(containers::pull),
        examples: &[deploys("docker pull r.io/team/web:TAG")],
    },
    Row {
        program: &DOCKER,
        verbs: &["run", "container run"],
        valued: &[valued::RUN],
        does: Effect::Runs { starts: true },
        examples: &[deploys("docker run -d --name web -p 80:80 r.io/team/web:TAG serve")],
    },
    Row {
        program: &DOCKER,
        verbs: &["create", "container create"],
        valued: &[valued::RUN],
        does: Effect::Runs { starts: false },
        examples: &[deploys("docker create --restart always --name web r.io/team/web:TAG")],
    },
    Row {
        program: &DOCKER,
        verbs: &["service create"],
        valued: &[valued::RUN, valued::SERVICE],
        does: Effect::Does(containers::create_service),
        examples: &[deploys("docker service create --name web --replicas 2 -p 80:80 r.io/team/web:TAG")],
    },
    Row {
        program: &DOCKER,
        verbs: &["service update"],
        valued: &[],
        does: Effect::Deploys(&[IMAGE]),
        examples: &[deploys("docker service update --image r.io/team/web:TAG web")],
    },
    Row {
        program: &COMPOSE,
        verbs: &[],
        valued: &[],
        does: Effect::Does(compose::read),
        examples: &[pushes_with("docker-compose push web", COMPOSED)],
    },
    Row {
        program: &KANIKO,
        verbs: &[],
        valued: &[valued::KANIKO],
        does: Effect::Builds(BuildCommand {
            by: "kaniko",
            image: &["-d", "--destination"],
            dockerfile: &["-f", "--dockerfile"],
            context: Context::FlagOrHere(&["-c", "--context"]),
            pushes: Pushes::Unless("--no-push"),
            registry: None,
            only_named: false,
        }),
        examples: &[
            builds("/kaniko/executor --context dir://web --dockerfile docker/web.Dockerfile --no-push"),
            pushes("/kaniko/executor --context . --destination r.io/team/web:TAG"),
        ],
    },
    Row {
        program: &SKOPEO,
        verbs: &["copy"],
        valued: &[valued::SKOPEO_COPY],
        does: Effect::Does(registry::copy),
        examples: &[pushes("skopeo copy oci-archive:web.tar docker://r.io/team/web:TAG")],
    },
    Row {
        program: &CRANE,
        verbs: &["copy", "cp", "push"],
        valued: &[&["--platform", "-j", "--jobs", "--image-refs"]],
        does: Effect::Does(registry::copy),
        examples: &[pushes("crane copy r.io/build/web:7 r.io/team/web:TAG")],
    },
    Row {
        program: &CRANE,
        verbs: &["tag"],
        valued: &[&["--platform"]],
        does: Effect::Does(registry::retag),
        examples: &[pushes("crane tag r.io/team/web:7 TAG")],
    },
    Row {
        program: &REGCTL,
        verbs: &["image copy", "image cp"],
        valued: &[&["-p", "--platform", "--platforms"]],
        does: Effect::Does(registry::copy),
        examples: &[pushes("regctl image copy r.io/build/web:7 r.io/team/web:TAG")],
    },
];
