//! Seeds of results, freeze sets and sessions.

use super::Seed;

/// The seeds of these formats.
pub(super) fn seeds() -> Vec<Seed> {
    let of = |target: &'static str, files: &[(&str, String)]| -> Vec<Seed> {
        let files = files.iter();
        files
            .map(|(name, text)| (target, (*name).to_owned(), text.clone().into_bytes()))
            .collect()
    };
    [
        of("results_json", &results()),
        of("freeze_set", &sets()),
        of("session", &sessions()),
    ]
    .concat()
}

fn results() -> Vec<(&'static str, String)> {
    let flat = r#"{
    "model.layers.0.mlp.up_proj": {"snr": 0.5, "type": "mlp.up_proj"},
    "model.layers.1.mlp.up_proj": {"snr": 226.99978637695312, "type": "mlp.up_proj"},
    "lm_head": {"type": "lm_head", "snr": NaN, "extra": [1, {"a": null}]}
}"#;
    let sorted = r#"{"mlp.up_proj": {"model.layers.1.mlp.up_proj": Infinity, "model.layers.0.mlp.up_proj": 1e-05},
 "lm_head": {"lm_head": "-Infinity", "x\u00e9\ud83d\ude00": null}, "none": {}}"#;
    let twice = r#"{"a": {"snr": 1, "type": "t"}, "a": {"snr": -2.5e3, "type": "u"}}"#;
    let members: Vec<String> = (0..40)
        .map(|at| format!("\"layers.{at}.q\": {at}.125"))
        .collect();
    vec![
        ("flat", flat.to_owned()),
        ("flat_with_a_mark", format!("\u{feff}{flat}")),
        ("sorted", sorted.to_owned()),
        (
            "sorted_long",
            format!("{{\"q\": {{{}}}}}", members.join(", ")),
        ),
        ("listed_twice", twice.to_owned()),
        ("cut_short", flat[..90].to_owned()),
        ("nested_deep", "{\"a\":".repeat(200)),
        (
            "control_character",
            r#"{"a\nb": {"snr": 1, "type": "t"}}"#.to_owned(),
        ),
        ("type_called_nan", r#"{"NaN": {"a": 1, "b": 2}}"#.to_owned()),
    ]
}

fn sets() -> Vec<(&'static str, String)> {
    let spectrum = "unfrozen_parameters:\n- ^lm_head.weight$\n- ^model.embed_tokens.weight$\n# mlp.down_proj layers\n- model.layers.3.mlp.down_proj\n";
    let axolotl = "base_model: x\nunfrozen_parameters:\n  - ^lm_head.weight$\n  - model.embed_tokens.weight[:100]\n  - model.layers.1[01]?.+\n  - 'a: b'\nadapter: qlora\n";
    let swift = "swift sft --train_type full --freeze_parameters_ratio 1 \\\n  --trainable_parameters model.layers.3.self_attn \"model.layers.4\" \\\n  --trainable_parameters_regex='.*q_proj(\\.weight)?' # end\n";
    let factory = "finetuning_type: freeze\nfreeze_trainable_layers: -2\nfreeze_trainable_modules: self_attn, mlp.experts\nfreeze_extra_modules: lm_head\nuse_llama_pro: true\n";
    let peft = r#"{"peft_type": "LORA", "target_modules": ".*\\.(q|k)_proj", "layers_to_transform": [1, -1], "layers_pattern": "layers", "modules_to_save": ["lm_head"], "exclude_modules": "x.*"}"#;
    let patterns = "(?i:model)\\.layers\\.\\d{1,3}\\.(?:self_attn|mlp)\\..+?\n^(?P<a>[^\\W\\d-]+)\\.[a-z_.&&[]{2,}$\n((((a{99}){99}){99}){99}){99}\nx{,3}|\\u00e9|\\x41\\Z\n";
    let aliases = format!(
        "a0: &a0 [x, y]\n{}unfrozen_parameters: *a9\n",
        (1..10)
            .map(|at| format!("a{at}: &a{at} [{}]\n", format!("*a{},", at - 1).repeat(9)))
            .collect::<Vec<_>>()
            .concat()
    );
    vec![
        ("spectrum", spectrum.to_owned()),
        (
            "tags",
            "unfrozen_parameters: !x [!y a.b, &c 1, *c, 0x1f, ~, true, 1.5e3]\n".to_owned(),
        ),
        ("axolotl", axolotl.to_owned()),
        (
            "axolotl_plugin",
            "spectrum_top_fraction: 0.25\nspectrum_model_name: x\n".to_owned(),
        ),
        ("ms_swift", swift.to_owned()),
        (
            "ms_swift_unclosed",
            "--trainable_parameters 'a b\n".to_owned(),
        ),
        ("llama_factory", factory.to_owned()),
        ("peft", peft.to_owned()),
        (
            "names",
            "model.layers.0.mlp.up_proj\nlm_head.weight\n".to_owned(),
        ),
        ("patterns", patterns.to_owned()),
        ("aliases_of_aliases", aliases),
        ("nested_deep", "[".repeat(300)),
        (
            "nested_deep_yaml",
            format!("unfrozen_parameters: {}", "[".repeat(300)),
        ),
        ("groups_nested_deep", format!("- {}\n", "(".repeat(300))),
    ]
}

fn sessions() -> Vec<(&'static str, String)> {
    let whole = r#"{
  "layerscope": "session",
  "version": 1,
  "document": "snr_results_a.json",
  "choice": {
    "percent": 25000000, "type_percent": {"mlp.up_proj": 1}, "excluded": ["q"],
    "marks": {"a": "Pin", "b": "Drop"}, "head": true, "embeddings": false,
    "rules": {"by": "snr", "pool": "type-and-tower", "towers_out": ["v"], "blocks": {"first": 8, "last": 23}},
    "budget": {"parameters": 7}, "tolerance": 1000000
  },
  "sets": [{"name": "s", "made": "by hand", "modules": ["a", "b"], "unmatched": [{"line": 3, "pattern": "x"}], "notes": ["n"]}],
  "presets": [{"name": "p", "settings": {"percent": 1}}],
  "runs": [{"logs": ["../a.csv"], "logged": "a", "name": "b", "color": 3, "hidden": true}],
  "view": {"inspected": "a", "a": 0, "b": null},
  "later": {"x": [1, 2.5, "é"]}
}"#;
    vec![
        ("whole", whole.to_owned()),
        ("least", r#"{"layerscope":"session","version":1}"#.to_owned()),
        ("newer", r#"{"layerscope":"session","version":2,"view":7}"#.to_owned()),
        ("wrong_types", r#"{"layerscope":"session","version":1,"view":{"a":-1},"choice":{"percent":99999999999}}"#.to_owned()),
        ("cut_short", whole[..200].to_owned()),
        ("nested_deep", format!(r#"{{"layerscope":"session","version":1,"x":{}"#, "[".repeat(200))),
    ]
}
