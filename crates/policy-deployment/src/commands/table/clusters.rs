//! Clusters: what deploys to them, and what makes or chooses one on this machine.

use super::PROGRAM;
use crate::commands::effect::{Flag, FlagValue, IMAGE, Key};
use crate::commands::example::{Files, deploys, settles, stays_here};
use crate::commands::row::{Effect, Program, Row, Sign};
use crate::commands::valued;

static KUBECTL: Program =
    Program { names: &["kubectl", "oc"], valued: valued::KUBECTL, talks_to_cluster: true, ..PROGRAM };
static HELM: Program = Program { names: &["helm"], valued: valued::HELM, talks_to_cluster: true, ..PROGRAM };
static KUSTOMIZE: Program = Program { names: &["kustomize"], ..PROGRAM };
static NOMAD: Program =
    Program { names: &["nomad"], valued: valued::NOMAD, talks_to_cluster: true, ..PROGRAM };
static GKE_DEPLOY: Program = Program { names: &["gke-deploy"], sign: Sign::Name, ..PROGRAM };
static LOCAL_CLUSTERS: Program =
    Program { names: &["kind", "minikube", "k3d", "colima", "tilt", "microk8s"], ..PROGRAM };

/// What sets values of a chart. Charts name their images in parts.
const CHART_VALUES: Flag = Flag {
    names: &["--set", "--set-string"],
    holds: FlagValue::Tag(Key::Path("image.tag"), "the chart names the image"),
};

/// What sets variables of a job.
const JOB_VARIABLES: Flag =
    Flag { names: &["-var"], holds: FlagValue::Tag(Key::Ending("tag"), "the job names the image") };

/// A manifest whose tag only stands there until a command writes another.
const MANIFEST: Files = &[(
    "k8s/web.yaml",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: r.io/team/web:TAG\n",
)];

pub(super) static ROWS: &[Row] = &[
    Row {
        program: &KUBECTL,
        verbs: &["set image"],
        valued: &[valued::KUBECTL, valued::KUBECTL_SET],
        does: Effect::SetsImages,
        examples: &[
            deploys("kubectl set image deployment/web web=r.io/team/web:TAG -n prod"),
            settles("kubectl set image deployment/web web=r.io/team/web:$SHA", MANIFEST),
        ],
    },
    Row {
        program: &KUBECTL,
        verbs: &["create deployment", "create deploy"],
        valued: &[valued::KUBECTL],
        does: Effect::DeploysToCluster(&[IMAGE]),
        examples: &[deploys("kubectl create deployment web --image=r.io/team/web:TAG --replicas=2")],
    },
    Row {
        program: &KUBECTL,
        verbs: &["apply", "create", "replace"],
        valued: &[],
        does: Effect::Applies,
        examples: &[deploys(
            "kubectl apply -f - <<END\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: r.io/team/web:TAG\nEND",
        )],
    },
    Row {
        program: &KUBECTL,
        verbs: &["config use-context", "config set-context"],
        valued: &[valued::KUBECTL],
        does: Effect::ChoosesCluster,
        examples: &[stays_here("kubectl config use-context kind-dev")],
    },
    Row {
        program: &HELM,
        verbs: &["upgrade", "install"],
        valued: &[valued::HELM],
        does: Effect::DeploysToCluster(&[CHART_VALUES]),
        examples: &[deploys("helm upgrade web ./chart -n prod --set replicas=2,image.tag=TAG")],
    },
    Row {
        program: &KUSTOMIZE,
        verbs: &["edit set image"],
        valued: &[],
        does: Effect::EditsImages,
        examples: &[
            deploys("kustomize edit set image web=r.io/team/web:TAG"),
            settles("kustomize edit set image r.io/team/web=r.io/team/web:$SHA", MANIFEST),
        ],
    },
    Row {
        program: &NOMAD,
        verbs: &["job run", "job plan", "run", "plan"],
        valued: &[valued::NOMAD],
        does: Effect::Deploys(&[JOB_VARIABLES]),
        examples: &[deploys("nomad job run -var image_tag=TAG web.nomad.hcl")],
    },
    Row {
        program: &GKE_DEPLOY,
        verbs: &["run", "prepare"],
        valued: &[],
        does: Effect::Pins,
        examples: &[settles("gke-deploy run --filename k8s --image r.io/team/web:latest", MANIFEST)],
    },
    Row {
        program: &LOCAL_CLUSTERS,
        verbs: &[],
        valued: &[],
        does: Effect::StartsCluster,
        examples: &[stays_here("kind create cluster")],
    },
];
