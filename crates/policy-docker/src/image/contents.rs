//! Which programs well-known images hold: what their documentation or their Dockerfiles say, one row for each kind.

/// What is known of the programs in an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Whether there is a shell.
    pub shell: bool,
    /// Programs that are there.
    pub has: &'static [&'static str],
    /// Programs that are not there.
    pub lacks: &'static [&'static str],
    /// Where that is documented.
    pub source: &'static str,
}

/// One kind of image.
struct Row {
    /// The repositories, as Docker Hub names them: `node`, `oven/bun`, `gcr.io/distroless/`. One that ends in a slash is
    /// all that begin with it.
    images: &'static [&'static str],
    /// What must hold for the tag. All of it.
    tag: &'static [Tag],
    contents: Contents,
}

/// A condition of a tag.
enum Tag {
    /// One of its words begins so: `alpine` holds for `20-alpine3.19`.
    Says(&'static str),
    /// None of its words begins so.
    Lacks(&'static str),
    /// Its version is at least this one, or it has none.
    From(u32, u32),
    /// Its version is below this one.
    Before(u32, u32),
}
use Tag::{Before, From, Lacks, Says};

/// What Debian and Ubuntu lack unless something installs it.
const BARE_DEBIAN: &[&str] = &["curl", "wget", "nc"];
/// What `BusyBox` brings.
const BUSYBOX: &[&str] = &["wget", "nc", "sh", "grep", "ps", "cat", "test", "pgrep"];
/// What an image without a system lacks.
const NOTHING: &[&str] = &["curl", "wget", "nc", "sh", "bash", "busybox", "grep", "cat"];

const ALPINE: Contents = Contents {
    shell: true,
    has: &["apk", "wget", "nc", "sh", "grep", "ps", "cat", "test", "pgrep"],
    lacks: &["curl"],
    source: "https://github.com/alpinelinux/docker-alpine",
};

/// The rows; the first that fits counts.
const ROWS: &[Row] = &[
    Row {
        images: &["scratch"],
        tag: &[],
        contents: Contents {
            shell: false,
            has: &[],
            lacks: NOTHING,
            source: "https://docs.docker.com/build/building/base-images/",
        },
    },
    Row {
        images: &["gcr.io/distroless/"],
        tag: &[Lacks("debug")],
        contents: Contents {
            shell: false,
            has: &[],
            lacks: NOTHING,
            source: "https://github.com/GoogleContainerTools/distroless",
        },
    },
    Row {
        images: &["otel/opentelemetry-collector", "otel/opentelemetry-collector-contrib"],
        tag: &[],
        contents: Contents {
            shell: false,
            has: &[],
            lacks: NOTHING,
            source: "https://github.com/open-telemetry/opentelemetry-collector-releases",
        },
    },
    Row {
        images: &["quay.io/keycloak/keycloak", "keycloak/keycloak"],
        tag: &[From(21, 0)],
        contents: Contents {
            shell: true,
            has: &["bash", "sh"],
            lacks: &["curl", "wget", "nc"],
            source: "https://www.keycloak.org/server/containers",
        },
    },
    Row {
        images: &["mcr.microsoft.com/dotnet/aspnet", "mcr.microsoft.com/dotnet/runtime"],
        tag: &[Says("chiseled")],
        contents: Contents {
            shell: false,
            has: &[],
            lacks: NOTHING,
            source: "https://github.com/dotnet/dotnet-docker/blob/main/documentation/distroless.md",
        },
    },
    Row {
        images: &["mcr.microsoft.com/dotnet/aspnet", "mcr.microsoft.com/dotnet/runtime"],
        tag: &[Says("alpine")],
        contents: ALPINE,
    },
    Row {
        images: &["mcr.microsoft.com/dotnet/aspnet", "mcr.microsoft.com/dotnet/runtime"],
        // Windows and other systems are named; Debian and Ubuntu are the rest.
        tag: &[Lacks("nanoserver"), Lacks("windowsservercore"), Lacks("azurelinux"), Lacks("cbl")],
        contents: Contents {
            shell: true,
            has: &["sh", "bash", "grep", "cat"],
            lacks: BARE_DEBIAN,
            source: "https://github.com/dotnet/dotnet-docker/blob/main/documentation/image-artifact-details.md",
        },
    },
    Row {
        images: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: &[Says("alpine"), Says("slim")],
        contents: ALPINE,
    },
    Row { images: &["nginx"], tag: &[Says("alpine"), Before(1, 21)], contents: ALPINE },
    Row {
        images: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: &[Says("alpine")],
        contents: Contents {
            shell: true,
            has: &["curl", "wget", "nc", "sh", "grep", "cat", "nginx"],
            lacks: &["bash"],
            source: "https://github.com/nginxinc/docker-nginx/blob/master/stable/alpine/Dockerfile",
        },
    },
    Row {
        images: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["curl", "sh", "bash", "grep", "cat", "nginx"],
            lacks: &["wget"],
            source: "https://github.com/nginxinc/docker-nginx/blob/master/stable/debian/Dockerfile",
        },
    },
    Row {
        images: &["php"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["curl", "php", "sh", "grep", "cat"],
            lacks: &[],
            source: "https://github.com/docker-library/php/blob/master/Dockerfile-linux.template",
        },
    },
    Row {
        images: &["oven/bun"],
        tag: &[Says("distroless")],
        contents: Contents {
            shell: false,
            has: &["bun"],
            lacks: NOTHING,
            source: "https://github.com/oven-sh/bun/tree/main/dockerhub",
        },
    },
    Row { images: &["oven/bun"], tag: &[Says("alpine")], contents: ALPINE },
    Row {
        images: &["oven/bun"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["bun", "sh", "bash", "grep", "cat"],
            lacks: BARE_DEBIAN,
            source: "https://github.com/oven-sh/bun/tree/main/dockerhub",
        },
    },
    Row {
        images: &["eclipse-temurin"],
        tag: &[
            Lacks("alpine"),
            Lacks("ubi"),
            Lacks("windowsservercore"),
            Lacks("nanoserver"),
            Lacks("centos"),
        ],
        contents: Contents {
            shell: true,
            has: &["curl", "wget", "java", "sh", "bash", "grep", "cat"],
            lacks: &["nc"],
            source: "https://github.com/adoptium/containers",
        },
    },
    Row {
        images: &[
            "alpine",
            "python",
            "node",
            "ruby",
            "golang",
            "eclipse-temurin",
            "amazoncorretto",
            "openjdk",
            "httpd",
            "redis",
            "postgres",
        ],
        tag: &[Says("alpine")],
        contents: ALPINE,
    },
    Row { images: &["alpine", "caddy", "traefik", "prom/prometheus"], tag: &[], contents: ALPINE },
    Row {
        images: &["busybox"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: BUSYBOX,
            lacks: &["curl", "bash"],
            source: "https://hub.docker.com/_/busybox",
        },
    },
    Row {
        images: &["python", "node", "ruby", "openjdk", "rust"],
        tag: &[Says("slim")],
        contents: Contents {
            shell: true,
            has: &["apt-get", "sh", "bash", "grep", "cat"],
            lacks: BARE_DEBIAN,
            source: "https://hub.docker.com/_/python",
        },
    },
    Row {
        images: &["debian", "ubuntu"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["apt-get", "sh", "bash", "grep", "cat"],
            lacks: BARE_DEBIAN,
            source: "https://packages.debian.org/stable/curl",
        },
    },
    Row {
        images: &["httpd"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["sh", "bash", "grep", "cat"],
            lacks: &["curl", "wget"],
            source: "https://github.com/docker-library/httpd/blob/master/2.4/Dockerfile",
        },
    },
    Row { images: &["ghcr.io/astral-sh/uv"], tag: &[Says("alpine")], contents: ALPINE },
    Row {
        images: &["ghcr.io/astral-sh/uv"],
        tag: &[Says("slim")],
        contents: Contents {
            shell: true,
            has: &["python", "python3", "sh", "bash", "grep", "cat"],
            lacks: BARE_DEBIAN,
            source: "https://docs.astral.sh/uv/guides/integration/docker/",
        },
    },
    // The full images of languages are made on `buildpack-deps`.
    Row {
        images: &["python", "node", "ruby", "golang", "rust", "buildpack-deps", "maven", "gcc"],
        tag: &[Lacks("windowsservercore"), Lacks("nanoserver"), Lacks("alpine"), Lacks("slim")],
        contents: Contents {
            shell: true,
            has: &["curl", "wget", "sh", "bash", "grep", "cat"],
            lacks: &[],
            source: "https://hub.docker.com/_/buildpack-deps",
        },
    },
    Row {
        images: &["amazoncorretto", "openjdk", "amazonlinux", "public.ecr.aws/amazonlinux/amazonlinux"],
        tag: &[Lacks("alpine"), Lacks("slim"), Lacks("headless")],
        contents: Contents {
            shell: true,
            has: &["curl", "sh", "bash", "cat"],
            lacks: &[],
            source: "https://docs.aws.amazon.com/linux/al2023/ug/curl.html",
        },
    },
    Row {
        images: &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch", "localstack/localstack"],
        tag: &[],
        contents: Contents {
            shell: true,
            has: &["curl", "sh", "bash", "grep", "cat"],
            lacks: &[],
            source: "https://www.elastic.co/docs/deploy-manage/deploy/self-managed/install-elasticsearch-docker-compose",
        },
    },
    Row {
        images: &["mongo"],
        tag: &[From(6, 0)],
        contents: Contents {
            shell: true,
            has: &["mongosh", "sh", "bash"],
            lacks: &["mongo"],
            source: "https://www.mongodb.com/docs/manual/release-notes/6.0-compatibility/",
        },
    },
];

/// What is known of the image `reference`; unknown characters in it are written as `hole`. `None` where nothing is.
pub fn contents_of(reference: &str, hole: char) -> Option<Contents> {
    let (name, tag) = split(reference);
    if name.contains(hole) {
        return None;
    }
    let name = hub_name(name);
    let own = ROWS.iter().filter(|row| row.images.iter().any(|image| is_meant(image, name)));
    for row in own {
        let mut conditions = row.tag.iter().map(|condition| condition.holds(tag, hole));
        match conditions.try_fold(true, |all, holds| holds.map(|holds| all && holds)) {
            Some(true) => return Some(row.contents),
            Some(false) => {}
            None => return None,
        }
    }
    None
}

/// The repository of the image `reference` as Docker Hub names it, whichever mirror serves it.
pub fn repository_on_hub(reference: &str) -> &str {
    hub_name(split(reference).0)
}

fn is_meant(image: &str, name: &str) -> bool {
    if image.ends_with('/') { name.starts_with(image) } else { name == image }
}

/// The name and the tag, without a digest.
fn split(reference: &str) -> (&str, &str) {
    let reference = reference.split_once('@').map_or(reference, |(before, _)| before);
    match reference.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (reference, ""),
    }
}

/// The name as Docker Hub has it, whichever mirror serves it.
fn hub_name(name: &str) -> &str {
    const MIRRORS: [&str; 5] = [
        "docker.io/",
        "index.docker.io/",
        "registry.hub.docker.com/",
        "public.ecr.aws/docker/",
        "mirror.gcr.io/",
    ];
    let name = MIRRORS.iter().find_map(|mirror| name.strip_prefix(mirror)).unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

impl Tag {
    /// Whether it holds for `tag`; `None` where an unknown part of it decides.
    fn holds(&self, tag: &str, hole: char) -> Option<bool> {
        let said = |word: &str| tag.split(['-', '_', '.']).any(|own| own.starts_with(word));
        // What is not known may be any word, or a version alone where a digit or a dash follows or precedes it.
        let may_say_more = tag == hole.to_string();
        match self {
            Self::Says(word) => (said(word) || !may_say_more).then(|| said(word)),
            Self::Lacks(word) => (said(word) || !may_say_more).then(|| !said(word)),
            Self::From(major, minor) => at_least(tag, *major, *minor, hole),
            Self::Before(major, minor) => at_least(tag, *major, *minor, hole).map(|is| !is),
        }
    }
}

/// Whether a tag's version is at least the one; one without a version is the newest.
fn at_least(tag: &str, major: u32, minor: u32, hole: char) -> Option<bool> {
    let first = tag.split(['-', '_']).next().unwrap_or_default().trim_start_matches('v');
    if first.contains(hole) {
        return None;
    }
    let mut numbers = first.split('.').map(str::parse::<u32>);
    let Some(Ok(own)) = numbers.next() else { return Some(true) };
    let next = numbers.next().and_then(Result::ok).unwrap_or(u32::MAX);
    Some((own, next) >= (major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the image has the program; `None` where that is not known.
    fn has(image: &str, program: &str) -> Option<bool> {
        let contents = contents_of(image, '?')?;
        if contents.has.contains(&program) {
            return Some(true);
        }
        contents.lacks.contains(&program).then_some(false)
    }

    #[test]
    fn slim_images_have_neither_curl_nor_wget() {
        for image in [
            "python:3.11-slim",
            "node:20-bookworm-slim",
            "docker.io/library/python:3.12-slim@sha256:0",
            "public.ecr.aws/docker/library/node:22-slim",
            "debian:bookworm",
            "ubuntu",
            "mcr.microsoft.com/dotnet/aspnet:8.0",
            "python:?-slim",
        ] {
            assert_eq!((has(image, "curl"), has(image, "wget")), (Some(false), Some(false)), "{image}");
        }
    }

    #[test]
    fn alpine_has_wget_alone_and_nginx_has_both_since_it_says_so() {
        for image in
            ["node:20-alpine", "python:3.12-alpine3.20", "alpine:3", "nginx:1.20-alpine", "nginx:alpine-slim"]
        {
            assert_eq!((has(image, "curl"), has(image, "wget")), (Some(false), Some(true)), "{image}");
        }
        for image in
            ["nginx:alpine", "nginx:1.27-alpine", "eclipse-temurin:21-jre", "node:22", "golang:1.24-bullseye"]
        {
            assert_eq!((has(image, "curl"), has(image, "wget")), (Some(true), Some(true)), "{image}");
        }
    }

    #[test]
    fn what_is_not_known_of_a_tag_is_not_guessed() {
        for image in ["python:?", "?/python:3.11-slim", "team/python:3.11-slim", "nginx:?-alpine"] {
            assert_eq!(has(image, "curl"), None, "{image}");
        }
    }

    #[test]
    fn nothing_runs_without_a_system() {
        for image in ["scratch", "gcr.io/distroless/static-debian12:nonroot"] {
            let contents = contents_of(image, '?').unwrap();
            assert!(!contents.shell && contents.lacks.contains(&"curl"), "{image}");
        }
        assert_eq!(contents_of("gcr.io/distroless/static:debug", '?'), None);
    }

    #[test]
    fn mongo_lost_its_old_shell() {
        assert_eq!(
            (has("mongo:7", "mongo"), has("mongo", "mongo"), has("mongo:4.4", "mongo")),
            (Some(false), Some(false), None)
        );
    }
}
