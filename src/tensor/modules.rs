//! Which tensors are modules, of which type, in which order.
//!
//! Enters: a model's tensors and configuration. Leaves: [`ModuleInfo`]s in the order of a
//! results file. The rule is Spectrum's (arXiv:2406.06623 and its program), with types matched
//! exactly rather than by substring.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::names::{Architecture, Names, Translation};
use crate::source::{Config, ReadAt};
use crate::tensor::layout::{self, Layout};
use crate::tensor::packed::Known;
use crate::tensor::{DType, ModuleInfo, ModuleName, TensorInfo, elements, header};

/// The most matrices of one model, all experts counted: ten times what any model has. Each takes
/// some hundred bytes of memory during a scan, however small it is.
const MOST_MATRICES: usize = 1 << 20;
/// The ending of a module's weight.
const WEIGHT: &str = ".weight";
/// The output head that a tied model's files do not hold.
const HEAD: &str = "lm_head";
/// Names of input embeddings that a head shares, the most telling first.
const EMBEDDINGS: [&str; 3] = ["model.embed_tokens", "transformer.wte", "wte"];
/// What the names of other input embeddings end with.
const EMBEDDING_ENDS: [&str; 7] = [
    "embed_tokens",
    "wte",
    "word_embeddings",
    "embed_in",
    "tok_embeddings",
    "token_embeddings",
    "backbone.embeddings",
];
/// Output heads by the names they have in models without an `lm_head`.
const OTHER_HEADS: [&str; 3] = ["embed_out", "output_layer", "cls.predictions.decoder"];
/// The same, where they are the whole name: inside a block these are something else.
const WHOLE_HEADS: [&str; 2] = ["output", "head"];
/// Ends of the names of parameters that belong to another one.
const ATTACHED: [&str; 6] = [
    "bias",
    "scale",
    "scales",
    "scale_inv",
    "zeros",
    "zero_point",
];

/// Elements of all tensors whose shape is known.
pub(super) fn parameters(tensors: &[TensorInfo]) -> u64 {
    let known = tensors.iter().filter(|info| !is_shapeless(info));
    known.map(size).fold(0, u64::saturating_add)
}

/// What the modules are listed from.
pub(super) struct Listing<'a> {
    /// All tensors, in file order.
    pub(super) tensors: &'a [TensorInfo],
    /// Their places, by name.
    pub(super) names: &'a HashMap<String, usize>,
    /// The files, for messages.
    pub(super) files: &'a [Arc<dyn ReadAt>],
    /// The configuration.
    pub(super) config: &'a Config,
    /// Whether some of the model's tensors may be in files that were not given.
    pub(super) partial: bool,
}

impl Listing<'_> {
    /// The modules, in the order of a results file.
    pub(super) fn modules(&self, warnings: &mut Vec<String>) -> Vec<ModuleInfo> {
        // Elements of the tensors directly under a name.
        let mut under: HashMap<&str, u64> = HashMap::new();
        for info in self.tensors {
            if let Some((parent, _)) = info.name.rsplit_once('.') {
                let sum = under.entry(parent).or_default();
                *sum = sum.saturating_add(size(info));
            }
        }
        let known = self.known();
        // How many modules each quantiser has packed, and the first.
        let mut packed: BTreeMap<String, (usize, &str)> = BTreeMap::new();
        let mut modules: Vec<ModuleInfo> = self
            .tensors
            .iter()
            .enumerate()
            .filter_map(|(place, info)| {
                if let Some((name, by)) = known.packed(info) {
                    let module = self.packed(name, place, &by);
                    packed.entry(by).or_insert((0, name)).0 += 1;
                    return Some(module);
                }
                let weight = info
                    .name
                    .strip_suffix(WEIGHT)
                    .or_else(|| self.old_norm(info))
                    .filter(|name| !name.is_empty());
                let name = weight.or_else(|| self.fused_experts(info))?;
                let around = under.get(name).copied().unwrap_or_default();
                let own = if weight.is_some() { size(info) } else { 0 };
                Some(self.module(name, place, around.saturating_sub(own)))
            })
            .collect();
        if let Some(embedding) = self.tied_embedding(warnings) {
            let companions = under.get(HEAD).copied().unwrap_or_default();
            let mut head = self.module(HEAD, embedding, companions);
            let owner = &self.tensors[embedding].name;
            head.tied_to = Some(owner.strip_suffix(WEIGHT).unwrap_or(owner).to_owned());
            modules.push(head);
        }
        for (by, (count, first)) in packed {
            warnings.push(format!(
                "{count} {} packed by {by} and cannot be scanned; the first: {}; open the model as \
                 it was before it was quantised",
                if count == 1 {
                    "weight is"
                } else {
                    "weights are"
                },
                first.escape_debug()
            ));
        }
        sort(&mut modules);
        one_of_each(&mut modules, warnings);
        self.bound(&mut modules);
        modules
    }

    /// Marks the modules whose matrices are beyond the most that are read.
    fn bound(&self, modules: &mut [ModuleInfo]) {
        let mut matrices = 0_usize;
        for module in modules {
            let info = &self.tensors[module.tensor];
            let layout = layout::of(&info.name, &info.shape);
            let Some(count) = layout.ok().map(|layout| layout.count) else {
                continue;
            };
            matrices = matrices.saturating_add(count);
            if matrices > MOST_MATRICES && module.problem.is_none() {
                let problem = format!("is beyond the {MOST_MATRICES} matrices that are read");
                module.problem = Some(self.line(info, &problem));
            }
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            tensors: self.tensors,
            names: self.names,
            config: self.config,
        }
    }

    fn module(&self, name: &str, place: usize, companions: u64) -> ModuleInfo {
        let info = &self.tensors[place];
        let mut module = ModuleInfo {
            name: name.to_owned(),
            layer_type: ModuleName::parse(name).layer_type.to_owned(),
            tensor: place,
            dtype: info.dtype.clone(),
            shape: info.shape.clone(),
            parameters: if is_shapeless(info) { 0 } else { size(info) },
            companions,
            scaling: None,
            tied_to: None,
            problem: info.problem.clone(),
        };
        if module.problem.is_none() {
            let lies = self.layout(info).and_then(|layout| {
                let scaling = self.known().scaling(info, layout);
                scaling.map_err(|problem| self.line(info, &problem))
            });
            match lies {
                Ok(scaling) => module.scaling = scaling,
                Err(problem) => module.problem = Some(problem),
            }
        }
        module
    }

    /// A module whose weight is packed: listed, with the reason why it has no ratio.
    fn packed(&self, name: &str, place: usize, by: &str) -> ModuleInfo {
        let info = &self.tensors[place];
        ModuleInfo {
            name: name.to_owned(),
            layer_type: ModuleName::parse(name).layer_type.to_owned(),
            tensor: place,
            dtype: info.dtype.clone(),
            shape: info.shape.clone(),
            parameters: size(info),
            companions: 0,
            scaling: None,
            tied_to: None,
            problem: Some(header::line(
                self.files[info.file].path(),
                &info.name,
                &format!("its values are packed by {by}"),
                "it stays without a ratio: open the model as it was before it was quantised",
            )),
        }
    }

    /// How a tensor that reads well lies as matrices.
    ///
    /// # Errors
    /// The line that says why it has no spectrum.
    fn layout(&self, info: &TensorInfo) -> Result<Layout, String> {
        if let DType::Other(dtype) = &info.dtype {
            return Err(header::line(
                self.files[info.file].path(),
                &info.name,
                &format!("cannot be scanned: quantised or integer values, type {dtype}"),
                "open the model as it was before it was quantised",
            ));
        }
        layout::of(&info.name, &info.shape).map_err(|problem| self.line(info, &problem))
    }

    fn line(&self, info: &TensorInfo, problem: &str) -> String {
        let path = self.files[info.file].path();
        header::line(path, &info.name, problem, "it stays without a ratio")
    }

    /// Whether the loaded model has a head under this name: in doubt it has.
    fn has_head(&self) -> bool {
        let architecture = Architecture::of(self.config);
        let loaded = Translation::new(architecture.as_ref(), Names::Loaded, std::iter::empty());
        !loaded.is_known() || loaded.has(&format!("{HEAD}{WEIGHT}"))
    }

    /// The name of a norm whose weight and bias have their names of old: `gamma` and `beta`. A
    /// scale of a layer is a `gamma` too, and stands alone.
    fn old_norm<'a>(&self, info: &'a TensorInfo) -> Option<&'a str> {
        let name = info.name.strip_suffix(".gamma")?;
        let has = |end: &str| self.names.contains_key(&format!("{name}{end}"));
        (has(".beta") && !has(WEIGHT)).then_some(name)
    }

    /// The name of a parameter that holds the weights of all experts and is no `.weight`.
    fn fused_experts<'a>(&self, info: &'a TensorInfo) -> Option<&'a str> {
        let last = info.name.rsplit('.').next()?;
        let is_attached = ATTACHED.iter().any(|end| last.ends_with(end));
        let is_fused = info.shape.len() == 3 && layout::has_expert(&info.name) && !is_attached;
        let is_new = || !self.names.contains_key(&format!("{}{WEIGHT}", info.name));
        (is_fused && is_new()).then_some(&info.name)
    }

    /// The embedding that the output head shares: where the model is a causal language model and
    /// no file holds its head.
    fn tied_embedding(&self, warnings: &mut Vec<String>) -> Option<usize> {
        let modules = || {
            let weights = self.tensors.iter().enumerate();
            weights.filter_map(|(place, info)| Some((info.name.strip_suffix(WEIGHT)?, place)))
        };
        let ends = |name: &str, end: &str| {
            let start = name.strip_suffix(end);
            start.is_some_and(|start| start.is_empty() || start.ends_with('.'))
        };
        let is_head = |name: &str| {
            let others = OTHER_HEADS.iter().any(|head| ends(name, head));
            ends(name, HEAD) || others || WHOLE_HEADS.contains(&name)
        };
        if !self.config.is_causal_lm() || modules().any(|(name, _)| is_head(name)) {
            return None;
        }
        // The head may be in a file that is not there, unless the configuration says otherwise.
        if self.partial && self.config.tie_word_embeddings != Some(true) {
            return None;
        }
        if self.config.tie_word_embeddings == Some(false) {
            warnings.push(
                "config.json says that the output head is not tied to the embedding, but no file \
                 holds lm_head.weight; it is left out"
                    .into(),
            );
            return None;
        }
        if !self.has_head() {
            return None;
        }
        let exact = EMBEDDINGS
            .iter()
            .find_map(|name| self.names.get(&format!("{name}{WEIGHT}")).copied());
        exact.or_else(|| {
            let is_embedding = |name: &str| EMBEDDING_ENDS.iter().any(|end| ends(name, end));
            let mut others = modules().filter(|(name, _)| is_embedding(name));
            others.next().map(|(_, place)| place)
        })
    }
}

/// Leaves the first of modules with one name, such as `a.weight` beside `a.qweight`.
fn one_of_each(modules: &mut Vec<ModuleInfo>, warnings: &mut Vec<String>) {
    let mut met: HashSet<String> = HashSet::with_capacity(modules.len());
    let mut twice = Vec::new();
    modules.retain(|module| {
        let is_new = met.insert(module.name.clone());
        if !is_new {
            twice.push(module.name.clone());
        }
        is_new
    });
    if let Some(first) = twice.first() {
        warnings.push(format!(
            "{} modules are held in two forms, of which one is listed; the first: {}",
            twice.len(),
            first.escape_debug()
        ));
    }
}

/// Types by the text before their first dot, then by their whole text (bytes); inside a type by
/// block, then as in the files.
fn sort(modules: &mut [ModuleInfo]) {
    fn group(layer_type: &str) -> &str {
        layer_type.split('.').next().unwrap_or_default()
    }
    modules.sort_by(|a, b| {
        let types =
            (group(&a.layer_type), &a.layer_type).cmp(&(group(&b.layer_type), &b.layer_type));
        types.then_with(|| {
            let block = |module: &ModuleInfo| ModuleName::parse(&module.name).block;
            (block(a), a.tensor).cmp(&(block(b), b.tensor))
        })
    });
}

fn size(info: &TensorInfo) -> u64 {
    if is_shapeless(info) {
        0
    } else {
        elements(&info.shape).unwrap_or(u64::MAX)
    }
}

/// Whether nothing is known of a tensor's shape: an empty shape with a problem is not that of a
/// single number.
fn is_shapeless(info: &TensorInfo) -> bool {
    info.shape.is_empty() && info.problem.is_some()
}
