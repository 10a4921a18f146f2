//! Flags that take a value in the next word, by program and by command.

/// Flags of docker, Podman, nerdctl and Buildah themselves that take a value in the next word.
pub(super) const CONTAINERS: &[&str] = &[
    "--config",
    "-c",
    "--context",
    "-H",
    "--host",
    "-l",
    "--log-level",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    // Of `docker buildx`.
    "--builder",
    // Of Podman and Buildah.
    "--connection",
    "--url",
    "--identity",
    "--root",
    "--runroot",
    "--storage-driver",
    "--storage-opt",
    "--cgroup-manager",
    // Of nerdctl.
    "-a",
    "--address",
    "-n",
    "--namespace",
    "--snapshotter",
    "--data-root",
];

/// Flags of `kubectl` and `oc` themselves.
pub(super) const KUBECTL: &[&str] = &[
    "-n",
    "--namespace",
    "--context",
    "--cluster",
    "--kubeconfig",
    "--user",
    "-s",
    "--server",
    "--token",
    "--as",
    "--as-group",
    "--as-uid",
    "--cache-dir",
    "--certificate-authority",
    "--client-certificate",
    "--client-key",
    "--request-timeout",
    "--tls-server-name",
    "-v",
    "--v",
    "--loglevel",
];

/// Flags of `helm` itself.
pub(super) const HELM: &[&str] = &[
    "-n",
    "--namespace",
    "--kube-context",
    "--kubeconfig",
    "--kube-apiserver",
    "--kube-token",
    "--kube-as-user",
    "--kube-as-group",
    "--kube-ca-file",
    "--kube-tls-server-name",
    "--registry-config",
    "--repository-cache",
    "--repository-config",
    "--burst-limit",
    "--qps",
];

/// Flags of `nomad` that all its commands take.
pub(super) const NOMAD: &[&str] = &[
    "-address",
    "-region",
    "-namespace",
    "-token",
    "-ca-cert",
    "-ca-path",
    "-client-cert",
    "-client-key",
    "-tls-server-name",
];

/// Flags of `aws` itself.
pub(super) const AWS: &[&str] = &[
    "--profile",
    "--region",
    "--output",
    "--query",
    "--endpoint-url",
    "--ca-bundle",
    "--color",
    "--cli-read-timeout",
    "--cli-connect-timeout",
    "--cli-binary-format",
];

/// Flags of the commands of ECS that say how much is run, and where.
pub(super) const ECS: &[&str] = &[
    "--desired-count",
    "--launch-type",
    "--count",
    "--network-configuration",
    "--overrides",
    "--cli-input-json",
    "--deployment-configuration",
    "--platform-version",
];

/// Flags of `gcloud` that all its commands take.
pub(super) const GCLOUD: &[&str] = &[
    "--project",
    "--account",
    "--billing-project",
    "--configuration",
    "--format",
    "--flatten",
    "--flags-file",
    "--impersonate-service-account",
    "--access-token-file",
    "--trace-token",
    "--verbosity",
];

/// Flags of `az` that all its commands take.
pub(super) const AZ: &[&str] = &["-o", "--output", "--query", "--subscription"];

/// Flags of `git` itself.
pub(super) const GIT: &[&str] = &["-C", "-c", "--git-dir", "--work-tree", "--namespace"];

/// Flags of `docker build` that take a value in the next word.
pub(super) const BUILD: &[&str] = &[
    "-f",
    "--file",
    "-t",
    "--tag",
    "--target",
    "--build-arg",
    "--build-context",
    "--cache-from",
    "--cache-to",
    "--label",
    "--network",
    "-o",
    "--output",
    "--platform",
    "--progress",
    "--secret",
    "--ssh",
    "--add-host",
    "--builder",
    "--iidfile",
    "--metadata-file",
    "--allow",
    "--annotation",
    "--attest",
    "--sbom",
    "--provenance",
    "--shm-size",
    "--ulimit",
    "-m",
    "--memory",
    "--cgroup-parent",
    "--isolation",
    "--format",
    "--layers",
    "--append",
];

/// Flags of `az acr build` that take a value in the next word, beside those that say what is built.
pub(super) const ACR_BUILD: &[&str] = &[
    "-g",
    "--resource-group",
    "--target",
    "--build-arg",
    "--secret-build-arg",
    "--platform",
    "--timeout",
    "--agent-pool",
    "--auth-mode",
    "--source-acr-auth-id",
    "--log-template",
];

/// Flags of `gcloud builds submit` that take a value in the next word, beside the image's name.
pub(super) const BUILDS_SUBMIT: &[&str] = &[
    "--config",
    "--region",
    "--timeout",
    "--substitutions",
    "--machine-type",
    "--disk-size",
    "--worker-pool",
    "--service-account",
    "--ignore-file",
    "--gcs-log-dir",
    "--gcs-source-staging-dir",
    "--git-source-dir",
    "--git-source-revision",
    "--dir",
    "--revision",
    "--polling-interval",
    "--default-buckets-behavior",
];

/// Flags of `docker compose` that stand before its command and take a value in the next word.
pub(super) const COMPOSE: &[&str] = &[
    "-f",
    "--file",
    "-p",
    "--project-name",
    "--project-directory",
    "--profile",
    "--env-file",
    "--ansi",
    "--progress",
    "--parallel",
    "-c",
    "--context",
    "-H",
    "--host",
];

/// Flags of `docker compose build`, `up` and `push` that take a value in the next word.
pub(super) const COMPOSE_BUILD: &[&str] = &[
    "--build-arg",
    "--builder",
    "-m",
    "--memory",
    "--progress",
    "--ssh",
    "--scale",
    "-t",
    "--timeout",
    "--wait-timeout",
    "--pull",
    "--attach",
    "--no-attach",
    "--exit-code-from",
];

/// Flags of kaniko's executor that take a value in the next word.
pub(super) const KANIKO: &[&str] = &[
    "-c",
    "--context",
    "--context-sub-path",
    "-f",
    "--dockerfile",
    "-d",
    "--destination",
    "--build-arg",
    "--cache-repo",
    "--cache-ttl",
    "--digest-file",
    "--label",
    "--registry-mirror",
    "--snapshot-mode",
    "--target",
    "--verbosity",
    "-v",
];

/// Flags of `docker push`.
pub(super) const PUSH: &[&str] = &["--platform", "--creds", "--authfile", "--cert-dir", "--format"];

/// Flags of `skopeo copy` that take a value in the next word.
pub(super) const SKOPEO_COPY: &[&str] = &[
    "--additional-tag",
    "--authfile",
    "--src-authfile",
    "--dest-authfile",
    "--src-creds",
    "--dest-creds",
    "--src-username",
    "--src-password",
    "--dest-username",
    "--dest-password",
    "--src-cert-dir",
    "--dest-cert-dir",
    "--src-registry-token",
    "--dest-registry-token",
    "--src-daemon-host",
    "--dest-daemon-host",
    "--digestfile",
    "--encryption-key",
    "--decryption-key",
    "-f",
    "--format",
    "--dest-compress-format",
    "--multi-arch",
    "--retry-times",
    "--sign-by",
    "--platform",
];

/// Flags of `kubectl set image` that take a value in the next word.
pub(super) const KUBECTL_SET: &[&str] = &[
    "-f",
    "--filename",
    "-k",
    "--kustomize",
    "-l",
    "--selector",
    "-o",
    "--output",
    "--field-manager",
    "--template",
];

/// Flags of `docker pull`.
pub(super) const PULL: &[&str] = &["--platform", "--creds", "--authfile"];

/// Flags of `docker run` that take a value in the next word.
pub(super) const RUN: &[&str] = &[
    "-a",
    "--attach",
    "--add-host",
    "--blkio-weight",
    "--cap-add",
    "--cap-drop",
    "--cgroupns",
    "--cidfile",
    "--cpus",
    "-c",
    "--cpu-shares",
    "--cpuset-cpus",
    "--device",
    "--dns",
    "--domainname",
    "--entrypoint",
    "-e",
    "--env",
    "--env-file",
    "--expose",
    "--gpus",
    "--group-add",
    "--health-cmd",
    "--health-interval",
    "--health-retries",
    "--health-timeout",
    "-h",
    "--hostname",
    "--ip",
    "--ipc",
    "-l",
    "--label",
    "--label-file",
    "--link",
    "--log-driver",
    "--log-opt",
    "-m",
    "--memory",
    "--memory-swap",
    "--mount",
    "--name",
    "--network",
    "--net",
    "--network-alias",
    "--pid",
    "--pids-limit",
    "--platform",
    "-p",
    "--publish",
    "--pull",
    "--restart",
    "--runtime",
    "--security-opt",
    "--shm-size",
    "--stop-signal",
    "--stop-timeout",
    "--sysctl",
    "--tmpfs",
    "--ulimit",
    "-u",
    "--user",
    "--userns",
    "-v",
    "--volume",
    "--volumes-from",
    "-w",
    "--workdir",
];

/// Flags of `docker service create` that take a value in the next word, beside those of `docker run`.
pub(super) const SERVICE: &[&str] = &[
    "--replicas",
    "--mode",
    "--constraint",
    "--secret",
    "--config",
    "--container-label",
    "--endpoint-mode",
    "--limit-cpu",
    "--limit-memory",
    "--reserve-cpu",
    "--reserve-memory",
    "--restart-condition",
    "--restart-delay",
    "--restart-max-attempts",
    "--update-delay",
    "--update-order",
    "--update-parallelism",
    "--update-failure-action",
    "--stop-grace-period",
    "--placement-pref",
    "--host",
];
