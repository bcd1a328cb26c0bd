#!/usr/bin/env python3
"""make_table.py OUT.json [PACKAGE ...]

Writes the table of names that Layerscope embeds: what transformers does to a checkpoint's names when
it loads them. Everything comes from the installed transformers itself: its conversion mapping, its
base_model_prefix, and instances of each model class built on the meta device. Rerun it when
transformers changes, once with transformers 5 and once with transformers 4:

    python3 make_table.py ../../assets/names/transformers-5.json
    python3 make_table.py ../../assets/names/transformers-4.json

Needs torch and transformers from PyPI (timm, torchvision and peft where available)."""
import importlib, json, multiprocessing, os, re, signal, sys, warnings

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore")
import torch
import transformers
from transformers import PreTrainedModel
from transformers.models.auto import modeling_auto

torch.set_num_threads(1)
SECONDS = 60  # per class
KNOWN = set()
DEPTHS = ({"num_hidden_layers": 8}, {"num_layers": 8}, {"n_layer": 8}, {})
try:
    from transformers import conversion_mapping
except ImportError:
    conversion_mapping = None


def star(name):
    """A name with its numbers as *."""
    return ".".join("*" if part.isdigit() else part for part in name.split("."))


def apart(names, others):
    """The names with their numbers as *; the last number stays where one of the others would look the
    same: `downsample.0` is a convolution and `downsample.1` its norm."""
    taken = {star(name) for name in others}
    found = []
    for name in names:
        starred = star(name)
        if starred in taken:
            parts = name.split(".")
            last = max((place for place, part in enumerate(parts) if part.isdigit()), default=None)
            starred = ".".join("*" if part.isdigit() and place != last else part for place, part in enumerate(parts))
        found.append(starred)
    return list(dict.fromkeys(found))


def packages():
    """The classes of every model package, and the packages in their order."""
    import transformers.models as models
    folder = os.path.dirname(models.__file__)
    return sorted(p for p in os.listdir(folder) if os.path.isfile(os.path.join(folder, p, "__init__.py")) and p != "auto")


def class_names():
    """For each package, the model classes it exports, told by their source alone."""
    import transformers.models as models
    folder, found = os.path.dirname(models.__file__), {}
    for package in packages():
        names = []
        for file in sorted(os.listdir(os.path.join(folder, package))):
            if file.startswith("modeling_") and not file.startswith(("modeling_tf_", "modeling_flax_")):
                with open(os.path.join(folder, package, file), encoding="utf-8") as source:
                    names += re.findall(r"^class (\w+)\(", source.read(), re.M)
        ends = ("PreTrainedModel", "PretrainedModel", "Output", "Config")
        wanted = re.compile(r"Model$|For[A-Z]\w*$|LMHead\w*$|Backbone$|MTModel$")
        found[package] = [n for n in dict.fromkeys(names) if wanted.search(n) and not n.endswith(ends)]
    return found


def base_classes():
    """The class that AutoModel builds for each model type: what a nested configuration becomes."""
    names = dict(modeling_auto.MODEL_MAPPING_NAMES.items())
    return {t: n if isinstance(n, str) else n[0] for t, n in names.items()}


def configuration(model_type, cls, tied):
    config_class = cls.config_class
    error = None
    for depth in DEPTHS:
        try:
            config = config_class(**depth)
            for name in getattr(config, "sub_configs", {}):
                part = getattr(config, name, None)
                if part is not None and getattr(part, "num_hidden_layers", 0) and part.num_hidden_layers > 12:
                    setattr(config, name, type(part)(num_hidden_layers=8))
            for one in (config, getattr(config, "get_text_config", lambda: config)()):
                if hasattr(one, "tie_word_embeddings"):
                    one.tie_word_embeddings = tied
            for name in ("is_decoder",):
                if "CausalLM" in cls.__name__ and hasattr(config, name):
                    setattr(config, name, True)
            if hasattr(config, "_attn_implementation"):
                config._attn_implementation = "eager"
            return config
        except Exception as e:
            error = e
    raise error


# Sizes for what a default configuration leaves open; only names are read from the model.
SIZES = {
    "num_key_value_heads": 8, "head_dim": 64, "n_group": 1, "topk_group": 1, "n_routed_experts": 4,
    "num_experts": 4, "num_local_experts": 4, "num_experts_per_tok": 2, "n_shared_experts": 1,
    "moe_intermediate_size": 64, "intermediate_size": 128, "vocab_size": 64, "pad_token_id": 0,
    "prediction_length": 8, "context_length": 8, "attention_head_dim": 64, "moe_topk": 2,
    "num_shared_expert": 1, "shared_expert_intermediate_size": 64, "rope_theta": 10000.0,
    "first_k_dense_replace": 1, "num_dense_layers": 1, "embedding_size": 64, "rms_norm_eps": 1e-6,
}


def filled(config):
    """The configuration with a value for every size that is None, in its parts too."""
    for name in getattr(config, "sub_configs", {}):
        part = getattr(config, name, None)
        if part is not None:
            filled(part)
    for name, value in SIZES.items():
        if getattr(config, name, 0) is None or name in ("rope_theta", "shared_expert_intermediate_size") and not hasattr(config, name):
            setattr(config, name, value)
    for name in ("num_experts", "num_experts_per_tok", "moe_topk", "num_shared_expert"):
        if isinstance(getattr(config, name, None), list):
            setattr(config, name, SIZES[name])
    layers = getattr(config, "num_hidden_layers", None)
    if layers and getattr(config, "layer_types", 0) is None:
        config.layer_types = ["full_attention"] * layers
    if getattr(config, "vocabulary_map", 0) is None:
        config.vocabulary_map = {"<image>": 1}
    return config


def build(model_type, cls, tied):
    error = None
    for attempt in range(4):
        try:
            config = configuration(model_type, cls, tied) if attempt in (0, 2) else cls.config_class()
            if attempt > 1:
                config = filled(config)
            if attempt == 3:
                for one in (config, getattr(config, "text_config", None)):
                    for name in ("layer_types", "mlp_layer_types"):
                        if isinstance(getattr(one, name, None), list):
                            setattr(one, name, None)
                config = filled(config)
            with torch.device("meta"):
                model = cls(config)
            try:
                model.tie_weights()
            except Exception:
                pass
            return model
        except Exception as e:
            error = error or e
    raise error


def tied_groups(model):
    """Names of one parameter each, the one that named_parameters() lists first."""
    groups = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        groups.setdefault(id(parameter), []).append(name)
    stars = [[star(n) for n in names] for names in groups.values() if len(names) > 1]
    unique = []
    for group in stars:
        group = list(dict.fromkeys(group))
        if len(group) > 1 and group not in unique:
            unique.append(group)
    return unique


def takes_lora(module):
    """Whether PEFT's LoRA wraps a module of this class (rank 8)."""
    from transformers.pytorch_utils import Conv1D
    nn = torch.nn
    if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        return module.groups == 1 or 8 % module.groups == 0
    return isinstance(module, (nn.Linear, nn.Embedding, nn.MultiheadAttention, Conv1D))


def find_class(package, name):
    cls = getattr(transformers, name, None)
    if cls is None:
        import transformers.models as models
        folder = os.path.join(os.path.dirname(models.__file__), package)
        for file in sorted(os.listdir(folder)):
            if file.startswith("modeling_") and file.endswith(".py"):
                module = importlib.import_module(f"transformers.models.{package}.{file[:-3]}")
                cls = cls or getattr(module, name, None)
    return cls


def describe(package, name):
    cls = find_class(package, name)
    if not (isinstance(cls, type) and issubclass(cls, PreTrainedModel)) or getattr(cls, "config_class", None) is None:
        return None
    model_type = getattr(cls.config_class, "model_type", package)
    entry = {"type": model_type, "prefix": cls.base_model_prefix}
    ignored = getattr(cls, "_keys_to_ignore_on_load_unexpected", None)
    if ignored:
        entry["ignored"] = sorted(ignored)
    mapping = getattr(cls, "_checkpoint_conversion_mapping", None)
    if mapping and conversion_mapping is None:
        entry["renames"] = [[k, v] for k, v in mapping.items()]
    try:
        model = build(model_type, cls, True)
    except Exception as error:
        entry["built"] = False
        sys.stderr.write(f"{name}: {type(error).__name__}: {str(error)[:200]}\n")
        return entry
    default = None
    try:
        config = cls.config_class()
        text = config.get_text_config() if hasattr(config, "get_text_config") else config
        default = bool(getattr(text, "tie_word_embeddings", getattr(config, "tie_word_embeddings", False)))
        own = getattr(config, "tie_word_embeddings", None)
        if own is not None:
            default = bool(own)
    except Exception:
        pass
    entry["tie"] = default
    parts, inside = [], []
    attributes = {id(getattr(model.config, a)): a for a in getattr(model.config, "sub_configs", {}) if getattr(model.config, a, None) is not None}
    for path, module in model.named_modules():
        if path and isinstance(module, PreTrainedModel):
            parts.append([star(path), type(module).__name__, getattr(module.config, "model_type", None), attributes.get(id(module.config))])
            # What the table has under that class's own name is not repeated here.
            if type(module).__name__ in KNOWN:
                inside.append(path)
    unique = []
    for part in parts:
        if part not in unique:
            unique.append(part)
    entry["parts"] = unique
    states = list(model.state_dict().keys())
    entry["top"] = list(dict.fromkeys(s.split(".")[0] for s in states))
    prefix = cls.base_model_prefix
    if prefix:
        entry["inner"] = list(dict.fromkeys(s[len(prefix) + 1:].split(".")[0] for s in states if s.startswith(prefix + ".")))
    own = lambda n: not any(n.startswith(p + ".") for p in inside)
    parameters = {n for n, _ in model.named_parameters(remove_duplicate=False)}
    # Norms frozen by the class around a backbone are state of this class.
    frozen = {path for path, module in model.named_modules() if "Frozen" in type(module).__name__}
    here = lambda n: own(n) or n.rpartition(".")[0] in frozen
    entry["buffers"] = apart([s for s in states if s not in parameters and here(s)], [s for s in states if s in parameters])
    # The parameters: weights by their module alone, which is most of them.
    listed = dict.fromkeys(star(n) for n in states if n in parameters and own(n))
    entry["weights"] = [n[: -len(".weight")] for n in listed if n.endswith(".weight")]
    entry["direct"] = [n for n in listed if not n.endswith(".weight") and not (n.endswith(".bias") and n[: -len(".bias")] + ".weight" in listed)]
    holders = [(path, module) for path, module in model.named_modules() if path and next(module.named_parameters(recurse=False), None) is not None]
    refused = [path for path, module in holders if own(path + ".") and not takes_lora(module)]
    entry["refused"] = apart(refused, [path for path, module in holders if takes_lora(module)])
    groups = tied_groups(model)
    if groups:
        entry["tied"] = groups
        try:
            always = tied_groups(build(model_type, cls, False))
            if always:
                entry["always"] = always
        except Exception:
            pass
    return {k: v for k, v in entry.items() if v not in ([], None)}


def worker(work):
    def late(signum, frame):
        raise TimeoutError("took too long")
    package, names = work
    signal.signal(signal.SIGALRM, late)
    found = {}
    for name in names:
        signal.alarm(SECONDS)
        try:
            entry = describe(package, name)
            if entry:
                found[name] = entry
        except BaseException as error:
            sys.stderr.write(f"{name}: {type(error).__name__}: {str(error)[:200]}\n")
        signal.alarm(0)
    sys.stderr.write(f"{package}: {len(found)} of {len(names)}\n")
    sys.stderr.flush()
    return found


def transform_rules():
    """transformers 5's conversion mapping as data."""
    transforms, places, lists = [], {}, {}
    mapping = conversion_mapping._build_checkpoint_conversion_mapping()
    for key, conversions in mapping.items():
        indices = []
        for one in conversions:
            kind = {"WeightRenaming": "rename", "PrefixChange": "rename", "GroupWeightRename": "group", "WeightConverter": "convert"}.get(type(one).__name__, type(one).__name__)
            rule = {"kind": kind, "from": one.compiled_sources.pattern, "to": list(one.target_patterns)}
            operations = [type(o).__name__ for o in getattr(one, "operations", [])]
            if operations:
                rule["operations"] = operations
            text = json.dumps(rule, sort_keys=True)
            if text not in places:
                places[text] = len(transforms)
                transforms.append(rule)
            indices.append(places[text])
        lists[key] = indices
    return transforms, lists


def redirected():
    """For a model type, the last parts of targets that PEFT puts LoRA on the fused experts for."""
    from peft.utils import transformers_weight_conversion as peft_conversion
    kinds = {k: sorted(v) for k, v in peft_conversion._MOE_TARGET_MODULE_MAPPING.items()}
    bases = conversion_mapping._MODEL_TO_CONVERSION_PATTERN
    return {t: kinds[base] for t, base in sorted(bases.items()) if base in kinds}


def main():
    out, only = sys.argv[1], sys.argv[2:]
    table = {"transformers": transformers.__version__, "torch": torch.__version__}
    try:
        import peft
        table["peft"] = peft.__version__
        from peft.tuners import tuners_utils
        import inspect
        source = inspect.getsource(tuners_utils._check_lora_target_modules_mamba)
        words = lambda name: sorted(re.findall(r'"([^"]+)"', re.search(name + r" = \{([^{}]*)\}", source).group(1)))
        if conversion_mapping is not None:
            table["redirected"] = redirected()
        table["mamba"] = {"modules": words("incompatible_modules"), "types": words("mamba_model_types")}
    except Exception as error:
        sys.stderr.write(f"peft: {error}\n")
    if conversion_mapping is not None:
        table["transforms"], table["lists"] = transform_rules()
    table["bases"] = base_classes()
    names = class_names()
    KNOWN.update(n for listed in names.values() for n in listed)
    work = [(package, listed) for package, listed in names.items() if listed and (not only or package in only)]
    classes, context = {}, multiprocessing.get_context("fork")
    with context.Pool(2, maxtasksperchild=1) as pool:
        for found in pool.imap_unordered(worker, work, chunksize=1):
            classes.update(found)
    table["classes"] = dict(sorted(classes.items()))
    os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    with open(out, "w") as file:
        json.dump(table, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
