//! What is kept of a module once its syntax tree is dropped: bindings, values that can matter, and what guards them.
//!
//! Everything lives in tables of one [`Module`] and refers to each other by index. What a table does not hold is
//! [`ExprKind::Opaque`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::places::Places;

/// One module, or all scripts of one page.
#[derive(Debug, Default)]
pub struct Module {
    pub(crate) exprs: Vec<Expr>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) functions: Vec<Function>,
    pub(crate) classes: Vec<Class>,
    pub(crate) guards: Vec<Guard>,
    /// Calls, constructions and elements of components, in the order of the text.
    pub candidates: Vec<Candidate>,
    /// Modules that this one names in `import`, `require` or `export … from`, in the order of the text.
    pub(crate) requests: Vec<Request>,
    /// How many of the first requests are those of code that runs on a server: Astro's front matter.
    pub(crate) server_requests: usize,
    pub(crate) exports: BTreeMap<Arc<str>, Export>,
    /// The requests of `export * from`.
    pub(crate) stars: Vec<RequestId>,
    /// What `module.exports` or `export =` was set to.
    pub(crate) whole_export: Option<ExprId>,
    /// What is assigned to properties of `window`, in the order of the text: names that all scripts of the page see.
    pub(crate) global_writes: Vec<(Arc<str>, Definition)>,
    /// What is assigned to properties of anything.
    pub(crate) assigned: Vec<Assigned>,
    /// Names that are used and bound nowhere, sorted.
    pub(crate) globals: Vec<Arc<str>>,
    /// Whether there is JSX in it.
    pub(crate) has_jsx: bool,
    /// Whether it begins with `#!`: people run it.
    pub(crate) is_command: bool,
    /// `use client`, `use server`.
    pub(crate) directives: Vec<Arc<str>>,
    /// The bytes of statements that are valid where they are used and not understood here: with tags of a template, or
    /// with Flow's types.
    pub(crate) passed_over: Vec<(u32, u32)>,
    pub(crate) places: Places,
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident => $table:ident: $item:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl std::ops::Index<$name> for Module {
            type Output = $item;

            #[expect(clippy::indexing_slicing, reason = "only `add` makes an index, into a table that never shrinks")]
            fn index(&self, id: $name) -> &$item {
                &self.$table[id.0 as usize]
            }
        }

        impl std::ops::IndexMut<$name> for Module {
            #[expect(clippy::indexing_slicing, reason = "only `add` makes an index, into a table that never shrinks")]
            fn index_mut(&mut self, id: $name) -> &mut $item {
                &mut self.$table[id.0 as usize]
            }
        }

        impl $name {
            /// Adds an item to its table.
            pub(crate) fn add(module: &mut Module, item: $item) -> Self {
                module.$table.push(item);
                Self(module.$table.len() as u32 - 1)
            }
        }
    )*};
}

index! {
    /// An expression of a module.
    ExprId => exprs: Expr;
    /// A lexical scope of a module.
    ScopeId => scopes: Scope;
    /// A declared name of a module.
    BindingId => bindings: Binding;
    /// A function of a module.
    FunctionId => functions: Function;
    /// A class of a module.
    ClassId => classes: Class;
    /// A condition under which code of a module runs.
    GuardId => guards: Guard;
    /// A module that a module names.
    RequestId => requests: Request;
}

/// An expression and the bytes it takes.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    pub(crate) range: (u32, u32),
}

impl Expr {
    /// The bytes that it takes in the file.
    pub fn range(&self) -> Range<usize> {
        self.range.0 as usize..self.range.1 as usize
    }
}

/// The expressions that a value can be followed through. Casts and parentheses are gone.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A text that is written out.
    String(Arc<str>),
    /// As JavaScript prints it.
    Number(Arc<str>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A regular expression without its flags.
    Regex(Arc<str>),
    /// A template literal, or a chain of `+`.
    Concat(Vec<ExprId>, Joining),
    /// A name.
    Name(NameUse),
    /// `this`, with what it stands for where that is known.
    This(Option<Owner>),
    /// `import.meta`
    ImportMeta,
    /// `object.name`
    Member(ExprId, Arc<str>),
    /// `object[key]`
    Index(ExprId, ExprId),
    /// A callee and its arguments.
    Call(ExprId, Vec<ExprId>),
    /// `new` with a callee and its arguments.
    New(ExprId, Vec<ExprId>),
    /// An object literal.
    Object(Vec<Property>),
    /// An array literal.
    Array(Vec<ExprId>),
    /// A function or an arrow.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// A comparison of two values.
    Compare(Comparison, ExprId, ExprId),
    /// An operator that chooses one of its sides.
    Logical(Logic, ExprId, ExprId),
    /// The outcome of the condition that chooses the first value, and both values.
    Conditional(Test, ExprId, ExprId),
    /// `!value`
    Not(ExprId),
    /// `typeof value`
    Typeof(ExprId),
    /// The argument at this place of a call of the function.
    Parameter(FunctionId, usize),
    /// A destructured value with its default.
    Defaulted(ExprId, ExprId),
    /// What an import binds.
    Import(RequestId, Imported),
    /// `require("…")` or `await import("…")`.
    Required(RequestId),
    /// What is not followed.
    Opaque,
}

/// How the parts of a [`ExprKind::Concat`] come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// A template literal: always text.
    Template,
    /// `+`: a sum where all are numbers.
    Plus,
}

/// A name where it is used.
#[derive(Clone, Debug)]
pub struct NameUse {
    /// The name itself.
    pub name: Arc<str>,
    pub(crate) scope: ScopeId,
    pub(crate) guard: Option<GuardId>,
    /// From where on in the text what is assigned counts no more.
    pub(crate) at: u32,
}

/// What `this` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Class(ClassId),
    /// The object literal whose method the code is in.
    Object(ExprId),
}

/// Comparisons. The loose ones count as the strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    /// `<=`
    AtMost,
    Greater,
    /// `>=`
    AtLeast,
    /// `"name" in object`
    In,
    /// `instanceof`, arithmetic.
    Other,
}

/// Operators that choose one of their sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    And,
    Or,
    Coalesce,
}

/// An entry of an object literal.
#[derive(Clone, Debug)]
pub enum Property {
    /// `name: value`, or a method.
    Value(Arc<str>, ExprId),
    /// `get name() { … }`
    Getter(Arc<str>, FunctionId),
    /// `...object`
    Spread(ExprId),
}

/// A scope: the names declared in it.
#[derive(Debug)]
pub struct Scope {
    pub(crate) parent: Option<ScopeId>,
    /// The function whose body the scope is in. `None` at the top of a module.
    pub(crate) function: Option<FunctionId>,
    pub(crate) names: BTreeMap<Arc<str>, BindingId>,
}

/// A declared name.
#[derive(Debug)]
pub struct Binding {
    /// What is assigned to it, in the order of the text.
    pub(crate) definitions: Vec<Definition>,
    /// What is assigned to its properties, in the order of the text.
    pub(crate) writes: Vec<(Arc<str>, Definition)>,
}

/// A value given to a name or a property.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) value: ExprId,
    pub(crate) guard: Option<GuardId>,
    /// Where it happens: an offset.
    pub(crate) at: u32,
    /// The function it happens in.
    pub(crate) function: Option<FunctionId>,
}

/// `base.name = value`
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    pub(crate) base: ExprId,
    pub(crate) name: Arc<str>,
    pub(crate) definition: Definition,
}

/// A function, a method or an arrow.
#[derive(Debug, Default)]
pub struct Function {
    pub(crate) parameters: Vec<Parameter>,
    /// What it returns, with the condition.
    pub(crate) returns: Vec<(ExprId, Option<GuardId>)>,
    /// The bytes that it takes.
    pub(crate) range: (u32, u32),
}

/// A parameter of a function.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Empty for a pattern.
    pub(crate) name: Arc<str>,
    /// The type it is declared with, where that has a name: it may be a class.
    pub(crate) declared: Option<NameUse>,
}

/// A class.
#[derive(Debug, Default)]
pub struct Class {
    /// The function that it is declared in: its fields are initialised as if there.
    pub(crate) function: Option<FunctionId>,
    pub(crate) extends: Option<ExprId>,
    /// Fields and all that is assigned to them through `this`.
    pub(crate) fields: BTreeMap<Arc<str>, Vec<Definition>>,
    pub(crate) statics: BTreeMap<Arc<str>, Vec<Definition>>,
    pub(crate) methods: BTreeMap<Arc<str>, FunctionId>,
    pub(crate) getters: BTreeMap<Arc<str>, FunctionId>,
    pub(crate) constructor: Option<FunctionId>,
    pub(crate) decorators: Vec<ExprId>,
    /// Methods with each of their decorators, in the order of the text.
    pub(crate) decorated: Vec<(FunctionId, ExprId)>,
}

/// A condition under which code runs, within the conditions around it.
#[derive(Clone, Debug)]
pub struct Guard {
    pub(crate) test: Test,
    pub(crate) parent: Option<GuardId>,
}

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// The expression is truthy; the key is equal for equal conditions.
    Holds(ExprId, ConditionKey),
    /// The expression is falsy.
    Fails(ExprId, ConditionKey),
    /// The body of a loop.
    Loop,
    /// A place that may or may not be reached: a `try`, a case that others fall into.
    Perhaps,
}

/// Equal for conditions that are written alike in one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionKey(pub(crate) u64);

/// A call, a construction, or an element of a component, which is a call with its attributes: it may open a socket, or
/// lead to a function that does.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The call itself.
    pub expr: ExprId,
    pub(crate) guard: Option<GuardId>,
    pub(crate) is_element: bool,
}

/// A module that a module names.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) specifier: Arc<str>,
}

/// What an import takes from a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    Name(Arc<str>),
    Namespace,
}

/// What a module offers under a name.
#[derive(Clone, Debug)]
pub(crate) enum Export {
    Local(ExprId),
    From(RequestId, Imported),
}

impl Module {
    /// The classes, in the order of the text.
    pub(crate) fn class_ids(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..self.classes.len() as u32).map(ClassId)
    }

    /// The functions, in the order of the text.
    pub(crate) fn function_ids(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0..self.functions.len() as u32).map(FunctionId)
    }

    /// The declared names.
    pub(crate) fn binding_ids(&self) -> impl Iterator<Item = BindingId> + use<> {
        (0..self.bindings.len() as u32).map(BindingId)
    }

    /// Whether it is no module but a script, whose outermost names all scripts of the page see.
    pub(crate) fn is_classic(&self) -> bool {
        self.requests.is_empty() && self.exports.is_empty()
    }

    /// The value that it exports as its default, or as a whole.
    pub(crate) fn exported_value(&self) -> Option<ExprId> {
        match self.exports.get("default") {
            Some(Export::Local(value)) => Some(*value),
            _ => self.whole_export,
        }
    }

    /// What the outermost scope, or `window`, is given under `name`.
    pub(crate) fn global_definitions(&self, name: &str) -> Vec<&Definition> {
        let declared = if self.is_classic() {
            self.scopes.first().and_then(|scope| scope.names.get(name))
        } else {
            None
        };
        let declared = declared.into_iter().flat_map(|&binding| &self[binding].definitions);
        let written = self.global_writes.iter().filter(|(written, _)| &**written == name);
        declared.chain(written.map(|(_, definition)| definition)).collect()
    }

    /// The requests of code that runs in the page.
    pub(crate) fn page_requests(&self) -> &[Request] {
        self.requests.get(self.server_requests..).unwrap_or_default()
    }

    /// Every expression.
    pub(crate) fn all_exprs(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.exprs.len() as u32).map(ExprId)
    }

    /// Every request, in the order of the text.
    pub(crate) fn all_requests(&self) -> impl Iterator<Item = RequestId> + use<> {
        (0..self.requests.len() as u32).map(RequestId)
    }

    /// The binding that `name` stands for in `scope`.
    pub(crate) fn lookup(&self, name: &str, scope: ScopeId) -> Option<BindingId> {
        let mut next = Some(scope);
        while let Some(id) = next {
            let scope = &self[id];
            if let Some(&binding) = scope.names.get(name) {
                return Some(binding);
            }
            next = scope.parent;
        }
        None
    }

    /// The first value that a name is given.
    pub(crate) fn defined_as(&self, used: &NameUse) -> Option<&ExprKind> {
        let binding = &self[self.lookup(&used.name, used.scope)?];
        binding.definitions.first().map(|definition| &self[definition.value].kind)
    }

    /// The name at the end of an expression: `io` of `io`, `connect` of `socketio.connect`.
    pub fn last_name(&self, expr: ExprId) -> Option<&str> {
        match &self[expr].kind {
            ExprKind::Name(used) => Some(&used.name),
            ExprKind::Member(_, name) => Some(name),
            _ => None,
        }
    }
}
