//! The tools that leave directories behind, as data: what shows that a tool is used, and what it leaves where.

use crate::model::context::Weight;

/// A tool, or a set of tools with the same evidence.
pub(super) struct Tool {
    /// The name for messages.
    pub(super) name: &'static str,
    /// Any of these shows that the tool is used in the folder that holds the file.
    pub(super) evidence: &'static [Evidence],
    /// The folders in which the directories appear.
    pub(super) place: Place,
    /// What the tool leaves in such a folder.
    pub(super) leaves: &'static [Directory],
    /// Commands that make the directories anew in an image. Where a build runs none of them, it needs what the host made.
    /// Empty for what no image needs.
    pub(super) made_by: &'static [&'static str],
}

/// What shows that a tool is used.
pub(super) enum Evidence {
    /// A file of this name. A name with a folder in it counts for the folder above.
    Named(&'static str),
    /// A file of this name in a Python project, for all of the project.
    Within(&'static str),
    /// A file whose name begins so and goes on with one ending: `next.config.`. No tool loads `next.config.example.js`.
    Begins(&'static str),
    /// A file of this extension.
    Extension(&'static str),
    /// A file of this name whose text holds the words.
    Mentions(&'static str, &'static str),
    /// A manifest of Python that asks for this package.
    Asks(&'static str),
    /// A pipeline that runs this program in the folder.
    Runs(&'static str),
    /// A manifest of npm of this name that asks for packages, or has a lock file beside it.
    Packages(&'static str),
    /// A file of this name, unless the `package.json` beside it asks for a version of the package that is older.
    Since(&'static str, &'static str, u32),
}

/// The folders in which a tool's directories appear.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Every folder with the evidence.
    Each,
    /// The topmost folder with the evidence, each folder that also holds one of these files, and each below a folder that
    /// holds one of the second list. None below a folder whose evidence says `claims`: it takes all of them for its own.
    Roots {
        own: &'static [&'static str],
        members_of: &'static [&'static str],
        claims: Option<&'static str>,
        /// Whether a member of a workspace can have a directory of its own beside that of the root.
        has_own_packages: bool,
    },
    /// Every folder with the evidence that is a package or lies in a Python project.
    PythonPackages,
}

/// A directory that a tool leaves behind.
pub(super) struct Directory {
    /// The name, or the path relative to the folder.
    pub(super) name: &'static str,
    /// A typical file in it: a pattern that keeps this out keeps the directory's contents out.
    pub(super) holds: &'static str,
    /// Whether sending it is a fault by itself, or only worth a mention beside another.
    pub(super) weight: Weight,
    /// Whether people commit a directory of this name on purpose, with contents of another kind.
    pub(super) may_be_meant: bool,
}

const fn cache(name: &'static str, holds: &'static str) -> Directory {
    Directory { name, holds, weight: Weight::Fault, may_be_meant: false }
}

const fn output(name: &'static str, holds: &'static str) -> Directory {
    Directory { name, holds, weight: Weight::Fault, may_be_meant: true }
}

const fn mention(name: &'static str, holds: &'static str) -> Directory {
    Directory { name, holds, weight: Weight::Mention, may_be_meant: true }
}

const fn possible(name: &'static str, holds: &'static str) -> Directory {
    Directory { name, holds, weight: Weight::Possible, may_be_meant: true }
}

use Evidence::{Asks, Begins, Extension, Mentions, Named, Packages, Runs, Since, Within};

pub(super) const NODE_LOCKS: &[&str] =
    &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];

const NODE_COMMANDS: &[&str] =
    &["npm", "yarn", "yarnpkg", "pnpm", "bun", "npx", "bunx", "corepack", "lerna", "nx", "turbo"];

/// Every tool that is known.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "Python",
        evidence: &[Extension("py")],
        place: Place::PythonPackages,
        leaves: &[cache("__pycache__", "module.cpython-313.pyc")],
        made_by: &[],
    },
    Tool {
        name: "mypy",
        evidence: &[
            Named("mypy.ini"),
            Named(".mypy.ini"),
            Mentions("pyproject.toml", "[tool.mypy"),
            Asks("mypy"),
            Mentions("setup.cfg", "[mypy"),
            Mentions(".pre-commit-config.yaml", "id: mypy"),
            Runs("mypy"),
        ],
        place: Place::Each,
        leaves: &[cache(".mypy_cache", "3.13/app.data.json")],
        made_by: &[],
    },
    Tool {
        name: "pytest",
        evidence: &[
            Named("pytest.ini"),
            Within("conftest.py"),
            Mentions("pyproject.toml", "[tool.pytest"),
            Asks("pytest"),
            Asks("pytest-asyncio"),
            Asks("pytest-cov"),
            Asks("pytest-django"),
            Mentions("setup.cfg", "[tool:pytest"),
            Mentions("tox.ini", "[pytest"),
            Mentions(".pre-commit-config.yaml", "entry: pytest"),
            Runs("pytest"),
        ],
        place: Place::Each,
        leaves: &[cache(".pytest_cache", "v/cache/lastfailed")],
        made_by: &[],
    },
    Tool {
        name: "ruff",
        evidence: &[
            Named("ruff.toml"),
            Named(".ruff.toml"),
            Mentions("pyproject.toml", "[tool.ruff"),
            Asks("ruff"),
            Mentions(".pre-commit-config.yaml", "id: ruff"),
            Runs("ruff"),
        ],
        place: Place::Each,
        leaves: &[cache(".ruff_cache", "0.9.0/1234567890")],
        made_by: &[],
    },
    Tool {
        name: "tox",
        evidence: &[
            Mentions("tox.ini", "[tox"),
            Mentions("tox.ini", "[testenv"),
            Named("tox.toml"),
            Mentions("pyproject.toml", "[tool.tox"),
            Runs("tox"),
        ],
        place: Place::Each,
        leaves: &[cache(".tox", "py313/bin/python")],
        made_by: &[],
    },
    Tool {
        name: "nox",
        evidence: &[Named("noxfile.py"), Runs("nox")],
        place: Place::Each,
        leaves: &[cache(".nox", "tests/bin/python")],
        made_by: &[],
    },
    Tool {
        name: "uv",
        evidence: &[Named("uv.lock"), Named("pdm.lock"), Mentions("pyproject.toml", "[tool.uv")],
        place: Place::Each,
        leaves: &[cache(".venv", "bin/python")],
        made_by: &["uv", "pdm", "pip"],
    },
    Tool {
        name: "pip",
        evidence: &[Named("requirements.txt"), Named("Pipfile"), Named("poetry.lock")],
        place: Place::Each,
        leaves: &[possible(".venv", "bin/python")],
        made_by: &["pip", "pipenv", "poetry", "uv"],
    },
    Tool {
        name: "npm",
        evidence: &[Packages("package.json")],
        place: Place::Roots {
            own: NODE_LOCKS,
            members_of: &["pnpm-workspace.yaml"],
            claims: None,
            has_own_packages: true,
        },
        leaves: &[cache("node_modules", "react/index.js")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Next.js",
        evidence: &[Begins("next.config."), Mentions("package.json", "\"next\":")],
        place: Place::Each,
        leaves: &[cache(".next", "cache/webpack/index.pack")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Nuxt",
        evidence: &[Begins("nuxt.config.")],
        place: Place::Each,
        leaves: &[cache(".nuxt", "routes.mjs"), mention(".output", "server/index.mjs")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "SvelteKit",
        evidence: &[Mentions("package.json", "\"@sveltejs/kit\"")],
        place: Place::Each,
        leaves: &[cache(".svelte-kit", "generated/root.js")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Angular",
        evidence: &[Since("angular.json", "\"@angular/core\"", 13)],
        place: Place::Each,
        leaves: &[cache(".angular", "cache/18.0.0/app/.tsbuildinfo"), mention("dist", "index.html")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Turborepo",
        evidence: &[Named("turbo.json")],
        place: Place::Roots { own: &[], members_of: &[], claims: None, has_own_packages: false },
        leaves: &[cache(".turbo", "cache/0123456789abcdef.tar.zst")],
        made_by: &[],
    },
    Tool {
        name: "Parcel",
        evidence: &[Named(".parcelrc"), Mentions("package.json", "\"parcel\":")],
        place: Place::Each,
        leaves: &[cache(".parcel-cache", "data.mdb"), mention("dist", "index.html")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Vite",
        evidence: &[Begins("vite.config.")],
        place: Place::Each,
        leaves: &[mention("dist", "index.html")],
        made_by: NODE_COMMANDS,
    },
    Tool {
        name: "Cargo",
        evidence: &[Named("Cargo.toml")],
        place: Place::Roots {
            own: &["Cargo.lock"],
            members_of: &[],
            claims: Some("[workspace"),
            has_own_packages: false,
        },
        leaves: &[output("target", "debug/app")],
        made_by: &["cargo", "cross", "trunk", "wasm-pack"],
    },
    Tool {
        name: "Maven",
        evidence: &[Named("pom.xml")],
        place: Place::Each,
        leaves: &[output("target", "classes/App.class")],
        made_by: &["mvn", "mvnw"],
    },
    Tool {
        name: "Gradle",
        evidence: &[Named("build.gradle"), Named("build.gradle.kts")],
        place: Place::Each,
        leaves: &[output("build", "classes/java/main/App.class")],
        made_by: &["gradle", "gradlew"],
    },
    Tool {
        name: "Gradle",
        evidence: &[Named("settings.gradle"), Named("settings.gradle.kts"), Named("gradlew")],
        place: Place::Roots { own: &["gradlew"], members_of: &[], claims: None, has_own_packages: false },
        leaves: &[cache(".gradle", "8.10/checksums/checksums.lock")],
        made_by: &["gradle", "gradlew"],
    },
    Tool {
        name: ".NET",
        evidence: &[Extension("csproj"), Extension("fsproj"), Extension("vbproj")],
        place: Place::Each,
        leaves: &[output("bin", "Debug/net9.0/App.dll"), output("obj", "project.assets.json")],
        made_by: &["dotnet", "msbuild"],
    },
    Tool {
        name: "Terraform",
        evidence: &[Named(".terraform.lock.hcl")],
        place: Place::Each,
        leaves: &[cache(".terraform", "providers/registry.terraform.io/p")],
        made_by: &[],
    },
    Tool {
        name: "Composer",
        evidence: &[Named("composer.json")],
        place: Place::Roots {
            own: &["composer.lock"],
            members_of: &[],
            claims: None,
            has_own_packages: false,
        },
        leaves: &[output("vendor", "autoload.php")],
        made_by: &["composer"],
    },
    Tool {
        name: "Mix",
        evidence: &[Named("mix.exs")],
        place: Place::Roots { own: &["mix.lock"], members_of: &[], claims: None, has_own_packages: false },
        leaves: &[output("_build", "dev/lib/app/.mix/compile.elixir"), output("deps", "plug/mix.exs")],
        made_by: &["mix"],
    },
    Tool {
        name: "Rails",
        evidence: &[Named("config/environment.rb")],
        place: Place::Each,
        leaves: &[output("tmp", "cache/bootsnap/load-path-cache"), output("log", "development.log")],
        made_by: &[],
    },
    Tool {
        name: "Bundler",
        evidence: &[Named("Gemfile")],
        place: Place::Each,
        leaves: &[possible(".bundle", "config")],
        made_by: &["bundle", "bundler"],
    },
    Tool { name: "Go", evidence: &[Named("go.mod")], place: Place::Each, leaves: &[], made_by: &[] },
];

/// What makes a folder a Python project. A `pyproject.toml` that only configures a formatter does not.
pub(super) const PYTHON_PROJECT: &[Evidence] = &[
    Named("requirements.txt"),
    Named("setup.py"),
    Named("Pipfile"),
    Named("environment.yml"),
    Named("manage.py"),
    Named("uv.lock"),
    Named("poetry.lock"),
    Mentions("pyproject.toml", "[project]"),
    Mentions("pyproject.toml", "[tool.poetry"),
    Mentions("pyproject.toml", "[build-system]"),
];

#[cfg(test)]
mod tests;
