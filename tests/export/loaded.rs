//! Sets under the names of the loaded model: what loading renames, fuses, ties and leaves out.

use layerscope::export::{
    Consumer, Format, Naming, Parameters, dry_run, export_text, python_loop, read_freeze_text,
};
use layerscope::names::{Architecture, Loaded, Names, Translation};
use layerscope::report::{ReportBuilder, SnrReport, Tensor, Weight};
use layerscope::selection::{Choice, FreezeSet, Mark};
use layerscope::source::Config;
use layerscope::tensor::{DType, ModuleName};

use crate::set;

fn architecture(config: &str) -> Architecture {
    let config = Config::parse("config.json".as_ref(), config.as_bytes()).expect("is JSON");
    Architecture::of(&config).expect("names a class")
}

fn class(name: &str, model_type: &str) -> Architecture {
    architecture(&format!(
        r#"{{"architectures": ["{name}"], "model_type": "{model_type}"}}"#
    ))
}

fn translation(architecture: &Architecture, names: Names) -> Translation {
    Translation::new(Some(architecture), names, std::iter::empty())
}

/// A report of these modules, each of 4 by 2, and these other tensors.
fn report(architecture: &Architecture, modules: &[&str], others: &[&str]) -> SnrReport {
    let mut builder = ReportBuilder::new("a-model");
    for (place, name) in modules.iter().enumerate() {
        let module = builder.push(name, ModuleName::parse(name).layer_type);
        module.snr = Some(1.0 + place as f64);
        module.weight = Some(Weight {
            shape: vec![4, 2],
            dtype: DType::F32,
            parameters: 8,
            companions: 0,
            tied_to: None,
            tensor: None,
        });
    }
    let mut report = builder.finish();
    report.total_parameters = Some(8 * modules.len() as u64);
    report.architecture = Some(architecture.clone());
    let tensor = |name: &&str| Tensor {
        name: (*name).to_owned(),
        shape: vec![4],
    };
    report.others = Some(others.iter().map(tensor).collect());
    report
}

fn pinned(report: &SnrReport, names: &[&str]) -> FreezeSet {
    let mut choice = Choice {
        percent: "0".parse().expect("is a percentage"),
        head: false,
        embeddings: false,
        ..Choice::default()
    };
    for name in names {
        choice.set_mark(name, Some(Mark::Pin));
    }
    set(report, &choice)
}

/// The loaded names that `consumer` trains with the set exported for it.
fn trained(consumer: Consumer, report: &SnrReport, set: &FreezeSet) -> Vec<String> {
    let exported = export_text(consumer, report, set);
    let file = read_freeze_text(exported.file_name.as_ref(), &exported.text).expect("is a set");
    let naming = Naming::default();
    let parameters = naming.apply(Parameters::of_report(report), &naming.translation(report));
    let run = dry_run(&file, consumer, &parameters);
    let places = run.trainable.iter();
    places
        .map(|&place| parameters.all[place].name.clone())
        .collect()
}

const EXACT: [Consumer; 4] = [
    Consumer::Aws,
    Consumer::Axolotl,
    Consumer::MsSwift,
    Consumer::MsSwiftRegex,
];

#[test]
fn a_base_checkpoint_gets_the_prefix_of_the_class() {
    let gpt2 = class("GPT2LMHeadModel", "gpt2");
    let modules = ["h.0.attn.c_attn", "h.1.attn.c_attn", "wte"];
    let report = report(
        &gpt2,
        &modules,
        &["h.0.attn.c_attn.bias", "h.1.attn.c_attn.bias"],
    );
    let set = pinned(&report, &["h.1.attn.c_attn"]);
    for consumer in EXACT {
        let names = trained(consumer, &report, &set);
        assert_eq!(
            names,
            [
                "transformer.h.1.attn.c_attn.weight",
                "transformer.h.1.attn.c_attn.bias"
            ],
            "{consumer}"
        );
        assert!(export_text(consumer, &report, &set).is_exact, "{consumer}");
    }
    let code = python_loop(&report, &set, Naming::default());
    assert!(code.contains("\"transformer.h.1.attn.c_attn\""), "{code}");
}

#[test]
fn experts_that_loading_fuses_are_exported_whole_and_said() {
    let qwen = class("Qwen3MoeForCausalLM", "qwen3_moe");
    let name =
        |expert: u32, projection: &str| format!("model.layers.0.mlp.experts.{expert}.{projection}");
    let all: Vec<String> = (0..3)
        .flat_map(|expert| {
            ["gate_proj", "up_proj", "down_proj"].map(|projection| name(expert, projection))
        })
        .collect();
    let modules: Vec<&str> = all.iter().map(String::as_str).collect();
    let report = report(&qwen, &modules, &[]);
    let set = pinned(&report, &[&name(1, "down_proj")]);
    for consumer in EXACT {
        let names = trained(consumer, &report, &set);
        assert_eq!(
            names,
            ["model.layers.0.mlp.experts.down_proj"],
            "{consumer}"
        );
    }
    let exported = export_text(Consumer::Axolotl, &report, &set);
    assert!(exported.is_exact);
    let said = exported
        .losses
        .iter()
        .any(|line| line.contains("all 3 experts; you chose 1"));
    assert!(said, "{:?}", exported.losses);
    let naming = Naming::default();
    let loaded = naming.apply(Parameters::of_report(&report), &naming.translation(&report));
    let size = |name: &str| {
        loaded
            .all
            .iter()
            .find(|one| one.name.ends_with(name))
            .map(|one| one.size)
    };
    assert_eq!(size("experts.down_proj"), Some(Some(24)));
    assert_eq!(size("experts.gate_up_proj"), Some(Some(48)));
    let peft = export_text(Consumer::Peft, &report, &set).text;
    let peft: serde_json::Value = serde_json::from_str(&peft).expect("is JSON");
    assert_eq!(
        peft["target_parameters"],
        serde_json::json!(["model.layers.0.mlp.experts.down_proj"])
    );
}

#[test]
fn a_router_that_peft_refuses_trains_whole() {
    let qwen = class("Qwen3MoeForCausalLM", "qwen3_moe");
    let modules = ["model.layers.0.mlp.gate", "model.layers.0.self_attn.q_proj"];
    let report = report(&qwen, &modules, &[]);
    let peft = export_text(Consumer::Peft, &report, &pinned(&report, &modules)).text;
    let peft: serde_json::Value = serde_json::from_str(&peft).expect("is JSON");
    assert_eq!(peft["modules_to_save"], serde_json::json!([modules[0]]));
    assert_eq!(peft["target_modules"], serde_json::json!([modules[1]]));
    let refused = r#"{"peft_type": "LORA", "target_modules": ["model.layers.0.mlp.gate"]}"#;
    let file = read_freeze_text("a.json".as_ref(), refused).expect("is a set");
    let naming = Naming::default();
    let loaded = naming.apply(Parameters::of_report(&report), &naming.translation(&report));
    let run = dry_run(&file, Consumer::Peft, &loaded);
    assert_eq!(run.unreadable.len(), 1);
    assert!(!run.is_clean());
}

#[test]
fn spectrum_keeps_its_bytes_and_says_that_nothing_would_train() {
    let gpt2 = class("GPT2LMHeadModel", "gpt2");
    let known = report(&gpt2, &["h.0.attn.c_attn", "h.1.attn.c_attn"], &[]);
    let mut unknown = known.clone();
    unknown.architecture = None;
    let set = pinned(&known, &["h.1.attn.c_attn"]);
    let text = |report| Format::Spectrum.render(report, &set, Naming::default());
    assert_eq!(text(&known).text, text(&unknown).text);
    assert!(
        text(&unknown).losses.is_empty(),
        "{:?}",
        text(&unknown).losses
    );
    assert!(!text(&known).losses.is_empty());
}

#[test]
fn checkpoint_names_are_written_where_they_are_asked_for() {
    let gpt2 = class("GPT2LMHeadModel", "gpt2");
    let report = report(&gpt2, &["h.0.attn.c_attn"], &[]);
    let set = pinned(&report, &["h.0.attn.c_attn"]);
    let text = |names: Names| Format::Names.render(&report, &set, names.into()).text;
    assert_eq!(text(Names::Checkpoint), "h.0.attn.c_attn\n");
    assert_eq!(text(Names::Loaded), "transformer.h.0.attn.c_attn\n");
}

#[test]
fn names_change_as_each_version_changes_them() {
    let vit = class("ViTForImageClassification", "vit");
    let query = "vit.encoder.layer.0.attention.attention.query.weight";
    let renamed = translation(&vit, Names::Loaded).parameters(query);
    assert_ne!(renamed, [query]);
    assert_eq!(
        translation(&vit, Names::Transformers4).parameters(query),
        [query]
    );
    assert_eq!(
        translation(&vit, Names::Checkpoint).parameters(query),
        [query]
    );
    let bert = class("BertForMaskedLM", "bert");
    for names in [Names::Loaded, Names::Transformers4] {
        let norm = "bert.embeddings.LayerNorm.gamma";
        let loaded = translation(&bert, names).parameters(norm);
        assert_eq!(loaded, ["bert.embeddings.LayerNorm.weight"], "{names}");
    }
}

#[test]
fn wrappers_state_and_tied_heads_are_no_parameters_of_their_own() {
    let llama = architecture(
        r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama",
            "tie_word_embeddings": true}"#,
    );
    let loaded = translation(&llama, Names::Loaded);
    assert_eq!(
        loaded.parameters("_orig_mod.model.layers.3.mlp.up_proj.weight"),
        ["model.layers.3.mlp.up_proj.weight"]
    );
    assert_eq!(
        loaded.loaded("lm_head.weight"),
        Loaded::Tied("model.embed_tokens.weight".to_owned())
    );
    let resnet = class("ResNetForImageClassification", "resnet");
    let statistics = "resnet.embedder.embedder.normalization.running_mean";
    assert_eq!(
        translation(&resnet, Names::Loaded).loaded(statistics),
        Loaded::Buffer
    );
}

#[test]
fn both_tables_know_the_classes_of_all_families() {
    for (name, model_type) in [
        ("LlamaForCausalLM", "llama"),
        ("GPT2LMHeadModel", "gpt2"),
        ("BertForMaskedLM", "bert"),
        ("T5ForConditionalGeneration", "t5"),
        ("MixtralForCausalLM", "mixtral"),
        ("Mamba2ForCausalLM", "mamba2"),
        ("LlavaForConditionalGeneration", "llava"),
        ("Wav2Vec2ForCTC", "wav2vec2"),
    ] {
        for names in [Names::Loaded, Names::Transformers4] {
            assert!(
                translation(&class(name, model_type), names).is_known(),
                "{name} {names}"
            );
        }
    }
    let unknown = class("OwnModelForCausalLM", "own");
    assert!(!translation(&unknown, Names::Loaded).is_known());
}

#[test]
fn what_loading_fuses_counts_and_trains_whole() {
    let qwen = class("Qwen3MoeForCausalLM", "qwen3_moe");
    let name = |expert: u32| format!("model.layers.0.mlp.experts.{expert}.down_proj");
    let names: Vec<String> = (0..3).map(name).collect();
    let modules: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut report = report(&qwen, &modules, &[]);
    report.fuse(Names::Loaded);
    let set = pinned(&report, &[&names[1]]);
    assert_eq!(set.counts.parameters, Some(24));
    assert_eq!(set.chosen, [true; 3]);
    assert_eq!(set.counts.listed, 1);
    for names_of in [Names::Checkpoint, Names::Transformers4] {
        report.fuse(names_of);
        let set = pinned(&report, &[&names[1]]);
        assert_eq!(set.counts.parameters, Some(8), "{names_of}");
        assert_eq!(set.chosen, [false, true, false], "{names_of}");
    }
}

#[test]
fn the_scanned_modules_alone_are_fused_as_they_load() {
    let qwen = class("Qwen3MoeForCausalLM", "qwen3_moe");
    let name =
        |block: u32, expert: u32| format!("model.layers.{block}.mlp.experts.{expert}.down_proj");
    let names: Vec<String> = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
        .map(|(block, expert)| name(block, expert))
        .to_vec();
    let modules: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut report = report(&qwen, &modules, &["model.norm.bias"]);
    report.fuse(Names::default());
    // Not scanned: what follows it has another place among the modules that are.
    report.modules[0].snr = None;
    let kept = report.scanned_only();
    assert_eq!(kept.architecture, report.architecture);
    let fused: Vec<&[u32]> = kept.fused.iter().map(|one| &*one.modules).collect();
    assert_eq!(fused, [&[0, 1][..], &[2, 3, 4]]);
    let set = pinned(&kept, &[&names[4]]);
    assert_eq!(set.chosen, [false, false, true, true, true]);
    assert_eq!(set.counts.parameters, Some(24));
    // To what is kept, the weight of the other one is a tensor beside the modules.
    let others: Vec<String> = kept
        .others
        .iter()
        .flatten()
        .map(|one| one.name.clone())
        .collect();
    assert_eq!(
        others,
        ["model.norm.bias".to_owned(), format!("{}.weight", names[0])]
    );
}

#[test]
fn experts_are_parameters_themselves_only_where_the_checkpoint_says_so() {
    let jetmoe = class("JetMoeForCausalLM", "jetmoe");
    let modules = [
        "model.layers.0.self_attention.experts.input_linear",
        "model.layers.0.mlp.shared_experts.up_proj",
    ];
    let mut report = report(&jetmoe, &modules, &[]);
    let all = |report: &SnrReport| -> Vec<String> {
        let parameters = Parameters::of_report(report);
        parameters.all.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(all(&report), modules.map(|name| format!("{name}.weight")));
    if let Some(weight) = &mut report.modules[0].weight {
        weight.tensor = Some(modules[0].to_owned());
    }
    assert_eq!(all(&report)[0], modules[0]);
}

#[test]
fn a_trainer_that_would_stop_is_never_called_clean() {
    let clip = class("CLIPModel", "clip");
    let module = "text_model.encoder.layers.0.mlp.fc1";
    let mut report = report(&clip, &[module, "text_model.encoder.layers.1.mlp.fc1"], &[]);
    report.others = Some(vec![Tensor {
        name: "logit_scale".to_owned(),
        shape: Vec::new(),
    }]);
    let set = pinned(&report, &[module]);
    let exported = export_text(Consumer::Axolotl, &report, &set);
    assert!(!exported.losses.is_empty());
    let file = read_freeze_text(exported.file_name.as_ref(), &exported.text).expect("is a set");
    let parameters = Parameters::of_report(&report);
    let run = dry_run(&file, Consumer::Axolotl, &parameters);
    assert_eq!(run.stops().len(), 1);
    assert!(!run.is_clean());
    assert!(
        dry_run(&file, Consumer::Aws, &parameters)
            .stops()
            .is_empty()
    );
}
