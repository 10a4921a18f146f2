//! Classes and their members, with the annotations that they carry: Java's, Kotlin's and C#'s.

use std::ops::Range;

use crate::code::Code;
use crate::scan::Kind;

/// An annotation of Java, or an attribute of C#.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// The last part of its name.
    pub(crate) name: String,
    /// The bracket of its arguments.
    bracket: Option<usize>,
    /// All of it.
    pub(crate) at: Range<usize>,
}

/// A class, an interface, a record or an object.
#[derive(Debug, Default)]
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) annotations: Vec<Annotation>,
    /// The words between its name and its body: what it extends and implements among them.
    pub(crate) head: Range<usize>,
    /// Its modifiers and the word that says what it is.
    pub(crate) modifiers: Range<usize>,
    pub(crate) members: Vec<Member>,
}

/// A method, a field or a property.
#[derive(Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) annotations: Vec<Annotation>,
    /// The bracket of its parameters.
    pub(crate) parameters: Option<usize>,
    /// What it is set to, or the expression that it gives.
    pub(crate) value: Option<Range<usize>>,
    /// The bracket of its body.
    pub(crate) body: Option<usize>,
}

/// The words that say that a class is declared.
const CLASSES: [&str; 6] = ["class", "interface", "record", "enum", "object", "struct"];

/// The words that may begin a declaration where lines end them.
const BEGINNINGS: [&str; 21] = [
    "abstract",
    "class",
    "companion",
    "const",
    "data",
    "enum",
    "final",
    "fun",
    "import",
    "init",
    "inline",
    "interface",
    "internal",
    "lateinit",
    "object",
    "open",
    "override",
    "private",
    "protected",
    "suspend",
    "val",
];

/// What is declared in a file: its classes, and what stands outside of them as members of a class without a name, the last.
pub(crate) fn classes(code: &Code) -> Vec<Class> {
    let mut reader = Reader { code, at: 0, open: Vec::new(), done: Vec::new(), outside: Class::default() };
    while reader.at < code.len() {
        reader.declaration();
    }
    while let Some(open) = reader.open.pop() {
        reader.done.extend(open.class);
    }
    reader.done.push(reader.outside);
    reader.done
}

/// A body that declarations are read of.
struct Open {
    closes: usize,
    /// The class whose body it is. A namespace has none.
    class: Option<Class>,
}

struct Reader<'c> {
    code: &'c Code,
    at: usize,
    open: Vec<Open>,
    done: Vec<Class>,
    outside: Class,
}

impl Reader<'_> {
    /// Reads one declaration, or what stands in its place.
    fn declaration(&mut self) {
        if self.open.last().is_some_and(|open| self.at >= open.closes) {
            if let Some(open) = self.open.pop() {
                self.done.extend(open.class);
                self.at = self.at.max(open.closes + 1);
            }
            return;
        }
        let annotations = self.annotations();
        let start = self.at;
        let mut parameters = None;
        let limit = self.open.last().map_or(self.code.len(), |open| open.closes);
        while self.at < limit {
            let begins = self.at > start && self.begins_declaration();
            if begins || self.code.is_mark(self.at, ';') {
                let end = self.at;
                self.at += usize::from(!begins);
                return self.member(annotations, start..end, parameters, None, None);
            }
            if self.is_class() {
                return self.class(annotations, start, limit);
            }
            if self.code.is_mark(self.at, '=') {
                let (end, value) = (self.at, self.value(limit));
                return self.member(annotations, start..end, parameters, Some(value), None);
            }
            if self.code.closing(self.at, '{').is_some() {
                return self.body(annotations, start, parameters);
            }
            if self.code.closing(self.at, '(').is_some() && self.code.word(self.at.wrapping_sub(1)).is_some()
            {
                parameters = parameters.or(Some(self.at));
            }
            self.at = self.code.after(self.at);
        }
        self.at = self.at.min(limit).max(start);
        self.member(annotations, start..self.at, parameters, None, None);
        if limit == self.code.len() {
            self.at = limit;
        }
    }

    fn annotations(&mut self) -> Vec<Annotation> {
        let mut found = Vec::new();
        loop {
            let before = self.at;
            if self.code.language.annotation == '@' {
                found.extend(self.annotation());
            } else if let Some(closing) = self.code.closing(self.at, '[') {
                for part in self.code.arguments(self.at) {
                    found.extend(self.attribute(part));
                }
                self.at = closing + 1;
            }
            if self.at == before {
                return found;
            }
        }
    }

    /// `@a.b.Name(…)`, with `get:` before it or without.
    fn annotation(&mut self) -> Option<Annotation> {
        let start = self.at;
        if !self.code.is_mark(start, '@') || self.code.is_word(start + 1, "interface") {
            return None;
        }
        let mut at = start + 1;
        let mut name = self.code.word(at)?;
        while self.code.is_mark(at + 1, '.') || self.code.is_mark(at + 1, ':') {
            at += 2;
            name = self.code.word(at)?;
        }
        let bracket = self.code.closing(at + 1, '(').map(|_| at + 1);
        self.at = self.code.after(bracket.unwrap_or(at));
        Some(Annotation { name: name.to_owned(), bracket, at: start..self.at })
    }

    /// `A.Name(…)` of `[A.Name(…), Other]`.
    fn attribute(&self, part: Range<usize>) -> Option<Annotation> {
        let bracket = part.clone().find(|at| self.code.closing(*at, '(').is_some());
        let before = part.start..bracket.unwrap_or(part.end);
        let name = before.rev().find_map(|at| self.code.word(at))?;
        let name = name.strip_suffix("Attribute").unwrap_or(name).to_owned();
        Some(Annotation { name, bracket, at: part })
    }

    /// Whether a line begins here with what begins a declaration, in a language where lines end them.
    fn begins_declaration(&self) -> bool {
        let begins = |token: crate::scan::Token| {
            token.begins_line
                && match token.kind {
                    Kind::Word => {
                        BEGINNINGS.contains(&self.code.written(self.at)) || self.code.is_word(self.at, "var")
                    }
                    Kind::Mark('@') => true,
                    _ => false,
                }
        };
        self.code.language.ends_with_line && self.code.token(self.at).is_some_and(begins)
    }

    /// `class Name`, and not `Name.class`.
    fn is_class(&self) -> bool {
        let is_named = |at| self.code.word(at).is_some();
        self.code.word(self.at).is_some_and(|word| CLASSES.contains(&word))
            && !(self.at > 0 && (self.code.is_mark(self.at - 1, '.') || self.code.is_mark(self.at - 1, ':')))
            && (is_named(self.at + 1) || self.code.is_word(self.at.wrapping_sub(1), "companion"))
    }

    fn class(&mut self, annotations: Vec<Annotation>, start: usize, limit: usize) {
        let modifiers = start..self.at + 1;
        // `enum class Name`
        while self.is_class() && self.code.word(self.at + 1).is_some_and(|word| CLASSES.contains(&word)) {
            self.at += 1;
        }
        let name = self.code.word(self.at + 1).unwrap_or_default().to_owned();
        let head = self.at + 2;
        self.at += 1;
        while self.at < limit && self.code.closing(self.at, '{').is_none() {
            let begins = self.at > head && self.begins_declaration();
            if begins || self.code.is_mark(self.at, ';') {
                break;
            }
            self.at = self.code.after(self.at);
        }
        let class =
            Class { name, annotations, head: head..self.at.min(limit), modifiers, members: Vec::new() };
        match self.code.closing(self.at, '{').filter(|_| self.at < limit) {
            Some(closes) => {
                self.at += 1;
                self.open.push(Open { closes, class: Some(class) });
            }
            None => self.done.push(class),
        }
    }

    /// The expression behind `=` or `=>`.
    fn value(&mut self, limit: usize) -> Range<usize> {
        self.at += 1 + usize::from(self.code.is_mark(self.at + 1, '>'));
        let start = self.at;
        while self.at < limit && !self.code.is_mark(self.at, ';') {
            if self.at > start && self.begins_declaration() {
                return start..self.at;
            }
            self.at = self.code.after(self.at);
        }
        let end = self.at.min(limit);
        self.at = (end + 1).min(limit);
        start..end
    }

    /// The body of a method, the accessors of a property, or a namespace.
    fn body(&mut self, annotations: Vec<Annotation>, start: usize, parameters: Option<usize>) {
        let open = self.at;
        let head = start..open;
        if self.code.words(head.clone()).any(|word| word == "namespace") {
            self.at += 1;
            let closes = self.code.after(open) - 1;
            return self.open.push(Open { closes, class: None });
        }
        self.at = self.code.after(open);
        if self.code.is_mark(self.at, '=') {
            let limit = self.open.last().map_or(self.code.len(), |open| open.closes);
            let value = self.value(limit);
            return self.member(annotations, head, parameters, Some(value), Some(open));
        }
        self.member(annotations, head, parameters, None, Some(open));
    }

    fn member(
        &mut self,
        annotations: Vec<Annotation>,
        head: Range<usize>,
        parameters: Option<usize>,
        value: Option<Range<usize>>,
        body: Option<usize>,
    ) {
        let code = self.code;
        let declared = head.clone().find(|at| matches!(code.word(*at), Some("val" | "var")));
        let name = match (declared, parameters) {
            (Some(at), None) => code.word(at + 1),
            (_, Some(open)) => code.word(open.wrapping_sub(1)),
            (None, None) => head.clone().rev().find_map(|at| code.word(at)),
        };
        let Some(name) = name else { return };
        let member = Member { name: name.to_owned(), annotations, parameters, value, body };
        let class = self.open.iter_mut().rev().find_map(|open| open.class.as_mut());
        class.unwrap_or(&mut self.outside).members.push(member);
    }
}

impl Annotation {
    /// Its arguments, each with its name, which is empty for those without one.
    pub(crate) fn arguments<'c>(
        &self,
        code: &'c Code,
    ) -> impl Iterator<Item = (&'c str, Range<usize>)> + use<'c> {
        let arguments = self.bracket.map(|open| code.arguments(open)).unwrap_or_default();
        arguments.into_iter().map(|argument| match code.word(argument.start) {
            Some(name) if code.is_mark(argument.start + 1, '=') => (name, argument.start + 2..argument.end),
            _ => ("", argument),
        })
    }
}

impl Class {
    /// The annotation of that name.
    pub(crate) fn annotation(&self, name: &str) -> Option<&Annotation> {
        self.annotations.iter().find(|annotation| annotation.name == name)
    }

    /// Whether its modifiers, or the word for what it is, have this one.
    pub(crate) fn is(&self, code: &Code, word: &str) -> bool {
        code.words(self.modifiers.clone()).any(|own| own == word)
    }

    /// The names of what it extends and implements, without what stands between angles.
    pub(crate) fn parents<'c>(&self, code: &'c Code) -> Vec<&'c str> {
        let mut found: Vec<&str> = Vec::new();
        let mut at = self.head.start;
        let mut angles = 0_usize;
        let mut begins = false;
        while at < self.head.end {
            let token = code.token(at).map(|token| token.kind);
            match token {
                Some(Kind::Mark('<')) => angles += 1,
                Some(Kind::Mark('>')) => angles = angles.saturating_sub(1),
                Some(Kind::Mark(':' | ',')) if angles == 0 => begins = true,
                Some(Kind::Word) if angles == 0 => match code.written(at) {
                    "extends" | "implements" => begins = true,
                    // C#'s conditions on parameters, and Java's list of who may extend.
                    "where" | "permits" => break,
                    word if begins => {
                        found.push(word);
                        begins = false;
                    }
                    // `a.b.Name`: the last part is the name.
                    word if code.is_mark(at.wrapping_sub(1), '.') => {
                        if let Some(last) = found.last_mut() {
                            *last = word;
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
            at = code.after(at);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;
    use crate::scan::Language;

    fn shown(text: &str, language: &'static Language) -> Vec<String> {
        let code = Code::new(FileId(0), text.to_owned(), language);
        let names = |annotations: &[Annotation]| {
            let names: Vec<String> =
                annotations.iter().map(|annotation| format!("@{} ", annotation.name)).collect();
            names.concat()
        };
        let classes = classes(&code).into_iter().map(|class| {
            let members = class.members.iter().map(|member| {
                let value = member.value.clone().map(|value| format!("={}", value.len())).unwrap_or_default();
                let call = if member.parameters.is_some() { "()" } else { "" };
                format!("{}{}{call}{value}", names(&member.annotations), member.name)
            });
            let parents = class.parents(&code).join(",");
            let members: Vec<String> = members.collect();
            format!("{}{}<{parents}>[{}]", names(&class.annotations), class.name, members.join("; "))
        });
        classes.collect()
    }

    #[test]
    fn java_has_classes_within_classes() {
        let text = "package a.b; import x.Y; @A(\"x\") public class B<T extends C> extends D<T> implements E, f.G {\n\
                    private static final String P = \"/a\" + Q; @Inject B(int x) { new H() { @I int y; }; }\n\
                    @Get(value = {\"/a\"}) public K<L> m(@Var long i) throws M { return N.class; }\n\
                    static class O { @P void q(); } } enum R { S, T; }";
        assert_eq!(
            shown(text, &Language::JAVA),
            ["O<>[@P q()]", "@A B<D,E,G>[P=3; @Inject B(); @Get m()]", "R<>[T]", "<>[b; Y]"]
        );
    }

    #[test]
    fn kotlin_ends_declarations_with_lines() {
        let text = "package a\n@A class B(private val c: C) : D(c), E {\n  @Get(\"/x\")\n  fun f(@V i: Long) = c.g(i)\n\
                    \x20 @Post fun h(): I {\n return 1 }\n companion object { const val P = \"/a\" }\n}\ndata class J(val k: Int)\nclass L";
        assert_eq!(
            shown(text, &Language::KOTLIN),
            ["<>[P=1]", "@A B<D,E>[@Get f()=6; @Post h()]", "J<>[]", "L<>[]", "<>[a]"]
        );
    }

    #[test]
    fn csharp_has_attributes_namespaces_and_primary_constructors() {
        let text = "using A; namespace B.C { [ApiController, Route(\"x\")] public class D(E e) : F<G>, H where T : I {\n\
                    [HttpGet(\"{id}\")] [Authorize] public async Task<J> K([FromRoute] int id) => await e.L(id);\n\
                    public const string M = \"/m\"; public int N { get; set; } = 1; void O() { } } }";
        assert_eq!(
            shown(text, &Language::CSHARP),
            ["@ApiController @Route D<F,H>[@HttpGet @Authorize K()=7; M=1; N=1; O()]", "<>[A]"]
        );
    }

    #[test]
    fn what_is_broken_ends() {
        for text in
            ["class", "class A {", "@", "@A(", "class A { @B", "} } ; class", "[ [ [", "class A { int b = "]
        {
            for language in [&Language::JAVA, &Language::KOTLIN, &Language::CSHARP] {
                shown(text, language);
            }
        }
    }
}
