//! From the words of a command to the program that it starts.

use policy_text::source::{FileId, RepoPath};

use super::Server::Other;
use super::{Directory, Environment, Named, Program, Start};
use crate::modules::{Found, Modules};

/// The program that the words of a command start in `directory`. `None` where that is no program in Python, or one that is
/// not in the tree.
pub fn program(
    words: &[&str],
    directory: &Directory<'_>,
    environment: &Environment,
    modules: &Modules<'_>,
) -> Option<Program> {
    let command = Command { directory, environment, modules };
    // What stands before the server runs it: `poetry run`, `ddtrace-run`, `tini --`.
    (0..words.len()).find_map(|first| {
        let (program, arguments) = words.get(first..)?.split_first()?;
        let name = program.rsplit('/').next().unwrap_or(program);
        command.run(name, arguments)
    })
}

/// Where a command is run.
struct Command<'c, 's> {
    directory: &'c Directory<'c>,
    environment: &'c Environment,
    modules: &'c Modules<'s>,
}

/// The flags of a server that take no value. Each other flag takes the next word, unless it has its own after a `=`.
struct Server {
    switches: &'static [&'static str],
    /// The flags that name a folder to import from.
    folders: &'static [&'static str],
    /// The name of the object where none is given.
    object: &'static str,
}

const UVICORN: Server = Server {
    switches: &[
        "--reload",
        "--proxy-headers",
        "--no-proxy-headers",
        "--factory",
        "--use-colors",
        "--no-use-colors",
        "--access-log",
        "--no-access-log",
        "--server-header",
        "--no-server-header",
        "--date-header",
        "--no-date-header",
    ],
    folders: &["--app-dir"],
    object: "",
};

const GUNICORN: Server = Server {
    switches: &[
        "--reload",
        "--preload",
        "--daemon",
        "-D",
        "--check-config",
        "--print-config",
        "--capture-output",
        "--enable-stdio-inheritance",
        "--no-sendfile",
        "--sendfile",
        "--reuse-port",
        "--proxy-protocol",
        "--spew",
        "--initgroups",
        "--log-syslog",
        "--do-handshake-on-connect",
        "--suppress-ragged-eofs",
    ],
    folders: &["--chdir", "--pythonpath"],
    object: "application",
};

const HYPERCORN: Server =
    Server { switches: &["--reload", "--debug", "-D", "--daemon"], folders: &[], object: "app" };

const DAPHNE: Server =
    Server { switches: &["--proxy-headers", "--no-server-name"], folders: &[], object: "application" };

const GRANIAN: Server = Server {
    switches: &["--reload", "--access-log", "--no-access-log", "--factory", "--no-ws"],
    folders: &["--working-dir"],
    object: "",
};

impl Command<'_, '_> {
    fn run(&self, name: &str, arguments: &[&str]) -> Option<Program> {
        match name {
            "uvicorn" => self.served_by(&UVICORN, arguments),
            "gunicorn" => {
                Some(Program { server: super::Server::Gunicorn, ..self.served_by(&GUNICORN, arguments)? })
            }
            "hypercorn" => self.served_by(&HYPERCORN, arguments),
            "daphne" => self.served_by(&DAPHNE, arguments),
            "granian" => self.served_by(&GRANIAN, arguments),
            "flask" => self.flask(arguments),
            "fastapi" => self.fastapi(arguments),
            "django-admin" => None,
            _ if is_python(name) => self.python(arguments),
            _ => self.script(name),
        }
    }

    fn roots(&self, folders: &[&str]) -> Vec<RepoPath> {
        let given = folders.iter().filter_map(|folder| self.directory.place(folder));
        let path = self.environment.value("PYTHONPATH");
        let path = path
            .into_iter()
            .flat_map(|path| path.split(':'))
            .filter_map(|folder| self.directory.place(folder));
        given.chain([self.directory.folder.clone()]).chain(path).collect()
    }

    /// `uvicorn [flags] app.main:app`
    fn served_by(&self, server: &Server, arguments: &[&str]) -> Option<Program> {
        let (mut object, mut folders, mut factory) = (None, Vec::new(), false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (flag, value) =
                word.split_once('=').map_or((*word, None), |(flag, value)| (flag, Some(value)));
            if !word.starts_with('-') {
                object = object.or(Some(*word));
            } else if server.switches.contains(&flag) {
                factory |= flag == "--factory";
            } else {
                let value = value.or_else(|| words.next().copied());
                folders.extend(value.filter(|_| server.folders.contains(&flag)));
            }
        }
        let (module, object) = object?.split_once(':').unwrap_or((object?, server.object));
        let named = match object.strip_suffix(')').and_then(|call| call.split_once('(')) {
            Some((function, "")) => Named::Call(function.to_owned()),
            Some((function, _)) => Named::CallWith(function.to_owned()),
            None if factory => Named::Call(object.to_owned()),
            None if object.is_empty() => return None,
            None => Named::Name(object.to_owned()),
        };
        let roots = self.roots(&folders);
        let module = module.rsplit_once(':').map_or(module, |(_, module)| module);
        Some(Program { start: Start::Object(self.module(&roots, module)?, named), roots, server: Other })
    }

    /// `flask --app pkg.app:create_app run`
    fn flask(&self, arguments: &[&str]) -> Option<Program> {
        if !arguments.contains(&"run") {
            return None;
        }
        let given = arguments.iter().enumerate().find_map(|(index, word)| match *word {
            "--app" | "-A" => arguments.get(index + 1).copied(),
            _ => word.strip_prefix("--app="),
        });
        let roots = self.roots(&[]);
        let Some(given) = given.or_else(|| self.environment.value("FLASK_APP")) else {
            let file = ["wsgi.py", "app.py"].iter().find_map(|name| self.file(name))?;
            return Some(Program { start: Start::Object(file, Named::Found), roots, server: Other });
        };
        let (module, object) = given.split_once(':').unwrap_or((given, ""));
        let named = match object.split_once('(') {
            Some((function, ")" | "")) => Named::Call(function.to_owned()),
            Some((function, _)) => Named::CallWith(function.to_owned()),
            None if object.is_empty() => Named::Found,
            None => Named::Name(object.to_owned()),
        };
        let file = self.module(&roots, module).or_else(|| self.file(module))?;
        Some(Program { start: Start::Object(file, named), roots, server: Other })
    }

    /// `fastapi run app/main.py`
    fn fastapi(&self, arguments: &[&str]) -> Option<Program> {
        let (verb, arguments) = arguments.split_first()?;
        if !["run", "dev"].contains(verb) {
            return None;
        }
        let option = |name: &str| {
            let place = arguments.iter().position(|word| *word == name)?;
            arguments.get(place + 1).copied()
        };
        let named = option("--app").map_or(Named::Found, |name| Named::Name(name.to_owned()));
        if let Some((module, object)) =
            option("--entrypoint").or_else(|| option("-e")).and_then(|it| it.split_once(':'))
        {
            let roots = self.roots(&[]);
            let start = Start::Object(self.module(&roots, module)?, Named::Name(object.to_owned()));
            return Some(Program { start, roots, server: Other });
        }
        let file = match arguments.iter().find(|word| is_file(word)) {
            Some(path) => self.file(path)?,
            None => ["main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"]
                .iter()
                .find_map(|path| self.file(path))?,
        };
        let mut roots = vec![self.above_packages(file)];
        roots.extend(self.roots(&[]));
        Some(Program { start: Start::Object(file, named), roots, server: Other })
    }

    /// `python main.py`, `python -m uvicorn …`
    fn python(&self, arguments: &[&str]) -> Option<Program> {
        let mut words = arguments.iter().enumerate();
        while let Some((index, word)) = words.next() {
            match *word {
                "-m" => {
                    let (module, rest) = arguments.get(index + 1..)?.split_first()?;
                    let roots = self.roots(&[]);
                    let Some(file) = self.module(&roots, module) else { return self.run(module, rest) };
                    let main = self.main_of(file);
                    return Some(Program { start: Start::Script(main), roots, server: Other });
                }
                "-c" => return None,
                "-W" | "-X" => drop(words.next()),
                flag if flag.starts_with('-') => {}
                path => return self.script(path),
            }
        }
        None
    }

    /// A script imports from the folder that it lies in.
    fn script(&self, path: &str) -> Option<Program> {
        let file = self.file(path).filter(|_| is_file(path))?;
        let mut roots = vec![self.modules.package_of(file)];
        roots.extend(self.roots(&[]).into_iter().skip(1));
        Some(Program { start: Start::Script(file), roots, server: Other })
    }

    fn file(&self, path: &str) -> Option<FileId> {
        self.modules.sources().find(&self.directory.place(path)?)
    }

    fn module(&self, roots: &[RepoPath], dotted: &str) -> Option<FileId> {
        match self.modules.find(roots, dotted)? {
            Found::Module(file) => Some(file),
            Found::Namespace(_) => None,
        }
    }

    /// What `python -m` runs of a package.
    fn main_of(&self, file: FileId) -> FileId {
        let folder = self.modules.folder_of(&Found::Module(file));
        let main = folder.and_then(|folder| self.modules.sources().find(&folder.join("__main__.py")?));
        main.unwrap_or(file)
    }

    /// The folder above the packages that a file lies in.
    fn above_packages(&self, file: FileId) -> RepoPath {
        let mut folder = self.modules.package_of(file);
        while folder.join("__init__.py").is_some_and(|file| self.modules.sources().find(&file).is_some()) {
            let Some(above) = folder.parent() else { break };
            folder = above;
        }
        folder
    }
}

/// Whether a word names a file in Python.
fn is_file(word: &str) -> bool {
    RepoPath::new(word.trim_start_matches('/')).is_some_and(|path| path.extension() == Some("py"))
}

/// `python`, `python3`, `python3.12`.
fn is_python(name: &str) -> bool {
    name.strip_prefix("python")
        .is_some_and(|version| version.chars().all(|part| part.is_ascii_digit() || part == '.'))
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use super::*;

    const FILES: &[(&str, &str)] = &[
        ("api/app/__init__.py", ""),
        ("api/app/main.py", ""),
        ("api/manage.py", ""),
        ("api/run/__main__.py", ""),
        ("api/run/__init__.py", ""),
        ("api/site/wsgi.py", ""),
        ("api/src/web/app.py", ""),
        ("api/wsgi.py", ""),
    ];

    /// The start that a command leads to: its file, and how the object is named.
    fn start(command: &str) -> Option<String> {
        let tree = MemoryTree::of(FILES);
        let sources = Sources::open(&tree);
        let modules = Modules::new(&sources);
        let directory = Directory { in_image: "/srv", folder: RepoPath::new("api").unwrap() };
        let words: Vec<&str> = command.split(' ').collect();
        let path = [("PYTHONPATH".to_owned(), Some("/srv/src".to_owned()))];
        let program = program(&words, &directory, &Environment::of(path), &modules)?;
        let path = |file| sources.path(file).as_str().strip_prefix("api/").unwrap().to_owned();
        Some(match program.start {
            Start::Object(file, Named::Name(name)) => format!("{}:{name}", path(file)),
            Start::Object(file, Named::Call(name)) => format!("{}:{name}()", path(file)),
            Start::Object(file, Named::CallWith(name)) => format!("{}:{name}(…)", path(file)),
            Start::Object(file, Named::Found) => format!("{}:?", path(file)),
            Start::Script(file) => path(file),
        })
    }

    #[track_caller]
    fn leads(command: &str, expected: &str) {
        assert_eq!(start(command).as_deref(), Some(expected), "{command}");
    }

    #[test]
    fn servers_are_told_their_object() {
        leads("uvicorn app.main:app", "app/main.py:app");
        leads("/usr/bin/uvicorn --host 0.0.0.0 --proxy-headers app.main:app --port=80", "app/main.py:app");
        leads("poetry run uvicorn --factory app.main:create", "app/main.py:create()");
        leads("uvicorn --app-dir app main:app", "app/main.py:app");
        leads("uvicorn web.app:app", "src/web/app.py:app");
        leads("gunicorn -k uvicorn.workers.UvicornWorker -b :80 app.main:app", "app/main.py:app");
        leads("gunicorn site.wsgi", "site/wsgi.py:application");
        leads("gunicorn app.main:create_app() --workers 2", "app/main.py:create_app()");
        leads("gunicorn app.main:create_app('/api')", "app/main.py:create_app(…)");
        leads("hypercorn app.main:app", "app/main.py:app");
        leads("daphne -b 0.0.0.0 app.main:application", "app/main.py:application");
        leads("python -m uvicorn app.main:app", "app/main.py:app");
    }

    #[test]
    fn frameworks_look_for_their_object() {
        leads("flask --app app.main run --host=0.0.0.0", "app/main.py:?");
        leads("flask --app app.main:create run", "app/main.py:create");
        leads("flask run", "wsgi.py:?");
        leads("fastapi run app/main.py --port 80", "app/main.py:?");
        leads("fastapi run", "app/main.py:?");
    }

    #[test]
    fn scripts_serve_what_they_start() {
        leads("python manage.py runserver 0.0.0.0:8000", "manage.py");
        leads("python3.12 -u /srv/app/main.py", "app/main.py");
        leads("python -m run", "run/__main__.py");
        leads("./manage.py runserver", "manage.py");
        leads("dumb-init -- python app/main.py", "app/main.py");
    }

    #[test]
    fn other_commands_start_nothing_of_python() {
        for command in [
            "node dist/index.js",
            "uvicorn other:app",
            "python -c pass",
            "python other.py",
            "flask db upgrade",
            "",
        ] {
            assert_eq!(start(command), None, "{command}");
        }
    }
}
