//! The models inside a model: an image tower in a vision-language model, the base model in a class
//! with a head.

use crate::names::Architecture;
use crate::names::table::Table;

/// How deep models lie inside each other.
const DEEPEST: usize = 6;

/// A model inside the one that is loaded.
pub(super) struct Part<'a> {
    pub(super) path: String,
    pub(super) class: &'a str,
    pub(super) model_type: Option<&'a str>,
}

/// The class and the models inside it, outermost first. A nested configuration of another model
/// type than the table's puts another model there.
pub(super) fn parts<'a>(
    table: &'static Table,
    class: &'a str,
    architecture: &'a Architecture,
) -> Vec<Part<'a>> {
    let mut parts = vec![Part {
        path: String::new(),
        class,
        model_type: architecture.model_type.as_deref(),
    }];
    inside(table, class, architecture, "", DEEPEST, &mut parts);
    parts
}

fn inside<'a>(
    table: &'static Table,
    class: &str,
    architecture: &'a Architecture,
    above: &str,
    depth: usize,
    parts: &mut Vec<Part<'a>>,
) {
    let Some(class) = table.classes.get(class).filter(|_| depth > 0) else {
        return;
    };
    let mut replaced: Vec<String> = Vec::new();
    for (path, name, model_type, field) in &class.parts {
        if replaced.iter().any(|one| path.starts_with(one)) {
            continue;
        }
        let path_here = joined(above, path);
        let nested = field
            .as_ref()
            .and_then(|field| architecture.parts.get(field));
        let other = nested.and_then(|nested| nested.model_type.as_deref());
        let other = other.filter(|other| Some(*other) != model_type.as_deref());
        let base = other.and_then(|other| Some((other, table.bases.get(other)?)));
        if let (Some((other, base)), Some(nested)) = (base, nested) {
            replaced.push(joined(path, ""));
            parts.push(Part {
                path: path_here.clone(),
                class: base,
                model_type: Some(other),
            });
            inside(table, base, nested, &path_here, depth - 1, parts);
        } else {
            parts.push(Part {
                path: path_here,
                class: name,
                model_type: model_type.as_deref(),
            });
        }
    }
}

/// A name inside a module; `a.` for an empty name.
pub(super) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
