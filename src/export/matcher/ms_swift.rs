//! ms-swift's full training with frozen parameters.
//!
//! Enters: `trainable_parameters` and the arguments beside it. Leaves: findings. Source:
//! `freeze_parameters` and `activate_parameters` of ms-swift: freezing first, by share, prefix and
//! regular expression, then unfreezing by prefix (`str.startswith`) and regular expression
//! (`re.search`).

use super::Rule;
use super::findings::Findings;
use crate::export::{MsSwift, Pattern};

/// Follows the arguments in the order ms-swift does.
pub(super) fn follow(patterns: &[Pattern], settings: &MsSwift, findings: &mut Findings<'_>) {
    findings.trains.fill(true);
    freeze_share(settings.freeze_ratio, findings);
    for pattern in &settings.freeze {
        freeze(Rule::StartsWith, pattern, findings);
    }
    if let Some(pattern) = &settings.freeze_regex {
        freeze(Rule::Search, pattern, findings);
    }
    findings.each(Rule::StartsWith, patterns);
    if let Some(pattern) = &settings.trainable_regex {
        findings.each(Rule::Search, std::slice::from_ref(pattern));
    }
    if settings.freeze_ratio < 1.0 && settings.freeze.is_empty() && settings.freeze_regex.is_none()
    {
        findings.warn(format!(
            "--freeze_parameters_ratio is {}: trainable_parameters only adds to what trains anyway; \
             --freeze_parameters_ratio 1 freezes the rest",
            settings.freeze_ratio
        ));
    }
}

/// Entries taken as regular expressions, of which ms-swift takes one.
pub(super) fn follow_regexes(patterns: &[Pattern], findings: &mut Findings<'_>) {
    if patterns.len() > 1 {
        findings.warn(format!(
            "ms-swift takes one regular expression; the {} entries are taken as its alternatives",
            patterns.len()
        ));
    }
    findings.each(Rule::Search, patterns);
}

/// Freezes the first parameters whose sizes add up to no more than that share of all.
fn freeze_share(share: f64, findings: &mut Findings<'_>) {
    if share <= 0.0 {
        return;
    }
    if share >= 1.0 {
        findings.trains.fill(false);
        return;
    }
    let all = &findings.target.parameters.all;
    let Some(total) = findings.target.parameters.total() else {
        findings.warn(format!(
            "--freeze_parameters_ratio {share} freezes by size, and the sizes are not known: what \
             it freezes is not counted; open the model's folder"
        ));
        return;
    };
    let limit = (total as f64 * share) as u64;
    let mut sum = 0_u64;
    for (parameter, trains) in all.iter().zip(&mut findings.trains) {
        sum = sum.saturating_add(parameter.size.unwrap_or_default());
        if sum > limit {
            break;
        }
        *trains = false;
    }
    findings.warn(format!(
        "--freeze_parameters_ratio {share} freezes the first parameters in the model's own order; \
         here they are taken in the order of the files, which may differ"
    ));
}

fn freeze(rule: Rule, pattern: &Pattern, findings: &mut Findings<'_>) {
    match findings.target.apply(rule, &pattern.text) {
        Ok(found) => {
            for &place in &found.all {
                findings.trains[place] = false;
            }
            if found.all.is_empty() {
                findings.unmatched.push(pattern.clone());
            }
        }
        Err(error) => {
            findings
                .unreadable
                .push((pattern.clone(), error.to_string()));
        }
    }
}
