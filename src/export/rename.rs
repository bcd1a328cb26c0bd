//! Names that change between a checkpoint and its trainer.
//!
//! Enters: a name, a set or parameters. Leaves: the same under the trainer's names. Sources: the
//! wrappers of PEFT and PyTorch's FSDP; the key mappings of transformers' vision-language models
//! (4.52) and of its fifth version.

use std::str::FromStr;

use crate::error::{Error, Problem};
use crate::export::{
    Consumer, DryRun, FreezeFile, Parameters, Pattern, Warning, WarningKind, dry_run,
};

/// A way in which names change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rename {
    /// PEFT wraps the model: `base_model.model.` in front.
    Peft,
    /// FSDP wraps the model and each block: `_fsdp_wrapped_module.` in front and behind the
    /// block's number.
    Fsdp,
    /// Vision-language models: `language_model.model.…` became `model.language_model.…`.
    VisionLanguage,
    /// The same back: a newer checkpoint in an older trainer.
    VisionLanguageBack,
    /// Qwen2-VL and Qwen2.5-VL: `model.…` became `model.language_model.…`, `visual.…`
    /// `model.visual.…`.
    QwenVl,
    /// ViT and its kin in transformers 5: `attention.attention.query` became `attention.q_proj`.
    Vit,
}

/// Where a text is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Anywhere,
}

type Rule = (Place, &'static str, &'static str);

const FSDP: &str = "_fsdp_wrapped_module";

impl Rename {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 6] = [
        Self::VisionLanguage,
        Self::VisionLanguageBack,
        Self::QwenVl,
        Self::Vit,
        Self::Peft,
        Self::Fsdp,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Peft => "peft",
            Self::Fsdp => "fsdp",
            Self::VisionLanguage => "vision-language",
            Self::VisionLanguageBack => "vision-language-back",
            Self::QwenVl => "qwen-vl",
            Self::Vit => "vit",
        }
    }

    /// What happens, in one sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Peft => "PEFT puts base_model.model. in front of every name",
            Self::Fsdp => {
                "FSDP puts _fsdp_wrapped_module. in front of names and behind block numbers"
            }
            Self::VisionLanguage => {
                "transformers 4.52 and later load language_model.model.… as model.language_model.…"
            }
            Self::VisionLanguageBack => {
                "transformers before 4.52 knew model.language_model.… as language_model.model.…"
            }
            Self::QwenVl => {
                "transformers 4.52 and later load model.… as model.language_model.… and visual.… \
                 as model.visual.…"
            }
            Self::Vit => {
                "transformers 5 loads attention.attention.query as attention.q_proj, and its kin"
            }
        }
    }

    fn rules(self) -> &'static [Rule] {
        use Place::{Anywhere, Start};
        match self {
            Self::Peft => &[(Start, "", "base_model.model.")],
            Self::Fsdp => &[(Start, "", "_fsdp_wrapped_module.")],
            Self::VisionLanguage => &[
                (Start, "language_model.model.", "model.language_model."),
                (Start, "language_model.lm_head", "lm_head"),
                (Start, "vision_tower.", "model.vision_tower."),
                (
                    Start,
                    "multi_modal_projector.",
                    "model.multi_modal_projector.",
                ),
                (Start, "image_newline", "model.image_newline"),
            ],
            Self::VisionLanguageBack => &[
                (Start, "model.language_model.", "language_model.model."),
                (Start, "lm_head", "language_model.lm_head"),
                (Start, "model.vision_tower.", "vision_tower."),
                (
                    Start,
                    "model.multi_modal_projector.",
                    "multi_modal_projector.",
                ),
                (Start, "model.image_newline", "image_newline"),
            ],
            Self::QwenVl => &[
                (Start, "visual.", "model.visual."),
                (Start, "model.visual.", "model.visual."),
                (Start, "model.language_model.", "model.language_model."),
                (Start, "model.", "model.language_model."),
            ],
            Self::Vit => &[
                (Anywhere, "attention.attention.query", "attention.q_proj"),
                (Anywhere, "attention.attention.key", "attention.k_proj"),
                (Anywhere, "attention.attention.value", "attention.v_proj"),
                (Anywhere, "attention.output.dense", "attention.o_proj"),
            ],
        }
    }

    /// Whether a model's names are of the kind that changes so. Wrappers may wrap any model.
    #[must_use]
    pub fn applies_to(self, parameters: &Parameters) -> bool {
        if self.happens_on_load() && parameters.names_known {
            // What loading does is done.
            return false;
        }
        let any = |is: &dyn Fn(&str) -> bool| parameters.all.iter().any(|one| is(&one.name));
        match self {
            Self::Peft => !any(&|name| name.starts_with("base_model.model.")),
            Self::Fsdp => !any(&|name| name.contains(FSDP)),
            Self::VisionLanguage => any(&|name| name.starts_with("language_model.model.")),
            Self::VisionLanguageBack => {
                any(&|name| name.starts_with("model.language_model."))
                    && !any(&|name| name.starts_with("visual."))
            }
            Self::QwenVl => any(&|name| name.starts_with("visual.")),
            Self::Vit => any(&|name| name.contains(".attention.attention.query")),
        }
    }

    /// Whether transformers does this by itself, so that a set of the checkpoint's names fails.
    #[must_use]
    pub fn happens_on_load(self) -> bool {
        matches!(self, Self::VisionLanguage | Self::QwenVl | Self::Vit)
    }

    /// A name of the checkpoint as the trainer has it.
    #[must_use]
    pub fn apply(self, name: &str) -> String {
        let renamed = replaced(name, self.rules(), false);
        if self == Self::Fsdp {
            wrapped_blocks(&renamed)
        } else {
            renamed
        }
    }

    /// An entry of a set for the trainer's names: names in full, also after a `^` and with their
    /// dots escaped. What does not start with a name stays as it is.
    #[must_use]
    pub fn rewrite(self, entry: &str) -> String {
        let (anchor, body) = match entry.strip_prefix('^') {
            Some(body) => ("^", body),
            None => ("", entry),
        };
        let starts_plainly = body.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if !starts_plainly && self.rules().iter().any(|rule| rule.0 == Place::Start) {
            return entry.to_owned();
        }
        let renamed = replaced(body, self.rules(), body.contains(r"\."));
        let renamed = if self == Self::Fsdp {
            wrapped_blocks(&renamed)
        } else {
            renamed
        };
        format!("{anchor}{renamed}")
    }
}

/// The first rule that fits at the start, and every one that fits inside.
fn replaced(text: &str, rules: &[Rule], escaped: bool) -> String {
    let form = |part: &str| {
        if escaped {
            part.replace('.', r"\.")
        } else {
            part.to_owned()
        }
    };
    let mut text = text.to_owned();
    let at_start = rules.iter().filter(|rule| rule.0 == Place::Start);
    for (_, from, to) in at_start {
        if let Some(rest) = text.strip_prefix(&form(from)) {
            text = format!("{}{rest}", form(to));
            break;
        }
    }
    for (_, from, to) in rules.iter().filter(|rule| rule.0 == Place::Anywhere) {
        text = text.replace(&form(from), &form(to));
    }
    text
}

/// The wrapper behind the first block number, in a name or with its dots escaped.
fn wrapped_blocks(text: &str) -> String {
    let mut at = 0;
    for part in text.split('.') {
        let end = at + part.len();
        let number = part.trim_end_matches('\\');
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && at > 0 && end < text.len() {
            let dot = if number.len() < part.len() {
                r"\."
            } else {
                "."
            };
            return format!("{}.{FSDP}{dot}{}", &text[..end], &text[end + 1..]);
        }
        at = end + 1;
    }
    text.to_owned()
}

impl FromStr for Rename {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|rename| rename.id() == text);
        found.ok_or_else(|| {
            Error::from(Problem::argument(
                text,
                format!(
                    "is no change of names; choose one of {}",
                    Self::ALL.map(Self::id).join(", ")
                ),
            ))
        })
    }
}

/// The set for the trainer's names: its entries, and the text that readers of lines take.
#[must_use]
pub fn rewrite_for(file: &FreezeFile, rename: Rename) -> FreezeFile {
    let mut rewritten = file.clone();
    let change = |pattern: &mut Pattern| pattern.text = rename.rewrite(&pattern.text);
    rewritten.patterns.iter_mut().for_each(change);
    match &mut rewritten.settings {
        crate::export::Settings::MsSwift(settings) => {
            settings.freeze.iter_mut().for_each(change);
            settings.freeze_regex.iter_mut().for_each(change);
            settings.trainable_regex.iter_mut().for_each(change);
        }
        crate::export::Settings::Peft(settings) => {
            settings.save.iter_mut().for_each(change);
            settings.parameters.iter_mut().for_each(change);
            settings.exclude.iter_mut().for_each(change);
        }
        _ => {}
    }
    rewritten.text = file.text.as_ref().map(|text| {
        let lines = text.split_inclusive('\n').map(|line| {
            let body = line.trim_start();
            let indent = &line[..line.len() - body.len()];
            match body.strip_prefix("- ") {
                Some(entry) => format!("{indent}- {}", rename.rewrite(entry)),
                None => line.to_owned(),
            }
        });
        lines.collect()
    });
    rewritten
}

/// A set under other names than the checkpoint's.
#[derive(Debug, Clone, PartialEq)]
pub struct RenamedRun {
    /// How the names change.
    pub rename: Rename,
    /// What the set would train as it is.
    pub as_is: DryRun,
    /// What it would train rewritten.
    pub rewritten: DryRun,
}

/// The set under each change of names that this model may see.
#[must_use]
pub fn renamed_runs(
    file: &FreezeFile,
    consumer: Consumer,
    parameters: &Parameters,
) -> Vec<RenamedRun> {
    let renames = Rename::ALL.into_iter();
    let renames = renames.filter(|rename| rename.applies_to(parameters));
    renames
        .map(|rename| {
            let renamed = parameters.renamed(|name| rename.apply(name));
            RenamedRun {
                rename,
                as_is: dry_run(file, consumer, &renamed),
                rewritten: dry_run(&rewrite_for(file, rename), consumer, &renamed),
            }
        })
        .collect()
}

/// Lines about changes of names that transformers makes by itself and that the set, which trains
/// something as it is, would not survive.
#[must_use]
pub fn rename_warnings(
    file: &FreezeFile,
    consumer: Consumer,
    parameters: &Parameters,
    run: &DryRun,
) -> Vec<Warning> {
    let on_load = Rename::ALL.into_iter().filter(|rename| {
        rename.happens_on_load() && rename.applies_to(parameters) && !run.trainable.is_empty()
    });
    let mut lines: Vec<Warning> = on_load
        .filter_map(|rename| {
            let renamed = parameters.renamed(|name| rename.apply(name));
            let then = dry_run(file, consumer, &renamed);
            (then.modules != run.modules).then(|| {
                let text = format!(
                    "{}; there {} of {} modules of the set would train (check it with --rename {})",
                    rename.about(),
                    then.modules.len(),
                    run.modules.len(),
                    rename.id()
                );
                Warning::alarm(WarningKind::NamesChange, text)
            })
        })
        .collect();
    let mut names = run.modules.iter().filter(|_| !parameters.names_known);
    let single = names.find(|name| has_single_expert(name));
    if let Some(name) = single {
        lines.push(Warning::caution(format!(
            "transformers 5 loads the experts of many models as one parameter: an entry for a \
             single expert, such as {name}, then matches nothing"
        )));
    }
    lines
}

fn has_single_expert(name: &str) -> bool {
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let next = parts.peek().copied().unwrap_or_default();
        let is_number = !next.is_empty() && next.bytes().all(|byte| byte.is_ascii_digit());
        if part == "experts" && is_number {
            return true;
        }
    }
    false
}
