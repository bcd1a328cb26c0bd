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
use crate::tensor::packed::{Found, Known};
use crate::tensor::{DType, ModuleInfo, ModuleName, TensorInfo, elements, header};

/// The most matrices of one model, all experts counted: ten times what any model has. Each takes
/// some hundred bytes of memory during a scan, however small it is.
const MOST_MATRICES: usize = 1 << 20;
/// The ending of a module's weight.
const WEIGHT: &str = ".weight";
/// The ending of a norm's weight in checkpoints that came from TensorFlow.
const GAMMA: &str = ".gamma";
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

/// What a model's tensors make up.
pub(super) struct Listed {
    /// The modules, in the order of a results file.
    pub(super) modules: Vec<ModuleInfo>,
    /// Elements of all tensors, each packed weight's as they were before it was packed.
    pub(super) parameters: u64,
}

impl Listing<'_> {
    /// The modules, and what else is counted.
    pub(super) fn list(&self, warnings: &mut Vec<String>) -> Listed {
        self.known().expect_small();
        let packed: BTreeMap<usize, Found<'_>> = (0..self.tensors.len())
            .filter_map(|place| Some((place, self.known().packed(place)?)))
            .collect();
        let mut sizes = self.sizes(&packed);
        let name_of = |place: usize, info| {
            if let Some(found) = packed.get(&place) {
                return Some(found.module);
            }
            let weight = weight_name(info);
            weight.or_else(|| self.fused_experts(info))
        };
        let tensors = self.tensors.iter().enumerate();
        let is_weight: Vec<bool> = tensors
            .map(|(place, info)| name_of(place, info).is_some())
            .collect();
        let architecture = Architecture::of(self.config);
        let names = self.tensors.iter().map(|info| info.name.as_str());
        let loaded = Translation::new(architecture.as_ref(), Names::Loaded, names);
        self.leave_out_state(&loaded, &mut sizes, &is_weight);
        // Elements of the tensors directly under a name.
        let mut under: HashMap<&str, u64> = HashMap::new();
        for (info, size) in self.tensors.iter().zip(&sizes) {
            let of_state = info.name.contains(".quant_state.");
            if let (Some((parent, _)), false) = (info.name.rsplit_once('.'), of_state) {
                let sum = under.entry(parent).or_default();
                *sum = sum.saturating_add(*size);
            }
        }
        let around = |name: &str| under.get(name).copied().unwrap_or_default();
        let mut modules: Vec<ModuleInfo> = self
            .tensors
            .iter()
            .enumerate()
            .filter_map(|(place, info)| {
                let name = name_of(place, info)?;
                // A parameter that is a module itself stands beside its bias, not above it.
                let is_inside =
                    info.name.len() > name.len() && info.name[name.len()..].starts_with('.');
                let own = if is_inside { sizes[place] } else { 0 };
                let mut module = self.module(name, place, around(name).saturating_sub(own));
                if let Some(found) = packed.get(&place) {
                    self.unpack(&mut module, found);
                }
                Some(module)
            })
            .collect();
        // In doubt the loaded model has a head under this name.
        let has_head = !loaded.is_known() || loaded.has(&format!("{HEAD}{WEIGHT}"));
        let embedding = self.tied_embedding(&packed, warnings);
        if let Some(embedding) = embedding.filter(|_| has_head) {
            let mut head = self.module(HEAD, embedding, around(HEAD));
            let owner = name_of(embedding, &self.tensors[embedding]);
            head.tied_to = owner.map(str::to_owned);
            if let Some(found) = packed.get(&embedding) {
                self.unpack(&mut head, found);
            }
            modules.push(head);
        }
        warn_of_packed(&packed, modules.len(), warnings);
        sort(&mut modules);
        one_of_each(&mut modules, warnings);
        self.bound(&mut modules);
        Listed {
            modules,
            parameters: sizes.into_iter().fold(0, u64::saturating_add),
        }
    }

    /// The elements of each tensor that count as parameters: of a packed weight all that it had
    /// before it was packed, and none of what a quantizer has put beside it.
    fn sizes(&self, packed: &BTreeMap<usize, Found<'_>>) -> Vec<u64> {
        let mut sizes: Vec<u64> = self.tensors.iter().map(size).collect();
        if packed.is_empty() {
            return sizes;
        }
        let modules: HashSet<&str> = packed.values().map(|found| found.module).collect();
        for (info, size) in self.tensors.iter().zip(&mut sizes) {
            let ends = info.name.match_indices(['.', '_']).map(|(end, _)| end);
            let is_beside = ends
                .filter_map(|end| info.name.get(..end))
                .any(|start| modules.contains(start) && Known::is_beside(start, &info.name));
            if is_beside {
                *size = 0;
            }
        }
        for (&place, found) in packed {
            if let Ok(packing) = &found.packing {
                sizes[place] = elements(packing.shape()).unwrap_or(u64::MAX);
                packing
                    .parts()
                    .iter()
                    .skip(1)
                    .for_each(|&part| sizes[part] = 0);
            }
        }
        sizes
    }

    /// Counts no elements of tensors that are state and not trained, such as running statistics.
    fn leave_out_state(&self, loaded: &Translation, sizes: &mut [u64], is_weight: &[bool]) {
        let others = self.tensors.iter().zip(sizes).zip(is_weight);
        for ((info, size), _) in others.filter(|(_, is_weight)| !**is_weight) {
            if loaded.is_state(&info.name) {
                *size = 0;
            }
        }
    }

    /// Turns the module of a packed weight into what it was before.
    fn unpack(&self, module: &mut ModuleInfo, found: &Found<'_>) {
        let info = &self.tensors[module.tensor];
        let refuse = |problem: &str| {
            header::line(
                self.files[info.file].path(),
                &info.name,
                &format!("its values are packed by {}: {problem}", found.method),
                "it stays without a ratio: open the model as it was before it was quantized",
            )
        };
        module.dtype = DType::Packed(found.method.as_str().into());
        match &found.packing {
            Ok(packing) => {
                module.shape = packing.shape().to_vec();
                module.parameters = elements(packing.shape()).unwrap_or(u64::MAX);
                let fits = packing.check(self.tensors);
                module.problem = fits.err().map(|problem| refuse(&problem));
                module.packing = Some(Arc::new(packing.clone()));
            }
            Err(problem) => module.problem = Some(refuse(problem)),
        }
    }

    /// Marks the modules whose matrices are beyond the most that are read.
    fn bound(&self, modules: &mut [ModuleInfo]) {
        let mut matrices = 0_usize;
        for module in modules {
            let info = &self.tensors[module.tensor];
            let layout = layout::of(&info.name, &info.shape);
            let count = match &module.packing {
                Some(packing) => packing.count(),
                None => match layout {
                    Ok(layout) => layout.count,
                    Err(_) => continue,
                },
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
            files: self.files,
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
            packing: None,
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

    /// How a tensor that reads well lies as matrices.
    ///
    /// # Errors
    /// The line that says why it has no spectrum.
    fn layout(&self, info: &TensorInfo) -> Result<Layout, String> {
        if let DType::Other(dtype) = &info.dtype {
            return Err(header::line(
                self.files[info.file].path(),
                &info.name,
                &format!("cannot be scanned: quantized or integer values, type {dtype}"),
                "open the model as it was before it was quantized",
            ));
        }
        layout::of(&info.name, &info.shape).map_err(|problem| self.line(info, &problem))
    }

    fn line(&self, info: &TensorInfo, problem: &str) -> String {
        let path = self.files[info.file].path();
        header::line(path, &info.name, problem, "it stays without a ratio")
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
    fn tied_embedding(
        &self,
        packed: &BTreeMap<usize, Found<'_>>,
        warnings: &mut Vec<String>,
    ) -> Option<usize> {
        let modules = || {
            let weights = self.tensors.iter().enumerate();
            weights.filter_map(|(place, info)| {
                let packed = packed.get(&place).map(|found| found.module);
                Some((packed.or_else(|| weight_name(info))?, place))
            })
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

/// The name of the module whose weight a tensor is, by its ending.
fn weight_name(info: &TensorInfo) -> Option<&str> {
    let norm = || {
        // As TensorFlow calls the weight of a norm: transformers loads it as `.weight`.
        let module = info.name.strip_suffix(GAMMA)?;
        let last = module
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        last.contains("norm").then_some(module)
    };
    let name = info.name.strip_suffix(WEIGHT).or_else(norm);
    name.filter(|name| !name.is_empty())
}

/// Says what is packed: a ratio is that of the packed weights, and some may not be read.
fn warn_of_packed(packed: &BTreeMap<usize, Found<'_>>, modules: usize, warnings: &mut Vec<String>) {
    let weights = |count: usize| {
        if count == 1 {
            "weight is"
        } else {
            "weights are"
        }
    };
    let mut read: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refused: BTreeMap<&str, (usize, &str, &str)> = BTreeMap::new();
    for found in packed.values() {
        match &found.packing {
            Ok(_) => *read.entry(&found.method).or_default() += 1,
            Err(problem) => {
                let entry = (0, found.module, problem.as_str());
                refused.entry(&found.method).or_insert(entry).0 += 1;
            }
        }
    }
    for (by, count) in read {
        warnings.push(format!(
            "{count} of {modules} {} packed by {by}: SNR describes the quantized weights, not those \
             that they were made from",
            weights(modules)
        ));
    }
    for (by, (count, first, problem)) in refused {
        warnings.push(format!(
            "{count} {} packed by {by} and cannot be scanned; the first: {} ({problem}); open the \
             model as it was before it was quantized",
            weights(count),
            first.escape_debug()
        ));
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
