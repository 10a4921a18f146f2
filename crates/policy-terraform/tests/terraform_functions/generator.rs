//! Expressions to try: some that are written down, and any number of random ones that repeat for the same seed.

/// What a parameter takes or a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    Texts,
    Numbers,
    Lists,
    Map,
    Any,
    /// An argument that is one of a few texts.
    Of(&'static [&'static str]),
}

use Kind::{Any, Bool, Lists, Map, Number, Numbers, Of, Text, Texts};

const CIDRS: &[&str] =
    &["10.0.0.0/8", "10.1.2.0/24", "192.168.0.0/16", "fd00:fd12:3456:7890::/56", "10.0.0.1", "0.0.0.0/0"];
const SMALL: &[&str] = &["0", "1", "2", "3", "4", "8"];
const FORMATS: &[&str] =
    &["%s", "%-8s|", "%08.3f", "%d", "%x", "%v", "%q", "%5d", "%t", "<%s>", "%#v", "%+d", "%e"];
const PATTERNS: &[&str] = &[
    "[a-z]+",
    "^(\\\\w+)-(\\\\w+)$",
    "(?P<first>[a-z])(?P<second>\\\\d)?",
    "\\\\d+",
    "q.*k",
    "[[:alpha:]]",
    "o|x",
];
const REPLACED: &[&str] = &["a", "-", "/[aeiou]/", "/(\\\\w+)-(\\\\w+)/", "o", " ", ""];
const REPLACEMENTS: &[&str] = &["", "_", "$2$1", "<$0>", "xyz"];
const TIMES: &[&str] =
    &["2018-01-02T23:12:01Z", "2024-02-29T00:00:00+02:00", "2023-12-31T23:59:59-07:30", "soon"];
const TIME_FORMATS: &[&str] = &[
    "DD MMM YYYY hh:mm ZZZ",
    "EEEE, DD-MMM-YY hh:mm:ss ZZZ",
    "YYYY-MM-DD'T'hh:mm:ssZ",
    "H:mm AA 'o''clock'",
    "D M aa ZZZZZ",
];
const DURATIONS: &[&str] = &["10m", "1h30m", "-24h", "1.5s", "90x", "100ms"];
const SEPARATORS: &[&str] = &[",", "-", " ", "o", ""];
const JSON: &[&str] = &["{\\\"a\\\":[1,2.5,null]}", "[true, \\\"x\\\\u00e9\\\"]", "{", "\\\"s\\\"", "01"];
const PATHS: &[&str] = &["a/b/c.txt", "/x", "../y/", "a", "", "a//b/./c"];

/// Functions with the kinds of their parameters and of their results. `log` is only among the fixed ones: it gives infinity,
/// and digits that only a binary fraction has.
const FUNCTIONS: &[(&str, &[Kind], Kind)] = &[
    ("abs", &[Number], Number),
    ("alltrue", &[Any], Bool),
    ("anytrue", &[Any], Bool),
    ("base64decode", &[Text], Text),
    ("base64encode", &[Text], Text),
    ("basename", &[Of(PATHS)], Text),
    ("can", &[Any], Bool),
    ("ceil", &[Number], Number),
    ("chomp", &[Text], Text),
    ("chunklist", &[Texts, Of(SMALL)], Lists),
    ("cidrhost", &[Of(CIDRS), Number], Text),
    ("cidrnetmask", &[Of(CIDRS)], Text),
    ("cidrsubnet", &[Of(CIDRS), Of(SMALL), Of(SMALL)], Text),
    ("cidrsubnets", &[Of(CIDRS), Of(SMALL), Of(SMALL), Of(SMALL)], Texts),
    ("coalesce", &[Text, Text], Text),
    ("coalescelist", &[Texts, Texts], Texts),
    ("compact", &[Texts], Texts),
    ("concat", &[Texts, Texts], Texts),
    ("concat", &[Lists, Numbers, Texts], Lists),
    ("contains", &[Texts, Text], Bool),
    ("contains", &[Numbers, Number], Bool),
    ("dirname", &[Of(PATHS)], Text),
    ("distinct", &[Texts], Texts),
    ("distinct", &[Numbers], Numbers),
    ("element", &[Texts, Of(SMALL)], Text),
    ("element", &[Numbers, Of(SMALL)], Number),
    ("endswith", &[Text, Text], Bool),
    ("flatten", &[Lists], Texts),
    ("floor", &[Number], Number),
    ("format", &[Of(FORMATS), Any], Text),
    ("format", &[Of(FORMATS), Number], Text),
    ("formatdate", &[Of(TIME_FORMATS), Of(TIMES)], Text),
    ("formatlist", &[Of(FORMATS), Texts], Texts),
    ("formatlist", &[Of(FORMATS), Numbers], Texts),
    ("indent", &[Of(SMALL), Text], Text),
    ("index", &[Texts, Text], Number),
    ("join", &[Of(SEPARATORS), Texts], Text),
    ("jsondecode", &[Of(JSON)], Any),
    ("jsonencode", &[Any], Text),
    ("keys", &[Map], Texts),
    ("length", &[Any], Number),
    ("lookup", &[Map, Text, Text], Text),
    ("lower", &[Text], Text),
    ("matchkeys", &[Texts, Texts, Texts], Texts),
    ("max", &[Number, Number, Number], Number),
    ("merge", &[Map, Map], Map),
    ("min", &[Number, Number], Number),
    ("one", &[Texts], Text),
    ("parseint", &[Text, Of(&["2", "10", "16", "36", "62"])], Number),
    ("pow", &[Number, Of(SMALL)], Number),
    ("range", &[Of(SMALL)], Numbers),
    ("range", &[Number, Of(SMALL)], Numbers),
    ("range", &[Of(SMALL), Number, Number], Numbers),
    ("regex", &[Of(PATTERNS), Text], Any),
    ("regexall", &[Of(PATTERNS), Text], Any),
    ("replace", &[Text, Of(REPLACED), Of(REPLACEMENTS)], Text),
    ("reverse", &[Texts], Texts),
    ("reverse", &[Numbers], Numbers),
    ("setintersection", &[Texts, Texts], Texts),
    ("setproduct", &[Texts, Texts], Lists),
    ("setproduct", &[Numbers, Texts], Lists),
    ("setsubtract", &[Texts, Texts], Texts),
    ("setunion", &[Texts, Texts], Texts),
    ("signum", &[Number], Number),
    ("slice", &[Texts, Of(SMALL), Of(SMALL)], Texts),
    ("sort", &[Texts], Texts),
    ("split", &[Of(SEPARATORS), Text], Texts),
    ("startswith", &[Text, Text], Bool),
    ("strcontains", &[Text, Text], Bool),
    ("strrev", &[Text], Text),
    ("substr", &[Text, Number, Number], Text),
    ("sum", &[Numbers], Number),
    ("textencodebase64", &[Text, Of(&["UTF-16LE"])], Text),
    ("timeadd", &[Of(TIMES), Of(DURATIONS)], Text),
    ("timecmp", &[Of(TIMES), Of(TIMES)], Number),
    ("title", &[Text], Text),
    ("tobool", &[Any], Bool),
    ("tolist", &[Any], Texts),
    ("tomap", &[Map], Map),
    ("tonumber", &[Any], Number),
    ("toset", &[Any], Texts),
    ("tostring", &[Any], Text),
    ("trim", &[Text, Of(&["Te", " d", ""])], Text),
    ("trimprefix", &[Text, Of(&["web", "The", ""])], Text),
    ("trimspace", &[Text], Text),
    ("trimsuffix", &[Text, Of(&["app", "old", ""])], Text),
    ("try", &[Any, Any], Any),
    ("upper", &[Text], Text),
    ("urlencode", &[Text], Text),
    ("values", &[Map], Texts),
    ("zipmap", &[Texts, Texts], Map),
];

/// Expressions worth trying whatever the generator comes up with.
pub(crate) const FIXED: &[&str] = &[
    "tolist([1, true])",
    "tolist([1, \"a\", null])",
    "toset([3, 1, 2, 1])",
    "toset([\"b\", true])",
    "contains([1, 2], \"1\")",
    "contains([\"1\"], 1)",
    "coalesce(\"\", null, 1, \"x\")",
    "coalesce(1, \"x\")",
    "element(tolist([\"a\", \"b\"]), -1)",
    "format(\"%v %v %v\", 5764801, -123456, 0.25)",
    "element([\"a\", \"b\"], 5)",
    "format(\"%[2]s %[1]s\", \"a\", \"b\")",
    "format(\"%5[1]d|\", 3)",
    "format(\"%d\", 1.5)",
    "format(\"%s %s\", \"a\")",
    "format(\"a\", \"b\")",
    "format(\"%05s|%-5s|%5s|%.2s\", \"ab\", \"ab\", \"ab\", \"abc\")",
    "format(\"%g %G %e %f\", 1234567.5, 0.00001, 12, 2.5)",
    "format(\"%v\", [1, \"a\", { b = true }])",
    "format(\"%#v\", \"a\")",
    "format(\"%%%s\", \"x\")",
    "format(\"%x %X %o %b %#x\", 255, 255, 8, 5, 255)",
    "format(\"%+d|% d|%+5d|%-5d|%05d\", 3, 3, 3, 3, -3)",
    "formatlist(\"x%s\", \"a\")",
    "formatlist(\"%s-%s\", [\"a\", \"b\"], \"c\")",
    "formatlist(\"%s-%s\", [\"a\", \"b\"], [\"c\"])",
    "title(\"hello world-wide o'clock x_y 1st\")",
    "substr(\"hello\", -3, 2)",
    "substr(\"hello\", 1, -1)",
    "substr(\"hello\", 10, 2)",
    "length(\"zażółć\")",
    "length({ a = 1 })",
    "flatten([[\"a\", [\"b\"]], [], [[[\"c\"]]]])",
    "flatten([\"a\", toset([\"c\", \"b\"])])",
    "merge({ a = 1 }, null, { b = [1] })",
    "merge()",
    "one([])",
    "one([null])",
    "one([1, 2])",
    "parseint(\"zZ\", 62)",
    "parseint(\"-ff\", 16)",
    "parseint(\"+7\", 8)",
    "pow(2, 0.5)",
    "pow(3, 40)",
    "log(8, 2)",
    "log(0, 2)",
    "range(5, 1)",
    "range(1, 5, -1)",
    "range(1, 10, 2.5)",
    "range(2000)",
    "regex(\"a(b)?\", \"ac\")",
    "regexall(\"(a)|(b)\", \"ab\")",
    "replace(\"aaa\", \"a\", \"$0\")",
    "replace(\"abc\", \"/(b)/\", \"[$1]\")",
    "replace(\"abc\", \"/x*/\", \"-\")",
    "replace(\"a.b\", \".\", \"\")",
    "reverse(toset([\"a\", \"b\"]))",
    "setproduct([1, 2], [\"a\"])",
    "setproduct(toset([\"a\"]), toset([\"b\"]))",
    "setproduct([], [\"a\"])",
    "sum([])",
    "sum([1, \"2\"])",
    "transpose({ a = [\"x\", \"y\"], b = [\"y\"] })",
    "trimspace(\"\\t x \\n\")",
    "csvdecode(\"a,b\\n1,2\\n\\\"x,y\\\",\\\"q\\\"\\\"q\\\"\\n\")",
    "csvdecode(\"a,a\\n1,2\")",
    "yamldecode(\"a: 1\\nb: [x, \\\"y\\\", true, no, ~, 1.5, 0x1F, 0o17, 017, 1e3]\\nc:\\n  - k: v\\n    z: null\\n\")",
    "yamldecode(\"d: &x {q: 1}\\ne: *x\\nf:\\n  <<: *x\\n  z: 2\\ng: |\\n  l1\\n  l2\\n\")",
    "yamldecode(\"2: two\\ntrue: t\\ni: ''\\nj:\\nl: \\\"12\\\"\\nm: +5\\no: 12:30\\np: Yes\\nq: TRUE\\ns: 1.\\nt: .5\\nv: 0b11\\n\")",
    "yamldecode(\"- =\\n- 685_230.15\\n- 02472256\\n- 0x_0A\\n- 1e+3\\n- +1.5\\n- 08\\n- n\")",
    "yamldecode(\"a\")",
    "yamldecode(\"\")",
    "yamldecode(\"---\\na: 1\\n---\\nb: 2\")",
    "yamldecode(\"? [a]\\n: b\")",
    "yamldecode(\"[1, 2\")",
    "yamlencode({ a = \"x\", b = [1, true, null], \"c d\" = { e = \"l1\\nl2\\n\" }, f = [], g = {}, h = \"true\", i = \"\" })",
    "yamlencode({ j = [[1, 2], [\"a\"]], k = [{ l = 1, m = [2] }], n = \"a\\tb\", o = \"ü \\\" \\\\ '\", p = 1.5, q = \"multi\\nline\" })",
    "yamlencode([{ a = 1, b = { c = [] } }, \"x\", \"y\\nz\"])",
    "yamlencode(\"x\")",
    "yamlencode([])",
    "yamlencode(null)",
    "yamlencode(local.object)",
    "jsonencode({ \"<a>\" = \"&\\u2028\\t\\\"\", n = 1.50, z = null })",
    "jsondecode(\"1e2\")",
    "jsondecode(\"[1,]\")",
    "urlencode(\"a b&c/ü~\")",
    "base64decode(\"aGVsbG8=\")",
    "base64decode(\"aGVsbG8\")",
    "textdecodebase64(\"aABpAA==\", \"UTF-16LE\")",
    "chunklist([1, 2, 3], 2)",
    "chunklist([], 2)",
    "chunklist([1], 0)",
    "chunklist([1], -1)",
    "index([1, 2], 2)",
    "index([1, 2], 3)",
    "lookup({ a = 1 }, \"b\", null)",
    "lookup({ a = 1 }, \"b\")",
    "keys({})",
    "values({ b = 1, a = 2 })",
    "zipmap([\"a\", \"b\", \"a\"], [1, 2, 3])",
    "distinct([1, \"1\", true])",
    "compact([\"a\", \"\", null, 1])",
    "sort([\"b\", \"A\", \"a\", 1])",
    "slice([1, 2, 3], 1, 2)",
    "slice([1, 2, 3], 2, 1)",
    "alltrue([])",
    "alltrue([true, null])",
    "anytrue([\"true\", false])",
    "cidrhost(\"10.0.0.0/8\", -2)",
    "cidrhost(\"10.0.0.0/30\", 4)",
    "cidrhost(\"fd00::/64\", 1)",
    "cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)",
    "cidrsubnets(\"10.1.0.0/28\", 4, 4)",
    "cidrsubnet(\"010.001.0.0/16\", 8, 3)",
    "formatdate(\"YYYY\", \"2020-02-30T00:00:00Z\")",
    "formatdate(\"ZZZ Z\", \"2020-02-01T00:00:00+00:00\")",
    "formatdate(\"yyyy\", \"2020-02-01T00:00:00Z\")",
    "timeadd(\"2017-11-22T00:00:00Z\", \"1h\")",
    "timecmp(\"2017-11-22T01:00:00+01:00\", \"2017-11-22T00:00:00Z\")",
    "tostring(1.0)",
    "tostring(100000000000000000000)",
    "tostring(0.1)",
    "tonumber(\"1e3\")",
    "tonumber(\"0x10\")",
    "tonumber(\" 1\")",
    "tobool(\"yes\")",
    "tobool(1)",
    "strrev(\"añb\")",
    "indent(2, \"a\\nb\\n\")",
    "join(\"-\", [\"a\"], [\"b\", \"c\"])",
    "join(\",\", [1, true, \"x\"])",
    "join(\",\", [\"a\", null])",
    "split(\",\", \"\")",
    "startswith(\"abc\", \"\")",
    "1 == \"1\"",
    "\"${[1][0]}\" == \"1\"",
    "{ a = 1 } == { a = 1 }",
    "null == local.nothing",
    "false ? [1] : [\"a\", \"b\"]",
    "true ? { a = 1 } : { a = \"x\" }",
    "true ? { a = 1 } : { b = \"x\" }",
    "false ? { a = 1 } : {}",
    "true ? 1 : \"x\"",
    "true ? 1 : true",
    "true ? [1, 2] : [\"a\"]",
    "true ? [1] : \"a\"",
    "true ? local.words : local.set",
    "\"x\" ? 1 : 2",
    "local.nothing ? 1 : 2",
    "tolist([{ a = 1 }, { a = \"x\" }])",
    "-7 % 3",
    "5.5 % 2",
    "1 / 0",
    "local.objects[*].id",
    "local.object[\"tags\"].env",
    "local.objects.0.id",
    "[for i, w in local.words : \"${i}${w}\" if w != \"\"]",
    "{ for k, v in local.map : v => k... }",
    "{ for k, v in local.map : upper(k) => v }",
    "{ for w in local.words : w => w }",
    "\"%{ if local.yes }a%{ else }b%{ endif }${local.half}\"",
    "\"%{ for w in local.words ~} ${w} %{ endfor ~}x\"",
];

/// Makes expressions at random; the same ones for the same seed.
pub(crate) struct Generator(u64);

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let index = self.below(from.len());
        *from.get(index).unwrap()
    }

    /// An expression of any kind that nests at most `depth` calls.
    pub(crate) fn any(&mut self, depth: usize) -> String {
        let kind = self.pick(&[Text, Number, Bool, Texts, Numbers, Lists, Map]);
        self.of(kind, depth)
    }

    fn of(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Any => return self.any(depth),
            Of(texts) => {
                let text = self.pick(texts);
                let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                return if is_number { text.to_owned() } else { format!("\"{text}\"") };
            }
            _ => {}
        }
        // Now and then something of another kind: what Terraform converts, and what it refuses.
        if self.below(25) == 0 {
            return self.any(depth.saturating_sub(1));
        }
        match self.below(10) {
            _ if depth == 0 => self.leaf(kind),
            0..2 => self.leaf(kind),
            2 => self.conditional(kind, depth - 1),
            3 => self.operation(kind, depth - 1),
            _ => self.call(kind, depth - 1),
        }
    }

    fn call(&mut self, kind: Kind, depth: usize) -> String {
        let fitting: Vec<_> =
            FUNCTIONS.iter().filter(|(.., result)| *result == kind || *result == Any).collect();
        let Some((name, parameters, _)) = fitting.get(self.below(fitting.len())) else {
            return self.leaf(kind);
        };
        let arguments: Vec<String> = parameters.iter().map(|parameter| self.of(*parameter, depth)).collect();
        format!("{name}({})", arguments.join(", "))
    }

    fn conditional(&mut self, kind: Kind, depth: usize) -> String {
        format!("({} ? {} : {})", self.of(Bool, depth), self.of(kind, depth), self.of(kind, depth))
    }

    fn operation(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Number => {
                let operator = self.pick(&["+", "-", "*"]);
                format!("({} {operator} {})", self.of(Number, depth), self.of(Number, depth))
            }
            Bool => match self.below(4) {
                0 => format!("!{}", self.of(Bool, depth)),
                1 => format!("({} == {})", self.of(Text, depth), self.of(Text, depth)),
                2 => format!("({} >= {})", self.of(Number, depth), self.of(Number, depth)),
                _ => format!("({} && {})", self.of(Bool, depth), self.of(Bool, depth)),
            },
            Text => format!("\"<${{{}}}-${{{}}}>\"", self.of(Text, depth), self.of(Number, 0)),
            Texts => format!("[for x in {} : upper(x)]", self.of(Texts, depth)),
            Numbers => format!("[for i, x in {} : i * 2]", self.of(Numbers, depth)),
            Map => format!("{{ for k, v in {} : k => \"${{v}}!\" }}", self.of(Map, depth)),
            _ => format!("[{}, {}]", self.of(Texts, depth), self.of(Texts, depth)),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let choices: &[&str] = match kind {
            Text => &[
                "local.name",
                "local.text",
                "local.empty",
                "local.unicode",
                "local.lines",
                "\"a-b\"",
                "\"x1\"",
                "local.words[0]",
                "local.map.a",
                "local.object.name",
                "\"12\"",
                "\"true\"",
                "local.nothing",
            ],
            Number => &[
                "local.number",
                "local.half",
                "0",
                "1",
                "-1",
                "7",
                "2.25",
                "local.numbers[1]",
                "local.object.size",
            ],
            Bool => &["true", "false", "local.yes", "local.objects[1].on"],
            Texts => &[
                "local.words",
                "[\"a\", \"b\"]",
                "[]",
                "local.set",
                "local.mixed",
                "[\"x\"]",
                "keys(local.map)",
            ],
            Numbers => &["local.numbers", "[1, 2]", "[]", "local.object.list", "[5]"],
            Lists => &["local.nested", "[[\"a\"], [\"b\", \"c\"]]", "[]"],
            Map => {
                &["local.map", "{}", "{ a = \"z\" }", "{ k = local.name, l = \"m\" }", "local.object.tags"]
            }
            Any | Of(_) => &["null"],
        };
        self.pick(choices).to_owned()
    }
}
