//! What `adapter_config.json` says of an adapter of PEFT.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::source::whole_file;

/// The file's name in an adapter's folder.
const CONFIG: &str = "adapter_config.json";
/// The longest that is read, in bytes: patterns for each of 100,000 modules take 10 MB.
const LONGEST: u64 = 16 << 20;
/// How many modules the line names.
const NAMED: usize = 8;

#[derive(Deserialize)]
struct Stored {
    peft_type: Option<String>,
    r: Option<u64>,
    use_dora: Option<bool>,
    base_model_name_or_path: Option<String>,
    target_modules: Option<Value>,
    modules_to_save: Option<Value>,
}

/// The line that says what the adapter in `folder` is; `None` where there is none.
pub(super) fn line(folder: &Path) -> Option<String> {
    let text = whole_file(&folder.join(CONFIG), LONGEST).ok()??;
    let stored: Stored = serde_json::from_slice(&text).ok()?;
    let dora = stored.use_dora == Some(true);
    let kind = match stored.peft_type.as_deref() {
        Some("LORA") | None if dora => "a DoRA adapter".to_owned(),
        Some("LORA") | None => "a LoRA adapter".to_owned(),
        Some(other) => format!("an adapter of PEFT ({})", other.escape_debug()),
    };
    let mut details = Vec::new();
    details.extend(stored.r.map(|rank| format!("r {rank}")));
    details.extend(list(stored.target_modules.as_ref()));
    let base = stored
        .base_model_name_or_path
        .filter(|base| !base.is_empty());
    details.extend(base.map(|base| format!("base {}", base.escape_debug())));
    let saved = list(stored.modules_to_save.as_ref());
    let saved = saved.map_or_else(String::new, |saved| {
        format!("; it also holds the whole of {saved}")
    });
    Some(format!(
        "{}: this is {kind} ({}), not a model: the ratios are those of its own matrices{saved}",
        folder.display(),
        details.join(", ")
    ))
}

/// `q_proj and v_proj`.
fn list(value: Option<&Value>) -> Option<String> {
    let mut names: Vec<String> = match value? {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .map(|name| name.escape_debug().to_string())
            .collect(),
        Value::String(name) => vec![name.escape_debug().to_string()],
        _ => return None,
    };
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let last = names.pop()?;
    Some(if names.is_empty() {
        last
    } else {
        format!("{} and {last}", names.join(", "))
    })
}
