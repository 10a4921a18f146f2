//! What commands of images listen on.

use policy_text::source::{MemoryTree, RepoPath, Sources};

use super::*;
use crate::link::link_plainly;
use crate::model::server::Host;

/// `host:port` of what the image of a Dockerfile starts, with `*` and `lo` for hosts and `?` for what is not known; `-` where
/// no program is known.
fn listens_with(dockerfile: &str, files: &[(&str, &str)]) -> String {
    let tree = MemoryTree::new().with(RepoPath::new("Dockerfile").unwrap(), dockerfile);
    let tree = files
        .iter()
        .fold(tree, |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), text.as_bytes()));
    let sources = Sources::open(&tree);
    let deployment = link_plainly(&sources);
    let server = server_of(&deployment.built_images[0], Given::nothing(), &sources);
    let Some(server) = server else { return "-".to_owned() };
    let host = match server.host.map(|host| host.value) {
        Some(Host::Everywhere) => "*",
        Some(Host::Loopback) => "lo",
        None => "?",
    };
    let port = server.port.map_or("?".to_owned(), |port| port.value.to_string());
    format!("{host}:{port}")
}

fn listens(command: &str) -> String {
    listens_with(&format!("FROM python:3.12\nENV SET=9000\n{command}\n"), &[])
}

#[test]
fn each_program_listens_where_its_flags_say_or_its_default_is() {
    for (command, expected) in [
        ("uvicorn app:api", "lo:8000"),
        ("uvicorn app:api --host 0.0.0.0 --port 5000", "*:5000"),
        ("uvicorn --host=127.0.0.1 app:api", "lo:8000"),
        ("uvicorn app:api --uds /run/app.sock", "-"),
        ("uvicorn app:api --port $SET", "lo:9000"),
        ("uvicorn app:api --port ${UNSET:-7000}", "lo:7000"),
        ("UVICORN_PORT=1 uvicorn app:api", "lo:8000"),
        ("fastapi run app.py", "*:8000"),
        ("fastapi dev app.py", "lo:8000"),
        ("flask run -h 0.0.0.0 -p 80", "*:80"),
        ("python -m flask run", "lo:5000"),
        ("flask --app web run --host 0.0.0.0", "*:5000"),
        ("python manage.py runserver", "lo:8000"),
        ("python manage.py runserver 0.0.0.0:80", "*:80"),
        ("./manage.py runserver 3000", "lo:3000"),
        ("gunicorn web.wsgi", "lo:8000"),
        ("gunicorn -b :8080 -w 4 web.wsgi", "*:8080"),
        ("gunicorn --bind 0.0.0.0:8080 --bind 0.0.0.0:8081 web.wsgi", "-"),
        ("gunicorn --bind unix:/run/app.sock web.wsgi", "-"),
        ("gunicorn -c conf.py web.wsgi", "-"),
        ("hypercorn app:api --bind 0.0.0.0:80", "*:80"),
        ("daphne -b 0.0.0.0 -p 8001 web.asgi:application", "*:8001"),
        ("streamlit run app.py --server.port=8080", "*:8080"),
        ("python -m http.server", "*:8000"),
        ("python3 -m http.server 80 --bind 127.0.0.1", "lo:80"),
        ("npx next start -p 4000", "*:4000"),
        ("vite", "lo:5173"),
        ("vite --host", "*:5173"),
        ("npx vite preview --host 0.0.0.0 --port 80", "*:80"),
        ("vite build", "-"),
        ("ng serve --host 0.0.0.0", "*:4200"),
        ("php artisan serve", "lo:8000"),
        ("php -S localhost:80 -t public", "lo:80"),
        ("exec uvicorn app:api", "lo:8000"),
        ("poetry run uvicorn app:api", "lo:8000"),
        ("uv run --no-dev uvicorn app:api", "lo:8000"),
        ("alembic upgrade head && uvicorn app:api", "lo:8000"),
        ("uvicorn $OPTIONS app:api", "-"),
        ("worker & uvicorn app:api", "-"),
        ("nginx && uvicorn app:api", "-"),
        ("service nginx start && exec uvicorn app:api", "-"),
        ("/etc/init.d/nginx start; uvicorn app:api", "-"),
        ("caddy start --config Caddyfile; uvicorn app:api", "-"),
        ("caddy validate --config Caddyfile; uvicorn app:api", "lo:8000"),
        ("set -a; . ./.env; uvicorn app:api", "-"),
        (". venv/bin/activate && uvicorn app:api", "lo:8000"),
        ("gosu app timeout 60 uvicorn app:api", "lo:8000"),
        ("uvicorn app:api; sleep 5", "-"),
        ("python app.py", "-"),
        ("if [ -n \"$DEV\" ]; then flask run; else gunicorn -b :80 a; fi", "-"),
    ] {
        assert_eq!(listens(&format!("CMD {command}")), expected, "{command}");
    }
    assert_eq!(listens("ENV PORT=8080\nCMD gunicorn web.wsgi"), "?:8080");
    assert_eq!(listens("ENV GUNICORN_CMD_ARGS=--bind=0.0.0.0:9100\nCMD gunicorn web.wsgi"), "-");
    assert_eq!(listens("ENTRYPOINT [\"uvicorn\", \"app:api\"]\nCMD [\"--port\", \"81\"]"), "lo:81");
    assert_eq!(listens("ENTRYPOINT [\"tini\", \"--\", \"uvicorn\"]\nCMD [\"app:api\"]"), "lo:8000");
    assert_eq!(listens("CMD [\"uvicorn\", \"app:api\", \"--port\", \"$SET\"]"), "-", "no shell fills it");
}

#[test]
fn scripts_of_the_image_and_of_packages_are_followed() {
    let image = "FROM python:3.12\nWORKDIR /srv\nCOPY . .\n";
    let start =
        ("start.sh", "#!/bin/bash\nset -e\nPORT=${PORT:-8080}\nexec gunicorn -b \"0.0.0.0:$PORT\" a\n");
    assert_eq!(listens_with(&format!("{image}CMD [\"bash\", \"start.sh\"]\n"), &[start]), "*:8080");
    assert_eq!(listens_with(&format!("{image}CMD ./start.sh\n"), &[start]), "*:8080");
    assert_eq!(listens_with(&format!("{image}ENV PORT=81\nCMD [\"./start.sh\"]\n"), &[start]), "*:81");
    assert_eq!(listens_with(&format!("{image}CMD [\"./other.sh\"]\n"), &[start]), "-");
    let entry = ("entry.sh", "#!/bin/sh\npython manage.py migrate\nexec \"$@\"\n");
    let both = format!("{image}ENTRYPOINT [\"/srv/entry.sh\"]\nCMD [\"uvicorn\", \"app:api\"]\n");
    assert_eq!(listens_with(&both, &[entry]), "lo:8000");
    let package = ("package.json", "{\"scripts\": {\"start\": \"next start -p 3001\"}}");
    assert_eq!(listens_with(&format!("{image}CMD npm start\n"), &[package]), "*:3001");
    assert_eq!(listens_with(&format!("{image}CMD [\"yarn\", \"run\", \"start\"]\n"), &[package]), "*:3001");
    assert_eq!(listens_with(&format!("{image}CMD npm run serve\n"), &[package]), "-");
    let runs_another =
        ("package.json", "{\"scripts\": {\"start\": \"npm run web\", \"web\": \"next start\"}}");
    assert_eq!(listens_with(&format!("{image}CMD npm start\n"), &[runs_another]), "*:3000");
    let wild = "FROM python:3.12\nCOPY *.sh /opt/\nCMD [\"/opt/start.sh\"]\n";
    assert_eq!(listens_with(wild, &[start]), "*:8080");
    let own = ("docker-entrypoint.sh", "#!/bin/sh\nexec gunicorn -b 0.0.0.0:9000 a\n");
    let entry =
        format!("{image}ENTRYPOINT [\"/srv/docker-entrypoint.sh\"]\nCMD [\"uvicorn\", \"app:api\"]\n");
    assert_eq!(listens_with(&entry, &[own]), "*:9000");
}

#[test]
fn a_variable_that_may_be_set_leaves_the_port_open() {
    let tree = MemoryTree::new().with(
        RepoPath::new("Dockerfile").unwrap(),
        "FROM python:3.12\nCMD uvicorn app:api --port ${PORT:-80}\n",
    );
    let sources = Sources::open(&tree);
    let deployment = link_plainly(&sources);
    let open = task_definition::Environment { variables: Vec::new(), more: true };
    let given = Given { environment: Some(&open), ..Given::nothing() };
    assert_eq!(server_of(&deployment.built_images[0], given, &sources), None);
}

#[test]
fn a_file_that_may_say_otherwise_leaves_the_default_open() {
    let image = "FROM node:22\nCOPY . .\nCMD vite\n";
    assert_eq!(listens_with(image, &[("vite.config.ts", "export default { plugins: [] }")]), "lo:5173");
    assert_eq!(
        listens_with(image, &[("vite.config.ts", "export default { server: { host: true } }")]),
        "?:?"
    );
}

#[test]
fn spring_boot_listens_where_its_configuration_says() {
    let image = "FROM maven:3 AS build\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:21-jre\nCOPY --from=build target/*.jar app.jar\nENTRYPOINT [\"java\", \"-jar\", \"app.jar\"]\n";
    let pom = ("pom.xml", "<artifactId>spring-boot-starter-web</artifactId>");
    let at = |path: &'static str, text: &'static str| (path, text);
    let own = |text| at("src/main/resources/application.properties", text);
    for (files, expected) in [
        (vec![pom, own("# none\n")], "*:8080"),
        (vec![own("# none\n")], "-"),
        (vec![pom, own("a=b\nserver.port = 8081\n")], "*:8081"),
        (vec![own("server.port=${PORT:8082}\n")], "*:8082"),
        (vec![own("server.port=${PORT}\n")], "-"),
        (vec![own("server.port=0\n")], "-"),
        (vec![at("src/main/resources/application.yml", "server:\n  port: 8083\n")], "*:8083"),
        (
            vec![at("src/main/resources/application.yml", "server:\n  port: 1\n---\nserver:\n  port: 2\n")],
            "-",
        ),
        (
            vec![
                own("server.port=81\n"),
                at("src/main/resources/application-prod.properties", "server.port=82"),
            ],
            "-",
        ),
        (vec![own("server.port=81\n"), at("src/main/resources/application-prod.properties", "a=b")], "*:81"),
        (
            vec![own("server.port=81\n"), at("src/test/resources/application.properties", "server.port=82")],
            "*:81",
        ),
        (vec![own("server.port=81\n"), at("config/application.properties", "a=b")], "-"),
        (vec![own("server.port=81\nspring.config.import=configserver:\n")], "-"),
        (vec![own("server.port=81\n"), at("src/main/resources/bootstrap.yml", "a: b\n")], "-"),
        (vec![pom], "-"),
    ] {
        assert_eq!(listens_with(image, &files), expected, "{files:?}");
    }
    let told = [own("server.port=81\n")];
    assert_eq!(listens_with(&format!("{image}ENV SERVER_PORT=9000\n"), &told), "*:9000");
    assert_eq!(listens_with(&format!("{image}ENV JAVA_TOOL_OPTIONS=-Dserver.port=9\n"), &told), "-");
    let flag = image.replace("\"app.jar\"]", "\"app.jar\", \"--server.port=9001\"]");
    assert_eq!(listens_with(&flag, &told), "*:9001");
}

#[test]
fn asp_net_listens_where_its_image_or_a_variable_says() {
    let image = |version: &str, more: &str| {
        format!(
            "FROM mcr.microsoft.com/dotnet/aspnet:{version}\nCOPY out .\n{more}ENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"
        )
    };
    for (version, more, expected) in [
        ("8.0", "", "*:8080"),
        ("9.0-alpine", "", "*:8080"),
        ("6.0", "", "*:80"),
        ("latest", "", "-"),
        ("8.0", "ENV ASPNETCORE_URLS=http://+:5000\n", "*:5000"),
        ("8.0", "ENV ASPNETCORE_URLS=http://+:5000;https://+:5001\n", "-"),
        ("8.0", "ENV ASPNETCORE_HTTP_PORTS=80\n", "*:80"),
        ("8.0", "ENV ASPNETCORE_HTTPS_PORTS=443\n", "-"),
    ] {
        assert_eq!(listens_with(&image(version, more), &[]), expected, "{version} {more}");
    }
    for address in ["\"http://0.0.0.0:5000\"", "$\"http://*:{port}\"", "url"] {
        let program = format!("var app = builder.Build();\napp.Run({address});\n");
        assert_eq!(listens_with(&image("8.0", ""), &[("Program.cs", &program)]), "-", "{address}");
    }
    assert_eq!(listens_with(&image("8.0", ""), &[("appsettings.json", "{\"Kestrel\": {}}")]), "-");
    assert_eq!(listens_with(&image("8.0", ""), &[("Program.cs", "app.Run();")]), "*:8080");
}
