//! Each rule against Python's own expression over the same names, where Python is installed; and
//! fixed cases everywhere.

use std::io::Write as _;
use std::process::{Command, Stdio};

use layerscope::export::{Consumer, DryRun, FreezeFile, Parameters, Peft, Settings, dry_run};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::require::missing;

/// Consumers whose rule is one expression of Python's, with that expression.
const RULES: [(Consumer, &str); 6] = [
    (Consumer::Aws, "re.match(p, n)"),
    (Consumer::MsSwiftRegex, "re.search(p, n)"),
    (Consumer::Snippet, "p in n"),
    (Consumer::MsSwift, "n.startswith(p)"),
    (Consumer::Axolotl, "LayerNamePattern(p).match(n)"),
    (Consumer::Peft, "re.fullmatch(p, n.rsplit('.', 1)[0])"),
];

/// Reads `{"names": […], "cases": [[expression, pattern], …]}`; writes, for each case, the names'
/// places that match, or null where Python refuses the pattern.
const PROGRAM: &str = r#"
import json, re, sys, warnings
warnings.simplefilter("ignore")

class LayerNamePattern:
    def __init__(self, pattern):
        name, self.range = pattern, None
        found = re.match(r"^(.+)\[([0-9]*)(?::([0-9]*))?\]$", pattern)
        if found:
            name, first, last = found.groups()
            if last is not None and last != "" and int(first or 0) >= int(last):
                raise ValueError("empty range")
        self.regex = re.compile(re.sub(r"\.(?!\+)", "\\.", name))

    def match(self, name):
        return self.regex.match(name) is not None

document = json.load(sys.stdin)
functions = {}
answers = []
for expression, p in document["cases"]:
    function = functions.setdefault(expression, eval("lambda p, n: " + expression))
    try:
        answers.append([i for i, n in enumerate(document["names"]) if function(p, n)])
    except (re.error, ValueError, OverflowError, RecursionError):
        answers.append(None)
json.dump(answers, sys.stdout)
"#;

/// What Python answers; `None`, with a line, where it is not installed.
fn python(names: &[String], cases: &[(&str, &str)]) -> Option<Vec<Option<Vec<usize>>>> {
    let child = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        missing("python", "python3");
        return None;
    };
    let document = json!({ "names": names, "cases": cases }).to_string();
    let mut input = child.stdin.take().expect("is piped");
    input.write_all(document.as_bytes()).expect("is read");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "python3 ends well");
    let answers: Value = serde_json::from_slice(&output.stdout).expect("is JSON");
    Some(serde_json::from_value(answers).expect("is a list of lists"))
}

/// The names of a small model, with what makes patterns go astray.
fn names() -> Vec<String> {
    let mut names = vec![
        "lm_head.weight".to_owned(),
        "model.embed_tokens.weight".into(),
    ];
    for block in [0, 1, 2, 10, 11, 21] {
        for part in [
            "self_attn.q_proj.weight",
            "self_attn.q_proj.bias",
            "self_attn.q_norm.weight",
            "mlp.gate.weight",
            "mlp.gate_proj.weight",
            "mlp.experts.1.down_proj.weight",
            "input_layernorm.weight",
        ] {
            names.push(format!("model.layers.{block}.{part}"));
        }
        names.push(format!(
            "audio_tower.layers.{block}.self_attn.q_proj.weight"
        ));
        names.push(format!("audio.model.layers.{block}.mlp.gate.weight"));
    }
    for odd in [
        "model.norm.weight",
        "modelXnorm.weight",
        "Model.Norm.weight",
        "a-b.c d.weight",
        "brace{2}.weight",
        "tab\there.weight",
        "plus+.weight",
        "model.layers.[0].weight",
    ] {
        names.push(odd.to_owned());
    }
    names
}

fn run(consumer: Consumer, pattern: &str, parameters: &Parameters) -> DryRun {
    let mut file = FreezeFile::of_patterns(consumer, [pattern]);
    if consumer == Consumer::Peft {
        file.settings = Settings::Peft(Peft {
            is_string: true,
            ..Peft::default()
        });
    }
    dry_run(&file, consumer, parameters)
}

/// Holds the dry runs of all patterns by all rules against Python; returns how many were followed.
fn compare(names: &[String], patterns: &[String]) -> Option<usize> {
    let cases: Vec<(Consumer, &str, &str)> = patterns
        .iter()
        .flat_map(|pattern| {
            RULES
                .into_iter()
                .map(move |(consumer, rule)| (consumer, rule, pattern.as_str()))
        })
        // A keyword of PEFT's, and no pattern.
        .filter(|(consumer, _, pattern)| {
            *consumer != Consumer::Peft || !pattern.eq_ignore_ascii_case("all-linear")
        })
        .collect();
    let asked: Vec<(&str, &str)> = cases.iter().map(|&(_, rule, text)| (rule, text)).collect();
    let answers = python(names, &asked)?;
    let parameters = Parameters::of_names(names.iter().cloned());
    let mut followed = 0;
    for ((consumer, rule, pattern), answer) in cases.into_iter().zip(answers) {
        let ours = run(consumer, pattern, &parameters);
        let Some((_, reason)) = ours.unreadable.first() else {
            assert_eq!(
                Some(&ours.trainable),
                answer.as_ref(),
                "{rule} of {pattern:?}"
            );
            followed += 1;
            continue;
        };
        assert!(
            ours.trainable.is_empty(),
            "{pattern:?} is reported and not guessed"
        );
        if reason.starts_with("Python refuses") {
            assert_eq!(answer, None, "{rule} of {pattern:?}: {reason}");
        }
    }
    Some(followed)
}

/// Patterns that the two engines might read otherwise.
const ADVERSARIAL: [&str; 211] = [
    "",
    "^",
    "$",
    ".",
    "..",
    ".*",
    ".+",
    r"\.",
    "model.layers.1",
    "model.layers.1.",
    r"model\.layers\.1\.",
    "^lm_head.weight$",
    "^model.embed_tokens.weight$",
    "lm_head",
    "model.layers.[12].mlp",
    "model.layers.1[01]",
    "model.layers.[0-9]+.mlp.gate",
    r"model\.layers\.\d+\.mlp\.gate$",
    "(model|audio).",
    "(?:model|audio_tower)\\.layers",
    "model|audio",
    "|",
    "a||b",
    "()",
    "(|model)",
    "model(?#comment)?",
    "(?P<n>model)",
    "(?P<n>a)(?P<n>b)",
    "(?P=n)",
    r"(m)\1",
    r"\1",
    "(?=model)",
    "(?!model)",
    "(?<=m)o",
    "(?<!m)o",
    "(?>model)",
    "(a)(?(1)b|c)",
    "model++",
    "m*+",
    "m{1,2}+",
    "m*?",
    "m{1,2}?",
    "m**",
    "m*?*",
    "*m",
    "(*m)",
    "^*",
    "$+",
    r"\b*",
    "m{",
    "m{}",
    "m{,}",
    "m{,2}",
    "m{1,}",
    "m{2,1}",
    "m{a}",
    "m{1",
    "brace{2}",
    "brace.2",
    r"brace\{2\}",
    "}",
    "]",
    "[]",
    "[]a]",
    "[^]a]",
    "[^",
    "[",
    "[a",
    "[a-",
    "[a-]",
    "[-a]",
    "[z-a]",
    r"[\d-z]",
    r"[a-\d]",
    "[[]",
    "[[a]",
    "[[:alpha:]]",
    "[a&&b]",
    "[a--b]",
    "[a||b]",
    "[~~a]",
    r"[\w.]+",
    r"[\]]",
    r"[\b]",
    r"[\A]",
    r"[\1]",
    r"[^\W]+",
    r"[^\D]",
    r"\A",
    r"\Z",
    r"\z",
    r"weight\Z",
    r"\bgate\b",
    r"\Bate",
    r"\x6dodel",
    r"\x6",
    r"\u006dodel",
    r"\U0000006dodel",
    r"\N{BULLET}",
    r"\0",
    r"\07",
    r"\101",
    r"\d",
    r"\D",
    r"\s",
    r"\S",
    r"\w+",
    r"\W",
    r"\q",
    r"\-",
    r"\_",
    r"\é",
    r"\",
    r"a\",
    "a b",
    "a-b.c d",
    r"tab\t",
    "tab\t",
    "(?i)MODEL",
    "(?i:MODEL).layers",
    "(?-i:m)",
    "(?i)(?-i:M)odel",
    "m(?i)odel",
    "(?i)(?s)model",
    "(?s).*",
    "(?s:.)*",
    "(?m)^m",
    "(?m)t$",
    "(?x) m o d e l",
    "(?x:m )",
    "(?a)\\w",
    "(?u)\\w",
    "(?au)\\w",
    "(?L)m",
    "(?z)m",
    "(?i",
    "(?i-",
    "(?i-i:m)",
    "(?-a:m)",
    "(?:)",
    "(?:)*",
    "(?:a*)*",
    "(a*)*",
    "((((m))))",
    "(",
    ")",
    "(m",
    "m)",
    "(?",
    "(?P",
    "(?P<",
    "(?P<1>m)",
    "(?P<é>m)",
    "(?P>n)",
    "(?<n>m)",
    "(?|a|b)",
    "(?&n)",
    "(?R)",
    "m(?#",
    "^^model",
    "model$$",
    "mo^del",
    "mo$del",
    "é",
    "(?i)é",
    "[é]",
    "model.layers.1[0:5]",
    "model.layers.1[5:0]",
    "model.layers.1[7]",
    "model.layers.1[]",
    "model.layers.1[:]",
    "model.layers.1[12]",
    "[0]",
    "[0:1]",
    "model.layers.[0]",
    r"model.layers.\[0\]",
    "model.layers.1.+",
    "model.+mlp",
    r"model\.+",
    "model...layers",
    r"\\.",
    "plus+",
    r"plus\+",
    "(?i)[A-Z]+.norm",
    "[A-z]+",
    "(?i)[^m]odel",
    "model{1}",
    "m{0}",
    "m{0}odel",
    "(?i)model$",
    "(?i)^lm",
    "a{1000000000000}",
    "a{65536}",
    "(a|b){2,3}c",
    "'model.layers.1'",
    "\"lm_head\"",
    "- lm_head",
    "model.layers.1 # note",
    "model.layers.1 ",
    "\n",
    "model\\n",
    "\\r?\\n?model",
    "\u{85}",
    "\u{1c}",
    r"[\s]",
    "q_proj",
    "layers.1.mlp",
    "model.layers.1.mlp.gate",
    "model.layers.1.mlp.gate.",
    ".1.",
    ".1.mlp",
];

#[test]
fn adversarial_patterns_match_as_in_python() {
    let patterns = ADVERSARIAL.map(str::to_owned);
    if let Some(followed) = compare(&names(), &patterns) {
        assert!(
            followed > patterns.len() * 3,
            "only {followed} were followed"
        );
    }
}

/// Pieces that patterns are put together of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "model", "layers", "audio", "mlp", "gate", "weight", "1", "0", "10", "_", "m", "q_proj",
        ]),
        6 => prop::sample::select(vec![".", "\\.", ".*", ".+", "[^.]+", "[0-9]", "\\d+", "\\w"]),
        4 => prop::sample::select(vec![
            "^", "$", "(", ")", "|", "[", "]", "{", "}", "?", "*", "+", "-", "\\", ":", "=", "!",
            "<", ">", "#", "&", ",", "~", "'", " ", "i", "s", "P",
        ]),
        3 => prop::sample::select(vec![
            "(?:", "(?i)", "(?i:", "(?=", "(?P<a>", "(?#c)", "{2}", "{1,}", "{,3}", "\\b", "\\Z",
            "[a-z", "[^", "\\x6d", "[[:a:]]", "(?s:.)", "[1:2]", "[a-m]", "(1|10)", "(?!", "\\1",
        ]),
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

#[test]
fn random_patterns_match_as_in_python() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let patterns: Vec<String> = (0..1500)
        .map(|_| pieces().new_tree(&mut runner).expect("is made").current())
        .collect();
    if let Some(followed) = compare(&names(), &patterns) {
        assert!(followed > 4_000, "only {followed} were followed");
    }
}

#[test]
fn names_beyond_ascii_and_line_breaks_match_as_in_python_or_are_reported() {
    let mut names = names();
    names.extend(["modèle.é.weight", "k.weight", "\u{212a}.weight", "٣.weight"].map(str::to_owned));
    names.push("broken\nname.weight".into());
    names.push("model.norm.weight\n".into());
    let patterns = [
        r"\w+",
        r"\d",
        "k",
        "(?i)k",
        "(?i)\u{212a}",
        "é",
        "mod.le",
        "weight$",
        "^model.norm.weight$",
        "[^a]",
        ".*",
        "(?s).*",
        r"(?a)\w+",
        r"(?a)\d",
        "broken.name",
        r"broken\nname",
        "(?m)^name",
    ]
    .map(str::to_owned);
    compare(&names, &patterns);
}
