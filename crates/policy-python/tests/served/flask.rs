//! What programs on Flask serve.

use super::lines;

/// The lines without those of the folder of files that every application has.
fn served(files: &[(&str, &str)]) -> Vec<String> {
    let lines = lines("gunicorn main:app", files);
    lines.into_iter().filter(|line| !line.starts_with("? /static/*")).collect()
}

#[test]
fn rules_and_blueprints_are_served_below_their_prefixes() {
    let files = [
        (
            "main.py",
            "from flask import Flask\nfrom views import bp, other\napp = Flask(__name__)\n@app.route('/')\ndef home(): ...\n@app.post('/items/<int:id>')\ndef item(id): ...\napp.register_blueprint(bp)\napp.register_blueprint(other, url_prefix='/else/')\n",
        ),
        (
            "views.py",
            "from flask import Blueprint\nbp = Blueprint('a', __name__, url_prefix='/a')\nother = Blueprint('b', __name__, url_prefix='/b')\ninner = Blueprint('c', __name__, url_prefix='/c')\n@bp.route('', methods=['GET', 'POST'])\ndef f(): ...\n@other.route('/<path:rest>')\ndef g(rest): ...\n@inner.route('/x/')\ndef h(): ...\nbp.register_blueprint(inner)\n",
        ),
    ];
    assert_eq!(
        served(&files),
        [
            "GET,HEAD,OPTIONS /",
            "POST,OPTIONS /items/{}",
            "GET,POST,HEAD,OPTIONS /a",
            "GET,HEAD,OPTIONS /a/c/x/",
            "GET,HEAD,OPTIONS /else/*",
            "REDIRECT /a/c/x"
        ]
    );
}

#[test]
fn every_application_has_a_folder_of_files_unless_it_is_told_not_to() {
    let app = |arguments: &str| {
        let main = format!("from flask import Flask\napp = Flask(__name__{arguments})\n");
        lines("gunicorn main:app", &[("main.py", &main)])
    };
    assert_eq!(app(""), ["? /static/*: it depends on which files there are"]);
    assert_eq!(
        app(", static_url_path='/files', static_folder='x'"),
        ["? /files/*: it depends on which files there are"]
    );
    assert_eq!(app(", static_folder=None"), [] as [String; 0]);
}

#[test]
fn resources_and_sockets_of_extensions_are_served() {
    let main = "from flask import Flask\nfrom flask_restful import Api, Resource\nfrom flask_socketio import SocketIO\nimport flask_restx as x\napp = Flask(__name__)\nsockets = SocketIO()\nsockets.init_app(app, cors_allowed_origins='*')\napi = Api(app, prefix='/api')\nclass User(Resource):\n    def get(self): ...\napi.add_resource(User, '/users', '/users/<id>')\nother = x.Api(doc=False)\nns = x.Namespace('things')\n@ns.route('/')\nclass Thing(x.Resource): ...\nother.add_namespace(ns, path='/v2/things')\nother.init_app(app)\n";
    let lines = served(&[("main.py", main)]);
    let certain: Vec<_> = lines.iter().filter(|line| !line.starts_with('?')).collect();
    assert_eq!(
        certain,
        [
            "SOCKET /socket.io/*",
            "ANY /api/users",
            "ANY /api/users/{}",
            "ANY /v2/things/",
            "REDIRECT /v2/things"
        ]
    );
}

#[test]
fn the_application_is_found_as_flask_finds_it() {
    let factory = "from flask import Flask\ndef create_app(config='x'):\n    app = Flask(__name__, static_folder=None)\n    with app.app_context():\n        from views import bp\n        app.register_blueprint(bp)\n    return app\n";
    let views = (
        "views.py",
        "from flask import Blueprint\nbp = Blueprint('a', __name__)\n@bp.route('/x')\ndef x(): ...\n",
    );
    let expected = ["GET,HEAD,OPTIONS /x"];
    assert_eq!(lines("flask --app main run", &[("main.py", factory), views]), expected);
    assert_eq!(lines("gunicorn main:create_app()", &[("main.py", factory), views]), expected);
    let script = format!("{factory}if __name__ == '__main__':\n    create_app().run(host='0.0.0.0')\n");
    assert_eq!(lines("python main.py", &[("main.py", &script), views]), expected);
}

#[test]
fn extensions_that_are_known_to_add_nothing_leave_the_application_known() {
    let main = "from flask import Flask\nfrom flask_migrate import Migrate\nfrom flask_sqlalchemy import SQLAlchemy\nfrom other import Extension\ndb = SQLAlchemy()\napp = Flask(__name__, static_folder=None)\ndb.init_app(app)\nMigrate(app, db)\n";
    assert_eq!(lines("gunicorn main:app", &[("main.py", main)]), [] as [String; 0]);
    let other = format!("{main}extension = Extension()\nextension.init_app(app)\n");
    let all = "? *: it is handed to code that is not in the repository";
    assert_eq!(lines("gunicorn main:app", &[("main.py", &other)]), [all]);
}
