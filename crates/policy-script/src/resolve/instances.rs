//! Properties of the objects that a class makes: its fields, and those of the classes around it.

use policy_text::source::{FileId, Span};
use policy_text::value::Origin;

use super::evaluation::Evaluation;
use super::flow;
use super::value::{Cases, Conditions, Env, Site, Value, extend, one};
use crate::parse::syntax::{ClassId, Definition};

/// Classes that extend each other.
pub(super) const MAX_PARENTS: usize = 8;

impl<'a> Evaluation<'a> {
    pub(super) fn instance_property(
        &mut self,
        file: FileId,
        class: ClassId,
        env: &Env,
        name: &str,
        at: Span,
    ) -> Cases {
        let found = self.own_property(file, class, env, name, at, 0);
        let set = found.or_else(|| self.subclass_property(file, class, name, at));
        set.unwrap_or_else(|| one(Value::Unknown(self.why_unset(file, class, name), at)))
    }

    /// What a class or one that it extends says of a property. `None` where none of them does.
    fn own_property(
        &mut self,
        file: FileId,
        class: ClassId,
        env: &Env,
        name: &str,
        at: Span,
        depth: usize,
    ) -> Option<Cases> {
        let facts = &self.scripts.module(file)?[class];
        if let Some(definitions) = facts.fields.get(name) {
            return Some(self.fields(file, class, env, definitions, at));
        }
        if let Some(&getter) = facts.getters.get(name) {
            return Some(self.call_function(file, getter, env, Vec::new(), at));
        }
        if let Some(&method) = facts.methods.get(name) {
            return Some(one(Value::Function(file, method, env.clone())));
        }
        let parent = facts.extends.filter(|_| depth < MAX_PARENTS)?;
        self.expr(&Site { file, expr: parent, env: env.clone() }).into_iter().find_map(|parent| {
            let Value::Class(file, class, env) = parent.value else { return None };
            self.own_property(file, class, &env, name, at, depth + 1)
        })
    }

    /// What the classes that extend an abstract one say of a property that it leaves to them.
    fn subclass_property(&mut self, file: FileId, class: ClassId, name: &str, at: Span) -> Option<Cases> {
        let mut all = Vec::new();
        for (file, class) in self.subclasses(file, class) {
            let values = self.own_property(file, class, &Env::default(), name, at, MAX_PARENTS);
            extend(&mut all, values.unwrap_or_default(), at);
        }
        (!all.is_empty()).then_some(all)
    }

    /// Why nothing is known of a property.
    fn why_unset(&self, file: FileId, class: ClassId, name: &str) -> Origin {
        let extends = self.scripts.module(file).is_some_and(|module| module[class].extends.is_some());
        if extends {
            Origin::Other(format!("the class that it extends may set `{name}`").into())
        } else {
            Origin::Other("nothing sets it".into())
        }
    }

    /// All that a field is ever set to, as far as it lasts: methods run in no known order. `at` is where it is read.
    pub(super) fn fields(
        &mut self,
        file: FileId,
        class: ClassId,
        env: &Env,
        definitions: &'a [Definition],
        at: Span,
    ) -> Cases {
        let (Some(module), Some(first)) = (self.scripts.module(file), definitions.first()) else {
            return one(Value::Nothing);
        };
        let site = Site { file, expr: first.value, env: env.clone() };
        if definitions.len() > flow::MAX_REACHING {
            return self.unknown(&site, flow::TOO_MANY);
        }
        self.pay_for(definitions.len() * definitions.len());
        let lasting: Vec<_> = definitions
            .iter()
            .filter(|earlier| {
                let read_between =
                    |later: &Definition| at.file == file && (earlier.at..later.at).contains(&at.start);
                !definitions.iter().any(|later| {
                    flow::overwrites(module, &module[class], later, earlier)
                        && !read_between(later)
                        && self.conditions(&site, module, later.guard, earlier.guard)
                            == Some(Conditions::default())
                })
            })
            .collect();
        let mut all = self.definitions(&site, module, &lasting, None);
        let initialises = |definition: &&Definition| {
            definition.function == module[class].function || definition.function == module[class].constructor
        };
        if !self.deciding.is_empty() && !lasting.iter().any(|&definition| initialises(&definition)) {
            // Whoever asks may come before the method that sets it.
            all.extend(one(Value::Nothing));
        } else if all.len() > 1 {
            all.retain(|value| !matches!(value.value, Value::Nothing));
        }
        if all.is_empty() { self.unknown(&site, "it is set only in development") } else { all }
    }
}
