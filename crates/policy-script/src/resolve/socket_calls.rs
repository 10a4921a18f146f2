//! Which calls open a socket, and where they take its address.

use super::evaluation::Evaluation;
use super::instances::MAX_PARENTS;
use super::task::Task;
use super::value::{Global, Site, Value};
use crate::openers::{self, Takes};
use crate::parse::Module;
use crate::parse::invocation::Invocation;
use crate::parse::syntax::{ExprId, ExprKind};

/// Where a call takes the address of the socket that it opens. `None` where it opens none.
pub(super) fn takes(
    task: &Task<'_>,
    site: &Site,
    module: &Module,
    Invocation { callee, arguments, made }: Invocation<'_>,
) -> Option<Takes> {
    if !may_open(module, callee, made) {
        return None;
    }
    let last = module.last_name(callee);
    // Methods of an object that a library made are known by their names.
    let imports = |part: &str| module.requests.iter().any(|request| request.specifier.contains(part));
    let mut of_objects = last.into_iter().flat_map(openers::of_object);
    if let Some((opener, _)) = of_objects.find(|(_, part)| imports(part)) {
        return Some(opener.takes);
    }
    let mut evaluation = Evaluation::of_callee(task.scripts, &task.budget);
    if last == Some("use") {
        let given = evaluation.expr(&site.beside(*arguments.first()?));
        let is_from = |part: &str| {
            given
                .iter()
                .any(|value| matches!(&value.value, Value::External(package, _) if package.contains(part)))
        };
        return openers::plugins().find(|(_, part)| is_from(part)).map(|(opener, _)| opener.takes);
    }
    let callees = evaluation.expr(&site.beside(callee));
    callees.iter().find_map(|callee| taken_by(&mut evaluation, &callee.value, made, 0))
}

/// Where an element of a component takes the address: components are many, so only those imported from a package that
/// is known are looked at.
pub(super) fn takes_of_element(module: &Module, component: ExprId) -> Option<Takes> {
    let ExprKind::Name(used) = &module[component].kind else { return None };
    let ExprKind::Import(request, _) = module.defined_as(used)? else { return None };
    openers::component(&module[*request].specifier).map(|opener| opener.takes)
}

/// Where a callee takes the address. A class without a constructor takes it where the class that it extends does.
fn taken_by(evaluation: &mut Evaluation<'_>, callee: &Value, made: bool, depth: usize) -> Option<Takes> {
    match callee {
        Value::Global(Global::Named(name)) => openers::global(name, made).map(|opener| opener.takes),
        Value::External(package, name) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let known = openers::export(package, last, made).map(|opener| opener.takes);
            known.or_else(|| any_opener(package, name, made))
        }
        Value::Method(base, name) => match &**base {
            Value::Global(Global::Named(base)) => {
                openers::global_method(base, name).map(|opener| opener.takes)
            }
            _ => None,
        },
        Value::Class(file, class, env) if made && depth < MAX_PARENTS => {
            let class = &evaluation.scripts.module(*file)?[*class];
            let parent = class.extends.filter(|_| class.constructor.is_none())?;
            let parents = evaluation.expr(&Site { file: *file, expr: parent, env: env.clone() });
            parents.iter().find_map(|parent| taken_by(evaluation, &parent.value, made, depth + 1))
        }
        _ => None,
    }
}

/// Whether the callee can be an opener by its form alone: most calls are not worth a look.
fn may_open(module: &Module, callee: ExprId, made: bool) -> bool {
    match &module[callee].kind {
        ExprKind::Name(used) => match module.lookup(&used.name, used.scope) {
            None => openers::global(&used.name, made).is_some(),
            Some(binding) => {
                module[binding].definitions.iter().any(|definition| match module[definition.value].kind {
                    ExprKind::Function(_) | ExprKind::Parameter(..) => false,
                    ExprKind::Class(class) => made && module[class].constructor.is_none(),
                    _ => true,
                })
            }
        },
        ExprKind::Member(_, name) => openers::may_be_member(name, made),
        ExprKind::Required(_) => true,
        _ => false,
    }
}

/// Packages whose classes take addresses only outside browsers.
const SERVER_LIBRARIES: [&str; 4] = ["ws", "url", "node:url", "whatwg-url"];

/// A class, or a function whose name says that it connects, of a library that is not known.
fn any_opener(specifier: &str, name: &str, made: bool) -> Option<Takes> {
    let name = name.to_ascii_lowercase();
    let says = ["connect", "socket", "client"].iter().any(|word| name.contains(word));
    let is_library = !specifier.starts_with(['.', '/', '~']) && !SERVER_LIBRARIES.contains(&specifier);
    (is_library && (made || says)).then_some(Takes::SocketAddress)
}
