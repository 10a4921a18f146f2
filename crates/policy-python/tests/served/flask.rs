//! What programs on Flask serve.

use indoc::indoc;

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
            indoc! {"
                from flask import Flask
                from views import bp, other
                app = Flask(__name__)
                @app.route('/')
                def home(): ...
                @app.post('/items/<int:id>')
                def item(id): ...
                app.register_blueprint(bp)
                app.register_blueprint(other, url_prefix='/else/')
            "},
        ),
        (
            "views.py",
            indoc! {"
                from flask import Blueprint
                bp = Blueprint('a', __name__, url_prefix='/a')
                other = Blueprint('b', __name__, url_prefix='/b')
                inner = Blueprint('c', __name__, url_prefix='/c')
                @bp.route('', methods=['GET', 'POST'])
                def f(): ...
                @other.route('/<path:rest>')
                def g(rest): ...
                @inner.route('/x/')
                def h(): ...
                bp.register_blueprint(inner)
            "},
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
    let main = indoc! {"
        from flask import Flask
        from flask_restful import Api, Resource
        from flask_socketio import SocketIO
        import flask_restx as x
        app = Flask(__name__)
        sockets = SocketIO()
        sockets.init_app(app, cors_allowed_origins='*')
        api = Api(app, prefix='/api')
        class User(Resource):
            def get(self): ...
        api.add_resource(User, '/users', '/users/<id>')
        other = x.Api(doc=False)
        ns = x.Namespace('things')
        @ns.route('/')
        class Thing(x.Resource): ...
        other.add_namespace(ns, path='/v2/things')
        other.init_app(app)
    "};
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
    let factory = indoc! {"
        from flask import Flask
        def create_app(config='x'):
            app = Flask(__name__, static_folder=None)
            with app.app_context():
                from views import bp
                app.register_blueprint(bp)
            return app
    "};
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
    let main = indoc! {"
        from flask import Flask
        from flask_migrate import Migrate
        from flask_sqlalchemy import SQLAlchemy
        from other import Extension
        db = SQLAlchemy()
        app = Flask(__name__, static_folder=None)
        db.init_app(app)
        Migrate(app, db)
    "};
    assert_eq!(lines("gunicorn main:app", &[("main.py", main)]), [] as [String; 0]);
    let other = format!("{main}extension = Extension()\nextension.init_app(app)\n");
    let all = "? *: it is handed to code that is not in the repository";
    assert_eq!(lines("gunicorn main:app", &[("main.py", &other)]), [all]);
}
