//! What expands, to what, and what does not, in whose words.

use super::*;

fn expand(source: &str) -> Result<String, String> {
    Expander::new().expand(source)
}

#[test]
fn the_context_is_that_of_a_first_task() {
    for (source, text) in [
        ("plain", "plain"),
        ("{{.Service.ID}}", "serviceid"),
        (
            "{{.Service.Name}}-{{.Task.Slot}}-{{.Node.Platform.OS}}",
            "servicename-1-os",
        ),
        ("{{.Node.ID}}{{.Node.Hostname}}", "nodeidnodeHostname"),
        ("{{.Node.Platform.Architecture}}", "architecture"),
        ("[{{.Task.ID}}]{{.Task.Name}}", "[]taskname"),
        ("{{.Service.Labels}}", "map[]"),
        ("{{.Task}}", "{ taskname 1}"),
        ("{{$.Task.Slot}}", "1"),
    ] {
        assert_eq!(expand(source).as_deref(), Ok(text), "{source}");
    }
}

#[test]
fn syntax_is_gos() {
    for (source, text) in [
        ("a {{- 1 -}} b", "a1b"),
        ("{{/* nothing */}}x", "x"),
        ("a {{- /* nothing */ -}} b", "ab"),
        ("{{\"q\\\"\\u00e4\\n\"}}{{`r\\`}}", "q\"ä\nr\\"),
        (
            "{{'a'}} {{0x10}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{-3}} {{+4}}",
            "97 16 3 15 15 1000 -3 4",
        ),
        ("{{1.5}} {{1e3}} {{1e+7}} {{.5}}", "1.5 1000 1e+07 0.5"),
        ("{{if true}}a{{else}}b{{end}}", "a"),
        ("{{if false}}a{{else if .Service}}b{{else}}c{{end}}", "b"),
        ("{{if .Service.Labels}}a{{end}}", ""),
        ("{{with .Node}}{{.ID}}{{$.Task.Slot}}{{end}}", "nodeid1"),
        (
            "{{with .Task.ID}}a{{else with .Node.ID}}{{.}}{{end}}",
            "nodeid",
        ),
        ("{{range .Service.Labels}}a{{else}}none{{end}}", "none"),
        ("{{range $k, $v := .Service.Labels}}{{$k}}{{$v}}{{end}}", ""),
        ("{{range 3}}{{.}}{{end}}", "012"),
        (
            "{{range $i := 5}}{{if eq $i 1}}{{continue}}{{end}}{{if eq $i 3}}{{break}}{{end}}{{$i}}{{end}}",
            "02",
        ),
        (
            "{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}",
            "2",
        ),
        ("{{define \"a\"}}<{{.}}>{{end}}{{template \"a\" 7}}", "<7>"),
        ("{{block \"a\" .Node}}{{.ID}}{{end}}", "nodeid"),
        ("{{(index .Service.Labels \"x\") | len}}", "0"),
        ("{{.Task.Slot | printf \"%s-%s\" .Task.Name}}", "taskname-1"),
        ("{{print 1 | }}", "1"),
        ("{{\n.Task.Slot\n}}", "1"),
    ] {
        assert_eq!(expand(source).as_deref(), Ok(text), "{source}");
    }
}

#[test]
fn functions_are_gos() {
    for (source, text) in [
        ("{{join \"-\" .Node.ID .Task.Name}}", "nodeid-taskname"),
        ("{{print 1 2 \"a\" 3 true}}", "1 2a3 true"),
        ("{{println 1 \"a\"}}", "1 a\n"),
        (
            "{{printf \"%s|%5s|%-5s|%05d|%q|%x|%v|%t|%.2f|%%|%d\" \"a\" \"b\" \"c\" 42 \"d\" 255 1.5 true 2.0}}",
            "a|    b|c    |00042|\"d\"|ff|1.5|true|2.00|%|%!d(MISSING)",
        ),
        ("{{printf \"%d %T\" \"a\" 1}}", "%!d(string=a) int"),
        (
            "{{printf \"%*d\" 3 7}}{{printf \"a\" 1}}",
            "  7a%!(EXTRA int=1)",
        ),
        ("{{and 1 0 nil}} {{or 0 \"x\"}} {{not 0}}", "0 x true"),
        (
            "{{eq 1 2 1}} {{ne \"a\" \"b\"}} {{lt 1 2}} {{ge \"b\" \"a\"}} {{gt 1.5 2.5}} {{le 1 1}}",
            "true true true true false true",
        ),
        (
            "{{len \"äb\"}} {{index \"abc\" 1}} {{slice \"abcd\" 1 3}}",
            "3 98 bc",
        ),
        (
            "{{html \"<a>\"}} {{js \"'\"}} {{urlquery \"a b&\"}}",
            "&lt;a&gt; \\' a+b%26",
        ),
    ] {
        assert_eq!(expand(source).as_deref(), Ok(text), "{source}");
    }
}

#[test]
fn faults_of_syntax_are_told_in_gos_words() {
    for (source, fault) in [
        ("{{.Service.ID", "unclosed action"),
        ("{{upper .Node.ID}}", "function \"upper\" not defined"),
        (
            "{{if false}}{{upper 1}}{{end}}",
            "function \"upper\" not defined",
        ),
        ("{{if false}}{{$x}}{{end}}", "undefined variable \"$x\""),
        ("{{if true}}a", "unexpected EOF"),
        ("a{{end}}b", "unexpected {{end}}"),
        ("{{else}}", "unexpected {{else}}"),
        (
            "{{if 1}}{{else}}{{else}}{{end}}",
            "expected end; found {{else}}",
        ),
        ("{{}}", "missing value for command"),
        ("{{if}}{{end}}", "missing value for if"),
        ("{{range 3}}{{end}}{{break}}", "{{break}} outside {{range}}"),
        ("{{print (1}}", "unclosed left paren"),
        ("{{print 1)}}", "unexpected \")\" in command"),
        ("{{1 | 2}}", "non executable command in pipeline stage 2"),
        ("{{true.x}}", "unexpected . after term \"true\""),
        ("{{\"a}}", "unterminated quoted string"),
        ("{{/* a }}", "unclosed comment"),
        ("{{/* a */ b}}", "comment ends before closing delimiter"),
        (
            "{{range $a, $b, $c := 1}}{{end}}",
            "too many declarations in range",
        ),
        ("{{1z}}", "bad number syntax: \"1z\""),
        ("{{.a#b}}", "bad character U+0023 '#'"),
        ("{{#}}", "unexpected \"#\" in command"),
    ] {
        let fault = format!("template: expansion:1: {fault}");
        assert_eq!(expand(source), Err(fault), "{source}");
    }
}

#[test]
fn faults_of_a_run_are_told_in_gos_words() {
    let context = "can't evaluate field X in type *template.Context";
    for (source, place, piece, fault) in [
        ("{{.X}}", "1:2", ".X", context),
        ("{{.X.here}}", "1:4", ".X.here", context),
        ("a\n{{.X}}", "2:2", ".X", context),
        (
            "{{.Service.Labels.x}}",
            "1:10",
            ".Service.Labels.x",
            "map has no entry for key \"x\"",
        ),
        (
            "{{.Node.Bad}}",
            "1:7",
            ".Node.Bad",
            "can't evaluate field Bad in type struct { ID string; Hostname string; Platform template.Platform }",
        ),
        ("{{nil}}", "1:2", "nil", "nil is not a command"),
        (
            "{{1 2}}",
            "1:2",
            "1",
            "can't give argument to non-function 1",
        ),
        (
            "{{.Task.ID 1}}",
            "1:7",
            ".Task.ID",
            "ID has arguments but cannot be invoked as function",
        ),
        (
            "{{len 3}}",
            "1:2",
            "len",
            "error calling len: len of type int",
        ),
        (
            "{{eq 1 \"a\"}}",
            "1:2",
            "eq",
            "error calling eq: incompatible types for comparison",
        ),
        (
            "{{template \"x\"}}",
            "1:2",
            "template \"x\"",
            "template \"x\" not defined",
        ),
        (
            "{{range .Service}}{{end}}",
            "1:8",
            ".Service",
            "range can't iterate over {serviceid servicename map[]}",
        ),
        (
            "{{join}}",
            "1:2",
            "join",
            "error calling join: runtime error: index out of range [0] with length 0",
        ),
        (
            "{{not}}",
            "1:2",
            "not",
            "wrong number of args for not: want 1 got 0",
        ),
    ] {
        let fault =
            format!("template: expansion:{place}: executing \"expansion\" at <{piece}>: {fault}");
        assert_eq!(expand(source), Err(fault), "{source}");
    }
}

/// Go has no bound for any of these but the depth of calls, and a server that expands them is lost.
#[test]
fn a_dry_run_ends() {
    let doubling = "{{$x := \"0123456789\"}}".to_owned() + &"{{$x = print $x $x}}".repeat(60);
    let mut calls = String::new();
    for n in 0..60 {
        let twice = format!("{{{{template \"{}\"}}}}", n + 1).repeat(2);
        calls.extend([
            format!("{{{{define \"{n}\"}}}}"),
            twice,
            "{{end}}".to_owned(),
        ]);
    }
    for source in [
        "{{range 9223372036854775807}}{{end}}",
        "{{range 999999}}{{range 999999}}a{{end}}{{end}}",
        "{{range 99}}{{printf \"%1000000d\" 1}}{{end}}",
        &doubling,
        &(calls + "{{define \"60\"}}{{end}}{{template \"0\"}}"),
        &"{{$x := printf \"%999999d\" 1}}".repeat(100),
    ] {
        let fault = Expander::with_work(100_000).expand(source).unwrap_err();
        assert!(fault.contains("too much work"), "{fault}");
    }
}

#[test]
fn nesting_is_bounded() {
    for source in [
        "{{if 1}}".repeat(100_000),
        "{{if 1}}{{else if 1}}".to_owned() + &"{{else if 1}}".repeat(100_000),
        "{{print ".to_owned() + &"(".repeat(100_000),
        "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}".to_owned(),
        "{{template \"expansion\"}}".to_owned(),
        "{{define \"a\"}}".to_owned()
            + &"{{if 1}}".repeat(50)
            + "{{template \"a\"}}"
            + &"{{end}}".repeat(51)
            + "{{template \"a\"}}",
    ] {
        let fault = expand(&source).unwrap_err();
        assert!(
            fault.contains("deeper") || fault.contains("depth"),
            "{fault}"
        );
    }
}

#[test]
fn the_bound_is_shared_by_all_templates_of_a_spec() {
    let mut expander = Expander::with_work(1_000);
    let big = "{{range 400}}{{end}}";
    let results = [(); 3].map(|()| expander.expand(big).is_ok());
    assert_eq!(results, [true, true, false]);
}

/// What templates are made of, and what does not belong into them.
const TOKENS: [&str; 64] = [
    "{{",
    "{{- ",
    "}}",
    " -}}",
    "{{/*",
    "*/}}",
    " ",
    "\n",
    "a",
    "ä",
    "\0",
    "\u{2028}",
    ".",
    ".Node",
    ".ID",
    ".Task",
    ".Service",
    ".Labels",
    "$",
    "$x",
    ":=",
    "=",
    ",",
    "|",
    "(",
    ")",
    "\"",
    "\"q\"",
    "`",
    "`r`",
    "'",
    "'c'",
    "\\",
    "\\x",
    "\\u00",
    "0x",
    "1",
    "07",
    "1.5",
    "e+",
    "-",
    "nil",
    "true",
    "if ",
    "else",
    "else if ",
    "end",
    "{{end}}",
    "range ",
    "with ",
    "template ",
    "block ",
    "define ",
    "break",
    "continue",
    "{{else}}",
    "print ",
    "printf ",
    "\"%*d%q%\"",
    "index ",
    "slice ",
    "and ",
    "len ",
    "eq ",
];

proptest::proptest! {
    /// A request must not be able to stop the server, whatever it holds.
    #[test]
    fn no_source_panics(places in proptest::collection::vec(0..TOKENS.len(), 0..24)) {
        let tokens: String = places.iter().map(|place| TOKENS[*place]).collect();
        for source in [&tokens, &format!("{{{{{tokens}"), &format!("{{{{{tokens}}}}}{{{{end}}}}")] {
            let _ = Expander::with_work(10_000).expand(source);
        }
    }
}
