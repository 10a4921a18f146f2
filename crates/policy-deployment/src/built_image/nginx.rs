//! The configuration of nginx that an image holds, what its base has, what is copied over it and what commands write; and
//! that of a container which mounts files over what nginx's own image has.

use policy_docker::image::contents::repository_on_hub;
use policy_docker::landed::{Below, Build, Event};
use policy_nginx::files::{Files, MAIN};
use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Sources, Span};

use super::nginx_start::{self, SCRIPTS, Start};
use super::written_files;
use crate::model::built_image::FinalStage;
use crate::model::nginx_image::{NginxImage, Template};

/// Where nginx has its configuration.
const FOLDER: &str = "/etc/nginx";

/// The folders that nginx's own images have.
const FOLDERS: [&str; 2] = [FOLDER, "/etc/nginx/conf.d"];

/// Templates that the entry point of nginx's own images fills.
const TEMPLATES: &str = "/etc/nginx/templates/";

/// Where they go.
const FILLED: &str = "/etc/nginx/conf.d/";

/// nginx's own images, with the port of the server that each begins with.
const BASES: [(&str, &str); 6] = [
    ("nginx", "80"),
    ("public.ecr.aws/nginx/nginx", "80"),
    ("openresty/openresty", "80"),
    ("nginxinc/nginx-unprivileged", "8080"),
    ("public.ecr.aws/nginx/nginx-unprivileged", "8080"),
    ("ghcr.io/nginxinc/nginx-unprivileged", "8080"),
];

/// What may stand in a folder of nginx that nothing but an `include` of its own reads.
const READ: [&str; 7] = [
    FOLDER,
    MAIN,
    "/etc/nginx/conf.d",
    "/etc/nginx/http.d",
    "/etc/nginx/sites-enabled",
    "/etc/nginx/templates",
    SCRIPTS,
];

/// The configuration in the image of the stage `target`. `None` where nothing shows that it runs nginx.
pub(super) fn of_build(build: &Build<'_>, target: usize, stage: &FinalStage) -> Option<NginxImage> {
    let base = stage.base.0.known();
    let port = base.as_deref().and_then(port_of);
    let from = stage.base.1;
    let mut image = untouched(port, from);
    let mut holds_any = false;
    build.events(target, Below { folder: FOLDER, folders: &FOLDERS }, |event, scope| match event {
        Event::File { path, file, by } => {
            holds_any = true;
            match build.sources.read(file) {
                Ok(decoded) => image.files.add(&path, Embedded::whole(file, &decoded.text)),
                Err(_) => image.doubt = Some(by),
            }
            image.brought.push((file, by));
        }
        Event::Unknown { path, by } => {
            if is_read(&path) {
                image.doubt.get_or_insert(by);
            }
            image.files.more = true;
        }
        Event::Run(command, at) => holds_any |= written_files::apply(&mut image, command, at, scope),
    });
    if port.is_none() && !holds_any {
        return None;
    }
    add_main(&mut image, from);
    let started = nginx_start::of_stage(stage, build.sources);
    image.is_alone = nginx_start::is_alone(build, target, started.as_ref());
    match started.map_or(Start::Official, |started| started.start()) {
        Start::Official => add_official_templates(&mut image),
        Start::Plain => {}
        Start::Fills(templates) => image.templates = templates,
        Start::Unknown(at) => image.doubt = image.doubt.or(Some(at)),
    }
    Some(image)
}

/// What a container gets at a path of its own.
pub(crate) struct Mount {
    /// The file or folder of the repository. `None` where it is something else.
    pub(crate) from: Option<RepoPath>,
    /// The path in the container.
    pub(crate) to: String,
    /// Where that is written.
    pub(crate) at: Span,
}

/// The configuration in a container of nginx's own image `reference`, which is started as the image says. `None` where that
/// is another image, or where nothing is mounted over its configuration.
pub(crate) fn of_mounts(
    (reference, at): (&str, Span),
    mounts: &[Mount],
    sources: &Sources<'_>,
) -> Option<NginxImage> {
    let port = port_of(reference)?;
    let mut mounts: Vec<&Mount> = mounts.iter().filter(|mount| is_read(&mount.to)).collect();
    if mounts.is_empty() {
        return None;
    }
    // What lies in a mounted folder may have something mounted over it.
    mounts.sort_by_key(|mount| mount.to.len());
    let mut image = untouched(Some(port), at);
    for mount in mounts {
        match &mount.from {
            Some(from) if mount.to != SCRIPTS => put(&mut image, from, mount, sources),
            _ => image.doubt = Some(mount.at),
        }
    }
    add_main(&mut image, at);
    add_official_templates(&mut image);
    Some(image)
}

/// Puts a file or folder of the repository over what is there. A folder hides all that the image has below its path.
fn put(image: &mut NginxImage, from: &RepoPath, mount: &Mount, sources: &Sources<'_>) {
    image.files.remove(&mount.to);
    let mut is_there = false;
    for (file, path) in sources.files_within(from) {
        let Some(below) = path.strip_prefix(from) else { continue };
        let to = if below.is_empty() { mount.to.clone() } else { format!("{}/{below}", mount.to) };
        match sources.read(file) {
            Ok(decoded) => image.files.add(&to, Embedded::whole(file, &decoded.text)),
            Err(_) => image.doubt = Some(mount.at),
        }
        image.brought.push((file, mount.at));
        is_there = true;
    }
    if !is_there {
        image.doubt = Some(mount.at);
    }
}

/// The port that the server of one of nginx's own images opens.
fn port_of(reference: &str) -> Option<&'static str> {
    let repository = repository_on_hub(reference);
    BASES.iter().find(|(name, _)| repository == *name).map(|(_, port)| *port)
}

/// What nginx's own image with a server at `port` has, or an image of which nothing is known.
fn untouched(port: Option<&str>, at: Span) -> NginxImage {
    let mut files = Files::default();
    if let Some(port) = port {
        let server = format!("server {{ listen {port}; location / {{ root /usr/share/nginx/html; }} }}");
        files.add("/etc/nginx/conf.d/default.conf", stand_in(&server, at));
    }
    NginxImage {
        files,
        brought: Vec::new(),
        templates: Vec::new(),
        base_is_known: port.is_some(),
        is_alone: true,
        doubt: None,
    }
}

/// Whether nginx or its start reads what is at `path` of an image, whether or not an `include` names it.
fn is_read(path: &str) -> bool {
    READ.contains(&path) || path.starts_with(FILLED)
}

fn stand_in(text: &str, from: Span) -> Embedded {
    let mut stand_in = Embedded::new(from.file);
    stand_in.push_for(text, from);
    stand_in
}

/// The file that nginx starts from, where the image keeps that of its base: it includes what the folders hold.
fn add_main(image: &mut NginxImage, from: Span) {
    if image.files.get(MAIN).is_none() {
        let folders = if image.base_is_known {
            "include /etc/nginx/conf.d/*.conf;"
        } else {
            "include /etc/nginx/conf.d/*.conf; include /etc/nginx/http.d/*.conf; include /etc/nginx/sites-enabled/*;"
        };
        image.files.add(MAIN, stand_in(&format!("http {{ {folders} }}"), from));
    }
}

fn add_official_templates(image: &mut NginxImage) {
    let names = image.files.all().filter_map(|(path, _)| {
        let name = path.strip_prefix(TEMPLATES)?.strip_suffix(".template")?;
        Some(Template { from: path.to_owned(), into: format!("{FILLED}{name}"), names: None })
    });
    image.templates = names.collect();
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use crate::link::link_plainly;
    use crate::model::nginx_image::variables;

    /// What nginx listens on and passes to in the image of a Dockerfile, which stands beside a `site.conf`; `?` after what
    /// is in doubt.
    fn nginx(dockerfile: &str) -> String {
        let site = "server { listen 3000; location / { proxy_pass http://${API_HOST}:1; } }";
        let tree = MemoryTree::of(&[("Dockerfile", dockerfile), ("site.conf", site), ("s.sh", "sed -i x y")]);
        let sources = Sources::open(&tree);
        let deployment = link_plainly(&sources);
        let image = &deployment.built_images[0];
        let Some(nginx) = &image.nginx else { return "none".to_owned() };
        let configuration = nginx.configured(&variables(&image.stage, None)).configuration;
        let ports: Vec<String> =
            configuration.listens().filter_map(|listen| Some(listen.port?.to_string())).collect();
        let hosts: Vec<String> = configuration
            .passes()
            .iter()
            .map(|(pass, _)| if pass.variable { "$".to_owned() } else { pass.host.to_string() })
            .collect();
        let doubt = if nginx.doubt.is_some() { "?" } else { "" };
        format!("{} > {}{doubt}", ports.join(","), hosts.join(","))
    }

    #[track_caller]
    fn assert_nginx(dockerfile: &str, expected: &str) {
        assert_eq!(nginx(dockerfile), expected, "{dockerfile}");
    }

    #[test]
    fn an_image_of_nginx_listens_as_its_base_does_until_a_file_says_otherwise() {
        assert_nginx("FROM nginx:1.27-alpine\n", "80 > ");
        assert_nginx("FROM docker.io/library/nginx\nCOPY x /usr/share/nginx/html\n", "80 > ");
        assert_nginx("FROM nginxinc/nginx-unprivileged:1\n", "8080 > ");
        assert_nginx("FROM node\nCOPY . .\n", "none");
        assert_nginx("FROM nginx\nCOPY site.conf /etc/nginx/conf.d/default.conf\n", "3000 > $");
        assert_nginx("FROM nginx\nCOPY site.conf /etc/nginx/conf.d/\n", "80,3000 > $");
        assert_nginx(
            "FROM nginx\nRUN rm /etc/nginx/conf.d/*\nCOPY site.conf /etc/nginx/conf.d/\n",
            "3000 > $",
        );
        assert_nginx("FROM nginx\nCOPY site.conf /opt/\n", "80 > ");
        assert_nginx(
            "FROM alpine\nRUN apk add nginx\nCOPY site.conf /etc/nginx/http.d/default.conf\n",
            "3000 > $",
        );
    }

    #[test]
    fn commands_write_configurations() {
        let written = "server { listen 8080; location / { proxy_pass http://api:1; } }";
        for command in [
            format!("RUN echo '{written}' > /etc/nginx/conf.d/default.conf"),
            format!("RUN printf '{written}\\n' > /etc/nginx/conf.d/default.conf"),
            format!("RUN printf '%s\\n' '{written}' > /etc/nginx/conf.d/default.conf && nginx -t"),
            format!("RUN cat <<'EOF' > /etc/nginx/conf.d/default.conf\n{written}\nEOF"),
            format!("RUN cat > /etc/nginx/conf.d/default.conf <<EOF\n{written}\nEOF"),
            "RUN echo 'server { listen 8080; location / {' > /etc/nginx/conf.d/default.conf \\\n \
             && echo 'proxy_pass http://api:1; } }' >> /etc/nginx/conf.d/default.conf"
                .to_owned(),
        ] {
            assert_nginx(&format!("FROM nginx\n{command}\n"), "8080 > api");
        }
        assert_nginx("FROM nginx\nRUN chown -R nginx /etc/nginx && chmod 755 /etc/nginx/conf.d\n", "80 > ");
        assert_nginx("FROM nginx\nRUN sed -i s/80/81/ /etc/nginx/conf.d/default.conf\n", "80 > ?");
        assert_nginx("FROM nginx\nRUN rm -rf /etc/nginx/conf.d\n", " > ");
        let moved = "RUN mv /etc/nginx/conf.d/default.conf /etc/nginx/conf.d/default.conf.off";
        assert_nginx(&format!("FROM nginx\n{moved}\n"), " > ");
    }

    #[test]
    fn templates_are_filled_where_something_fills_them() {
        let copied = "ENV API_HOST=api\nCOPY site.conf /etc/nginx/templates/default.conf.template\n";
        assert_nginx(&format!("FROM nginx\n{copied}"), "3000 > api");
        assert_nginx(
            &format!("FROM nginx\n{copied}CMD [\"nginx\", \"-g\", \"daemon off;\"]\n"),
            "3000 > api",
        );
        assert_nginx(
            &format!("FROM nginx\n{copied}ENTRYPOINT [\"nginx\", \"-g\", \"daemon off;\"]\n"),
            "80 > ",
        );
        let own = "ENV API_HOST=api\nCOPY site.conf /x.template\nCOPY site.conf /etc/nginx/t\n";
        let fills = "CMD envsubst '$API_HOST' < /etc/nginx/t > /etc/nginx/conf.d/default.conf && nginx -g 'daemon off;'\n";
        assert_nginx(&format!("FROM nginx\n{own}{fills}"), "3000 > api");
        assert_nginx("FROM nginx\nCOPY s.sh /s.sh\nENTRYPOINT [\"/s.sh\"]\n", "80 > ?");
        assert_nginx("FROM nginx\nENTRYPOINT [\"/elsewhere.sh\"]\n", "80 > ?");
    }
}
