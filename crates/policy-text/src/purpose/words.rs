//! The words of paths, stages and profiles, as data: what each says of the files that go by it.

use super::Purpose::{
    self, Dependency, Deployment, Development, Documentation, Example, Fixture, Generated, Local, Mock,
    ModuleFormat, Output, Pipeline, Production, PutAside, Renewal, Stage, Template, Test, Tool,
};

/// A word, and what it says.
pub(super) struct Row {
    /// In small letters. Where it is made of several, they may be written apart or together: `third party` is `third_party`,
    /// `third-party`, `thirdParty` and `thirdparty`. One that begins with a dot is the whole name of a folder.
    pub(super) word: &'static str,
    pub(super) says: Purpose,
    pub(super) of: Of,
    pub(super) sure: bool,
}

/// What a word says it of; elsewhere it means something else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Everything,
    /// What runs, and what images are built from.
    Deployments,
    /// Code and data.
    Contents,
    /// Values: keys, passwords, requests.
    Data,
    /// Code, and the modes that it is built in.
    Code,
}

const fn row(word: &'static str, says: Purpose) -> Row {
    Row { word, says, of: Of::Everything, sure: true }
}

impl Row {
    const fn of(self, of: Of) -> Self {
        Self { of, ..self }
    }

    /// A folder of this name may also hold what the product is about: a school has a `test`, a social network `stories`.
    const fn doubtful(self) -> Self {
        Self { sure: false, ..self }
    }
}

/// Every word that is known. A word that says two things has two rows.
pub(super) static WORDS: &[Row] = &[
    row("prod", Production),
    row("production", Production),
    row("prd", Production),
    row("dev", Stage),
    row("devel", Stage),
    row("develop", Stage),
    row("development", Stage),
    row("staging", Stage),
    row("stage", Stage),
    row("stg", Stage),
    row("test", Stage),
    row("testing", Stage),
    row("qa", Stage),
    row("uat", Stage),
    row("sandbox", Stage),
    row("demo", Stage),
    row("live", Stage),
    row("dev", Development),
    row("devel", Development),
    row("development", Development),
    row("debug", Development),
    row("hmr", Development).of(Of::Code),
    row("local", Local),
    row("localhost", Local),
    row("localstack", Local),
    row("dev container", Local),
    row("gitpod", Local),
    row("minikube", Local),
    row("kind", Local).of(Of::Deployments),
    row("k3d", Local),
    row("tilt", Local).of(Of::Deployments),
    // Compose lays `compose.override.yml` over a file for the one who develops. Of a stage it says nothing.
    row("override", Local).of(Of::Deployments),
    row("test", Test).doubtful(),
    row("testing", Test).doubtful(),
    row("tests", Test),
    row("e2e", Test),
    row("cypress", Test),
    row("playwright", Test),
    row("load test", Test),
    row("load tests", Test),
    row("integration tests", Test),
    row("test utils", Test),
    row("test host", Test),
    row("benchmark", Test),
    row("benchmarks", Test),
    row("storybook", Test).of(Of::Code),
    row("stories", Test).of(Of::Code).doubtful(),
    row("story", Test).of(Of::Code).doubtful(),
    row("bench", Test).of(Of::Code).doubtful(),
    row("cy", Test).of(Of::Code).doubtful(),
    row("dev server", Test).of(Of::Code),
    // What is deployed has specifications, too.
    row("spec", Test).of(Of::Contents).doubtful(),
    row("specs", Test).of(Of::Contents).doubtful(),
    row("fixture", Fixture),
    row("fixtures", Fixture),
    row("test fixtures", Fixture),
    row("test data", Fixture),
    row("mock", Mock).doubtful(),
    row("mocks", Mock),
    row("dummy", Mock).doubtful(),
    row("fake", Mock).doubtful(),
    row("stub", Mock).doubtful(),
    row("emulator", Mock).of(Of::Deployments),
    row("ci", Pipeline),
    row("cicd", Pipeline),
    // The stage of this name is deployed.
    row("integration", Pipeline).of(Of::Deployments),
    row("example", Example),
    row("examples", Example),
    row("sample", Example),
    row("samples", Example),
    // A demonstration is often deployed, with values that are made up. So is a sandbox, whose keys open something.
    row("demo", Example).of(Of::Data),
    row("playground", Example).of(Of::Code),
    row("playgrounds", Example).of(Of::Code),
    row("sandbox", Example).of(Of::Code),
    row("docs", Documentation),
    row("template", Template).doubtful(),
    row("templates", Template).doubtful(),
    row("archetype resources", Template),
    row("build", Tool),
    row("builder", Tool),
    row("lint", Tool),
    row("migrate", Tool),
    row("seed", Tool),
    row("vendor", Dependency),
    row("vendors", Dependency),
    row("third party", Dependency),
    row("bower components", Dependency),
    row("node modules", Dependency),
    row("venv", Dependency),
    row("target", Output),
    row("dist", Output),
    row("build", Output).doubtful(),
    row("out", Output).doubtful(),
    row("output", Output).doubtful(),
    row("www", Output).doubtful(),
    row("coverage", Output).doubtful(),
    row("storybook static", Output),
    row(".next", Output),
    row(".nuxt", Output),
    row(".output", Output),
    row("lib", ModuleFormat),
    row("es", ModuleFormat),
    row("esm", ModuleFormat),
    row("cjs", ModuleFormat),
    row("umd", ModuleFormat),
    row("module", ModuleFormat),
    row("types", ModuleFormat),
    row("commonjs", ModuleFormat),
    row("min", Generated),
    row("bundle", Generated),
    row("deploy", Deployment),
    row("deploys", Deployment),
    row("deployer", Deployment),
    row("deployment", Deployment),
    row("redeploy", Deployment),
    row("provision", Deployment),
    row("provisioner", Deployment),
    row("provisioning", Deployment),
    row("bootstrap", Deployment),
    row("startup", Deployment),
    row("start up", Deployment),
    row("cloud init", Deployment),
    row("user data", Deployment),
    row("upgrade", Renewal),
    row("restart", Renewal),
    row("ec2", Renewal),
    row("backup", PutAside).of(Of::Data),
    row("backups", PutAside).of(Of::Data),
    row("bak", PutAside).of(Of::Data),
    row("old", PutAside).of(Of::Data),
    row("archive", PutAside).of(Of::Data),
    row("archived", PutAside).of(Of::Data),
];
