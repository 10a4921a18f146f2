//! Routers of Django REST framework, and the sets of views that are registered with them.

use policy_http::path::Part;
use policy_http::served::{Answers, Methods};

use super::{changes, django, regex};
use crate::parse::syntax::Kind as Expression;
use crate::resolve::group::{Doubt, GroupId, Kind, Path, Redirects, What, requests};
use crate::resolve::value::{ClassId, Text, Value};
use crate::resolve::{Arguments, Interpreter};

/// What the classes of the framework bring.
const ACTIONS_OF: &[(&str, &[&str])] = &[
    ("APIView", &[]),
    ("CreateModelMixin", &["create"]),
    ("DestroyModelMixin", &["destroy"]),
    ("GenericAPIView", &[]),
    ("GenericViewSet", &[]),
    ("ListModelMixin", &["list"]),
    ("ModelViewSet", &["list", "create", "retrieve", "update", "partial_update", "destroy"]),
    ("ReadOnlyModelViewSet", &["list", "retrieve"]),
    ("RetrieveModelMixin", &["retrieve"]),
    ("UpdateModelMixin", &["update", "partial_update"]),
    ("ViewSet", &[]),
    ("ViewSetMixin", &[]),
];
const OF_LIST: &[(&str, &str)] = &[("list", "GET"), ("create", "POST")];
const OF_DETAIL: &[(&str, &str)] =
    &[("retrieve", "GET"), ("update", "PUT"), ("partial_update", "PATCH"), ("destroy", "DELETE")];
const INHERITED: Doubt = Doubt("what its views inherit is not known");

/// `DefaultRouter()`, `SimpleRouter(trailing_slash=False)`
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    if !["DefaultRouter", "SimpleRouter"].contains(&name) {
        return None;
    }
    let slash = match arguments.perhaps_named("trailing_slash").map(|slash| slash.truth()) {
        None | Some(Some(true)) => Path::literal(&Text::new("/")),
        Some(Some(false)) => Path::default(),
        Some(None) => Path::unknown(),
    };
    let router = interpreter.new_group(Kind::RestRouter, Path::default(), Redirects::None, arguments.at);
    if let Some(group) = interpreter.group_mut(router) {
        group.proposed = slash;
    }
    if name == "DefaultRouter" {
        interpreter.register(router, Path::default(), What::Handler(requests(["GET"])), arguments.at);
    }
    Some(Value::Group(router))
}

pub(super) fn attribute<'m>(interpreter: &mut Interpreter<'m, '_>, router: GroupId, name: &str) -> Value<'m> {
    match name {
        "urls" => {
            let at = interpreter.group(router).map(|group| group.at);
            let entries = at.map(|at| interpreter.entry(Path::default(), What::Mounted(router), at));
            django::list_of(interpreter, entries.into_iter().collect())
        }
        // What another router registered is added to it by `registry.extend(other.registry)`.
        "registry" => Value::Group(router),
        _ => Value::Method(router, name.into()),
    }
}

pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    router: GroupId,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    match name {
        "register" => changes::as_its_class(interpreter, (router, Kind::RestRouter), |interpreter| {
            register(interpreter, router, arguments);
        }),
        "extend" => {
            let what = match arguments.positional.first() {
                Some(Value::Group(other)) => What::Mounted(*other),
                _ => What::Unknown("what is registered with the router is not known"),
            };
            interpreter.register(router, Path::default(), what, at);
        }
        "get_urls" => return Some(attribute(interpreter, router, "urls")),
        _ => return None,
    }
    Some(Value::Unknown)
}

/// `register(prefix, views)`
fn register<'m>(interpreter: &mut Interpreter<'m, '_>, router: GroupId, arguments: &Arguments<'m>) {
    let at = arguments.at;
    let text = arguments.text(0, "prefix");
    let prefix = match text.known() {
        Some(known) => match regex::part(known).as_deref() {
            Some([prefix]) => prefix.clone(),
            _ => Path::unknown(),
        },
        None => Path::literal(&text),
    };
    let Some(Value::Class(class)) = arguments.get(1, "viewset") else {
        let what = What::Unknown("its views are not in the repository");
        return interpreter.register(router, prefix, what, at);
    };
    let slash = interpreter.group(router).map(|group| group.proposed.clone()).unwrap_or_default();
    let literal = |text: &str| Path::literal(&Text::new(text));
    // With an empty prefix no slash stands before what follows.
    let below = if text.known() == Some("") { Path::default() } else { prefix.then(&literal("/")) };
    let views = Views { class: *class, prefix, below, slash };
    views.register(interpreter, router, arguments);
}

/// A set of views, and where it is registered.
struct Views {
    class: ClassId,
    /// Where its list is.
    prefix: Path,
    /// What stands before its elements.
    below: Path,
    slash: Path,
}

impl Views {
    fn register<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        router: GroupId,
        arguments: &Arguments<'m>,
    ) {
        let at = arguments.at;
        let bases = interpreter.outer_bases(self.class);
        let mut actions: Vec<&str> = Vec::new();
        let mut is_known = !interpreter.inherits_unknown(self.class);
        for base in &bases {
            let name = base.rsplit('.').next().unwrap_or(base);
            match ACTIONS_OF.iter().find(|(known, _)| *known == name && base.starts_with("rest_framework.")) {
                Some((_, brought)) => actions.extend(*brought),
                None => is_known &= &**base == "builtins.object",
            }
        }
        let own = interpreter.class_names(self.class);
        let has = |action: &str| actions.contains(&action) || own.iter().any(|(name, _)| &**name == action);
        let element = self.element(interpreter);
        let groups = [(&self.prefix, OF_LIST), (&element, OF_DETAIL)];
        for (path, possible) in groups {
            let methods: Vec<&str> =
                possible.iter().filter(|(action, _)| has(action)).map(|(_, method)| *method).collect();
            let path = path.then(&self.slash);
            if !methods.is_empty() {
                interpreter.register(router, path, What::Handler(requests(methods)), at);
            } else if !is_known {
                let what = What::Handler(Answers::Requests(Methods::Any));
                interpreter.in_doubt(INHERITED, |interpreter| interpreter.register(router, path, what, at));
            }
        }
        if !is_known {
            let what = What::Unknown("what its views inherit is not known");
            interpreter.register(router, self.below.clone(), what, at);
        }
        for (name, value) in &own {
            let Value::Function(callable) = value else { continue };
            let Some(decorator) = callable.function.decorators.iter().find(|each| each.is_named(&["action"]))
            else {
                continue;
            };
            let path = decorator.named("url_path").and_then(|path| path.as_text()).unwrap_or(name);
            let paths = regex::part(path).unwrap_or_else(|| vec![Path::unknown()]);
            let is_of_element =
                decorator.named("detail").is_some_and(|detail| detail.kind == Expression::Bool(true));
            let before = if is_of_element {
                element.then(&Path::literal(&Text::new("/")))
            } else {
                self.below.clone()
            };
            let place = interpreter.place(callable, decorator.at);
            for path in paths {
                let path = before.then(&path).then(&self.slash);
                let what = What::Handler(Answers::Requests(Methods::Any));
                interpreter.register(router, path, what, place);
            }
        }
    }

    /// The path of an element of the list.
    fn element(&self, interpreter: &Interpreter<'_, '_>) -> Path {
        let given = interpreter.class_attribute(self.class, "lookup_value_regex");
        let one = match given.as_ref().map(|given| given.known_text().and_then(regex::part)) {
            None => Path::of([Part::Segment]),
            Some(Some(paths)) if paths.len() == 1 => paths.into_iter().next().unwrap_or_default(),
            Some(_) => Path::unknown(),
        };
        self.below.then(&one)
    }
}
