//! How each consumer matches a set with a model's parameters.
//!
//! Enters: a freeze set and a [`rule::Target`]. Leaves: in [`Findings`], what trains and what of
//! the set goes astray, as the consumer's own program has it.

mod axolotl;
mod findings;
mod llama_factory;
mod ms_swift;
mod names_index;
mod peft;
mod python;
mod rule;

pub(super) use findings::{Findings, Ghosts};
use python::Unreadable;
use rule::{Rule, Target};

use crate::export::{Consumer, FreezeFile, Pattern, Settings};

/// Follows `consumer` through the set. `patterns` are its entries as this consumer reads them.
pub(super) fn follow(
    file: &FreezeFile,
    consumer: Consumer,
    patterns: &[Pattern],
    findings: &mut Findings<'_>,
) {
    match (consumer, &file.settings) {
        (Consumer::Aws | Consumer::AwsRecipes, _) => findings.each(Rule::Match, patterns),
        (Consumer::Snippet, _) => findings.each(Rule::Substring, patterns),
        (Consumer::Axolotl, _) => axolotl::follow(patterns, findings),
        (Consumer::AxolotlPlugin, settings) => axolotl::follow_plugin(settings, findings),
        (Consumer::MsSwift | Consumer::MsSwiftRegex, Settings::MsSwift(settings)) => {
            ms_swift::follow(patterns, settings, findings);
        }
        (Consumer::MsSwift, _) => findings.each(Rule::StartsWith, patterns),
        (Consumer::MsSwiftRegex, _) => ms_swift::follow_regexes(patterns, findings),
        (Consumer::LlamaFactory, Settings::LlamaFactory(settings)) => {
            llama_factory::follow(patterns, settings, findings);
        }
        (Consumer::LlamaFactory, _) => findings.warn(
            "LLaMA-Factory reads no such list: it takes freeze_trainable_layers and \
             freeze_trainable_modules. Export the set for it to see what is lost"
                .into(),
        ),
        (Consumer::Peft, Settings::Peft(settings)) => {
            peft::follow(patterns, settings, findings);
        }
        (Consumer::Peft, _) => {
            peft::follow(patterns, &crate::export::Peft::default(), findings);
        }
    }
}
