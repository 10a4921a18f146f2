//! The table of calls that open a socket. Both the quick search of a text and the check of a call use it.

mod table;

use std::collections::BTreeSet;

pub(crate) use table::OPENERS;

/// One thing that opens a socket.
pub(crate) struct Opener {
    pub(crate) form: Form,
    pub(crate) takes: Takes,
    /// Words of which one stands in every text that uses it: a file without any of any row is not parsed.
    pub(crate) needles: &'static [&'static str],
    /// A module whose socket goes to port 8000 by it, with the first of its packages and names.
    pub(crate) example: &'static str,
}

/// What an opener looks like in code.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// A name that the browser or a library on the page provides.
    Global(Kind, &'static [&'static str]),
    /// A method of such an object: the names of the object, and of the method.
    GlobalMethod(&'static [&'static str], &'static str),
    /// Exports of packages: any of them where no names are given.
    Export { kind: Kind, packages: &'static [&'static str], names: &'static [&'static str] },
    /// A method of an object that a library made, in a module that imports a package of which this is a part.
    Method { package_part: &'static str, name: &'static str },
    /// A property of such an object: to assign it is to call it.
    Property { package_part: &'static str, name: &'static str },
    /// An element of a component of a package.
    Component { packages: &'static [&'static str] },
    /// `app.use(plugin, …)` with a plugin from a package of which this is a part.
    Plugin { package_part: &'static str },
    /// A class, or a function whose name says that it connects, of a package that no other row knows.
    OtherExport,
}

/// How something is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is called.
    Function,
    /// It is constructed.
    Class,
    /// One or the other.
    Either,
}

impl Kind {
    /// Whether it is constructed, or else called.
    pub(crate) fn is(self, constructed: bool) -> bool {
        match self {
            Self::Function => !constructed,
            Self::Class => constructed,
            Self::Either => true,
        }
    }
}

/// Where a call takes the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// The argument at this place.
    Argument(usize),
    /// The first argument; where there is none, what Rails writes into the page as the address of its cable.
    ArgumentOrCable,
    /// A property of the first argument.
    Option(&'static str),
    /// A property of an object that is a property of the first argument.
    OptionWithin(&'static str, &'static str),
    /// A host and a port in the options, whichever argument they are.
    HostAndPort {
        host: &'static str,
        /// The first that is given counts.
        ports: &'static [&'static str],
        /// The option that holds both together.
        both: Option<&'static str>,
    },
    /// The first argument, or a host there and a port behind it where a third one follows.
    HostThenPort,
    /// The first argument, where it has the scheme of a socket: the library is not known.
    SocketAddress,
}

/// Properties that hold the address where an opener takes it as an object.
pub(crate) const ADDRESS_PROPERTIES: [&str; 3] = ["url", "uri", "brokerURL"];

/// The words of which one stands in every text that opens a socket, none of them inside another.
pub(crate) fn needles() -> BTreeSet<&'static str> {
    let all: BTreeSet<&str> = OPENERS.iter().flat_map(|opener| opener.needles).copied().collect();
    let is_least = |needle: &&str| !all.iter().any(|other| other != needle && needle.contains(other));
    all.iter().copied().filter(is_least).collect()
}

/// The opener that a global of this name is.
pub(crate) fn global(name: &str, constructed: bool) -> Option<&'static Opener> {
    OPENERS.iter().find(
        |opener| matches!(opener.form, Form::Global(kind, names) if kind.is(constructed) && names.contains(&name)),
    )
}

/// Whether a global of this name opens sockets, or has methods that do.
pub(crate) fn is_global(name: &str) -> bool {
    has_opening_method(name)
        || OPENERS.iter().any(|opener| matches!(opener.form, Form::Global(_, names) if names.contains(&name)))
}

/// Whether a global of this name has a method that opens sockets.
pub(crate) fn has_opening_method(name: &str) -> bool {
    OPENERS
        .iter()
        .any(|opener| matches!(opener.form, Form::GlobalMethod(objects, _) if objects.contains(&name)))
}

/// The opener that a method of a global is.
pub(crate) fn global_method(object: &str, name: &str) -> Option<&'static Opener> {
    OPENERS.iter().find(
        |opener| matches!(opener.form, Form::GlobalMethod(objects, method) if method == name && objects.contains(&object)),
    )
}

/// The opener that an export of a package is.
pub(crate) fn export(package: &str, name: &str, constructed: bool) -> Option<&'static Opener> {
    OPENERS.iter().find(|opener| match opener.form {
        Form::Export { kind, packages, names } => {
            kind.is(constructed) && packages.contains(&package) && (names.is_empty() || names.contains(&name))
        }
        _ => false,
    })
}

/// The opener that a component of a package is.
pub(crate) fn component(package: &str) -> Option<&'static Opener> {
    OPENERS
        .iter()
        .find(|opener| matches!(opener.form, Form::Component { packages } if packages.contains(&package)))
}

/// The openers that a method or property of this name of a library's object can be, each with the part of a package's name
/// that the module must import.
pub(crate) fn of_object(name: &str) -> impl Iterator<Item = (&'static Opener, &'static str)> {
    OPENERS.iter().filter_map(move |opener| match opener.form {
        Form::Method { package_part, name: own } | Form::Property { package_part, name: own } => {
            (own == name).then_some((opener, package_part))
        }
        _ => None,
    })
}

/// The openers that are plugins, each with the part of a package's name that shows them.
pub(crate) fn plugins() -> impl Iterator<Item = (&'static Opener, &'static str)> {
    OPENERS.iter().filter_map(|opener| match opener.form {
        Form::Plugin { package_part } => Some((opener, package_part)),
        _ => None,
    })
}

/// Whether a call of a member of this name can open a socket.
pub(crate) fn may_be_member(name: &str, constructed: bool) -> bool {
    OPENERS.iter().any(|opener| match opener.form {
        Form::Global(kind, names) => kind.is(constructed) && names.contains(&name),
        Form::GlobalMethod(_, method) => method == name,
        Form::Export { names, .. } => names.contains(&name),
        Form::Method { name: own, .. } | Form::Property { name: own, .. } => own == name,
        Form::Plugin { .. } => name == "use",
        Form::Component { .. } | Form::OtherExport => false,
    })
}

/// Whether to assign a property of this name can open a socket.
pub(crate) fn is_property(name: &str) -> bool {
    OPENERS.iter().any(|opener| matches!(opener.form, Form::Property { name: own, .. } if own == name))
}

/// A module that opens a socket to port 8000 of a host on the internet.
pub struct Example {
    /// Its text. The last line opens the socket.
    pub code: String,
    /// The same text with a module of the repository, which is not there, in the place of the package. `None` where no
    /// package decides.
    pub of_another: Option<String>,
}

/// An example of each opener, by each of its packages and names.
pub fn examples() -> Vec<Example> {
    let all = OPENERS.iter().flat_map(|opener| {
        let none: &[&str] = &[""];
        let (packages, names) = match opener.form {
            Form::Export { packages, names, .. } => (packages, names),
            Form::Component { packages } => (packages, none),
            Form::Global(_, names) => (none, names),
            Form::GlobalMethod(objects, _) => (none, objects),
            _ => (none, none),
        };
        let names = if names.is_empty() { none } else { names };
        packages
            .iter()
            .flat_map(move |package| names.iter().map(move |name| (opener, packages, *package, names, *name)))
    });
    let examples = all.map(|(opener, packages, package, names, name)| {
        let quoted = |package: &str| format!("'{package}'");
        let first = |all: &[&'static str]| all.first().copied().unwrap_or_default();
        // What is not imported by its own name is written as the first is.
        let is_written = !matches!(name, "default" | "*");
        let named =
            if is_written { opener.example.replace(first(names), name) } else { opener.example.to_owned() };
        let code = named.replace(&quoted(first(packages)), &quoted(package));
        let of_another =
            (!package.is_empty()).then(|| code.replace(&quoted(package), &quoted(&format!("./{package}"))));
        Example { code, of_another }
    });
    examples.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_uses_an_opener_holds_one_of_its_needles() {
        for opener in OPENERS {
            let in_any = |texts: &[&str]| {
                opener.needles.iter().any(|needle| texts.iter().any(|text| text.contains(needle)))
            };
            match opener.form {
                Form::Export { packages, names, .. } => {
                    let names = if names.is_empty() { &[""] } else { names };
                    for (package, name) in
                        packages.iter().flat_map(|package| names.iter().map(move |name| (package, name)))
                    {
                        let option = match opener.takes {
                            Takes::HostAndPort { host, .. } => host,
                            _ => "",
                        };
                        assert!(in_any(&[package, name, option]), "{name} of {package}");
                    }
                }
                Form::Component { packages } => {
                    for package in packages {
                        assert!(in_any(&[package]), "{package}");
                    }
                }
                Form::Method { package_part, .. } | Form::Property { package_part, .. } => {
                    assert!(in_any(&[package_part]), "{package_part}");
                }
                _ => assert!(in_any(&[opener.example]), "{}", opener.example),
            }
        }
    }

    #[test]
    fn needles_are_few_and_none_is_short() {
        let needles = needles();
        assert!(needles.iter().all(|needle| needle.len() >= 4), "a short word costs the search its speed");
        assert!(needles.len() <= 40, "more words cost the search its speed: {needles:?}");
    }
}
