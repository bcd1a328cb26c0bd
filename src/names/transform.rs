//! One step of loading: a rule of the table, for the part of the model that it applies to.
//!
//! Source: `WeightTransform.rename_source_key` in transformers' `core_model_loading.py`.

use fancy_regex::{Captures, Regex};

use crate::names::table::{Kind, Rule};

/// A rule, ready to be applied.
#[derive(Debug)]
pub(super) struct Transform {
    pub(super) kind: Kind,
    regex: Regex,
    /// For each source, the number of its group.
    groups: Vec<usize>,
    to: Vec<String>,
    /// The part's path without the base model's prefix; none for the whole model.
    scope: Option<String>,
    prefix: String,
    /// Whether a group's first source was met.
    pub(super) active: bool,
}

impl Transform {
    /// `None` where this program's engine cannot follow the expression.
    pub(super) fn new(rule: &Rule, scope: Option<String>, prefix: &str) -> Option<Self> {
        let regex = Regex::new(&rule.pattern).ok()?;
        let sources = if rule.kind == Kind::Other {
            0
        } else {
            usize::MAX
        };
        let mut groups = Vec::new();
        for source in 0..sources {
            let name = format!("g{source}");
            let found = regex.capture_names().position(|one| one == Some(&*name));
            let Some(group) = found else { break };
            groups.push(group);
        }
        Some(Self {
            kind: rule.kind,
            regex,
            groups,
            to: rule.to.clone(),
            scope,
            prefix: prefix.to_owned(),
            active: false,
        })
    }

    /// What stands before the part of the name that the rule sees; `None` where it sees nothing.
    fn outside<'n>(&self, name: &'n str) -> Option<&'n str> {
        let Some(scope) = &self.scope else {
            return Some("");
        };
        let dotted = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("{text}.")
            }
        };
        let inner = dotted(scope);
        let whole = format!("{}{inner}", dotted(&self.prefix));
        let found = [whole, inner]
            .into_iter()
            .find(|start| name.starts_with(start));
        found.and_then(|start| name.get(..start.len()))
    }

    /// Whether the rule's first source is in this name.
    pub(super) fn meets_first(&self, name: &str) -> bool {
        let found = self.find(name);
        found.is_some_and(|(_, captures)| {
            self.groups
                .first()
                .is_some_and(|&group| captures.get(group).is_some())
        })
    }

    fn find<'n>(&self, name: &'n str) -> Option<(&'n str, Captures<'n>)> {
        let outside = self.outside(name)?;
        let captures = self.regex.captures(name.get(outside.len()..)?).ok()??;
        Some((outside, captures))
    }

    /// The names after this step; `None` where the rule does not match.
    pub(super) fn apply(&self, name: &str) -> Option<Vec<String>> {
        let (outside, captures) = self.find(name)?;
        let mut sources = self.groups.iter().enumerate();
        let (source, &group) = sources.find(|(_, group)| captures.get(**group).is_some())?;
        let targets: &[String] = match self.kind {
            Kind::Group if source > 0 && !self.active => return None,
            Kind::Group => self.to.get(source..=source)?,
            Kind::Convert => &self.to,
            Kind::Rename | Kind::Other => self.to.get(..1)?,
        };
        let matched = captures.get(0)?.as_str();
        let rest = name.get(outside.len()..)?;
        let renamed = |target: &String| {
            // As Python's `str.replace(…, 1)`: the first place of the text that matched.
            let text = with_groups(target, &captures, group);
            format!("{outside}{}", rest.replacen(matched, &text, 1))
        };
        Some(targets.iter().map(renamed).collect())
    }
}

/// A target with `\1`, `\2` … as the groups behind group `group`.
pub(super) fn with_groups(target: &str, captures: &Captures<'_>, group: usize) -> String {
    let mut text = String::new();
    let mut rest = target.chars().peekable();
    while let Some(c) = rest.next() {
        let number = rest.peek().and_then(|next| next.to_digit(10));
        match number.filter(|_| c == '\\') {
            Some(number) => {
                rest.next();
                let found = captures.get(group + number as usize);
                text.push_str(found.map_or("", |found| found.as_str()));
            }
            None => text.push(c),
        }
    }
    text
}
