//! What each consumer would train, in fixed cases that need no Python.

use layerscope::export::{
    Consumer, DryRun, FreezeFile, Parameters, WarningKind, dry_run, modules_of, read_freeze_file,
    read_freeze_text,
};
use layerscope::report::{ReportBuilder, SnrReport, Weight};
use layerscope::tensor::{DType, Model, ModuleName};

use crate::shared;

fn parameters(names: &[&str]) -> Parameters {
    let mut parameters = Parameters::of_names(names.iter().map(|&name| name.to_owned()));
    parameters.complete = true;
    parameters
}

fn names<'a>(run: &DryRun, parameters: &'a Parameters) -> Vec<&'a str> {
    let names = run.trainable.iter();
    names
        .map(|&place| parameters.all[place].name.as_str())
        .collect()
}

fn run(consumer: Consumer, patterns: &[&str], model: &Parameters) -> DryRun {
    let file = FreezeFile::of_patterns(consumer, patterns.iter().copied());
    dry_run(&file, consumer, model)
}

fn read(text: &str) -> FreezeFile {
    read_freeze_text(std::path::Path::new("set"), text).expect("is a set")
}

fn lines(run: &DryRun) -> String {
    let lines: Vec<String> = run.warnings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn texts(run: &DryRun) -> Vec<&str> {
    run.unmatched.iter().map(|one| one.text.as_str()).collect()
}

#[test]
fn a_prefix_also_matches_what_it_does_not_name() {
    let model = parameters(&[
        "model.layers.1.mlp.gate.weight",
        "model.layers.1.mlp.gate_proj.weight",
        "model.layers.10.mlp.gate.weight",
        "model.layersX1.mlp.gate.weight",
    ]);
    let prefix = run(Consumer::Aws, &["model.layers.1.mlp.gate"], &model);
    assert_eq!(prefix.trainable, [0, 1, 3]);
    assert_eq!(prefix.accidental[0].1, [1, 3]);
    let block = run(Consumer::Aws, &["model.layers.1"], &model);
    assert_eq!(block.trainable, [0, 1, 2, 3]);
    assert_eq!(block.accidental[0].1, [2, 3]);
    let exact = run(
        Consumer::Aws,
        &[r"^model\.layers\.1\.mlp\.gate\.[^.]+$"],
        &model,
    );
    assert_eq!((exact.trainable, exact.accidental), (vec![0], vec![]));
    let class = run(Consumer::Aws, &["model.layers.[12]"], &model);
    assert_eq!(class.accidental[0].1, [2, 3]);
    let swift = run(Consumer::MsSwift, &["model.layers.1"], &model);
    assert_eq!((swift.trainable.len(), swift.accidental[0].1.len()), (3, 1));
}

#[test]
fn axolotl_takes_dots_literally_and_rows_in_brackets() {
    let model = parameters(&["model.norm.weight", "modelXnorm.weight", "lm_head.weight"]);
    let literal = run(Consumer::Axolotl, &["model.norm"], &model);
    assert_eq!((literal.trainable, literal.accidental), (vec![0], vec![]));
    // An escaped dot is escaped once more, and then asks for a backslash.
    let escaped = run(Consumer::Axolotl, &[r"model\.norm"], &model);
    assert_eq!(texts(&escaped), [r"model\.norm"]);
    let wild = run(Consumer::Axolotl, &["model.+weight$"], &model);
    assert_eq!(wild.trainable, [0, 1]);
    let rows = run(Consumer::Axolotl, &["^lm_head.weight$[:100]"], &model);
    assert_eq!(rows.trainable, [2]);
    assert!(
        rows.warnings
            .iter()
            .any(|line| line.text.contains("rows 0 to 100")),
        "{rows:?}"
    );
    let empty = run(Consumer::Axolotl, &["lm_head[5:5]"], &model);
    assert!(
        empty.unreadable[0].1.contains("range [5:5] is empty"),
        "{empty:?}"
    );
}

#[test]
fn aws_reads_lines_in_column_0_with_their_quotes() {
    let model = parameters(&["lm_head.weight", "a.0.b.weight", "a.1.b.weight"]);
    let file = read(
        "unfrozen_parameters:\n- \"a.0.b\"\n  - a.1.b\n- lm_head # the head\n- a.1- b\n- lm_head \n",
    );
    let sample = dry_run(&file, Consumer::Aws, &model);
    assert_eq!(sample.entries, 4);
    // `a.1- b` is cut at its second dash and blank, as Python's split does.
    assert_eq!(names(&sample, &model), ["a.1.b.weight"]);
    assert_eq!(
        texts(&sample),
        ["\"a.0.b\"", "lm_head # the head", "lm_head "]
    );
    let said = lines(&sample);
    for part in [
        "1 indented line",
        "line 2: the quotes",
        "line 4: the comment",
        "line 6: the blank",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let recipes = dry_run(&file, Consumer::AwsRecipes, &model);
    assert_eq!(names(&recipes, &model), ["lm_head.weight", "a.1.b.weight"]);
}

#[test]
fn an_indented_list_trains_nothing_with_aws_and_all_of_it_with_others() {
    let model = parameters(&["a.0.b.weight", "a.1.b.weight"]);
    let file = read("unfrozen_parameters:\n  - a.0.b\n");
    let sample = dry_run(&file, Consumer::Aws, &model);
    assert_eq!(
        sample.warnings[0].kind,
        WarningKind::NothingTrains,
        "{sample:?}"
    );
    for consumer in [Consumer::AwsRecipes, Consumer::Axolotl, Consumer::Snippet] {
        assert_eq!(dry_run(&file, consumer, &model).trainable, [0]);
    }
    let all = run(Consumer::Aws, &[".*"], &model);
    assert_eq!(
        all.warnings[0].kind,
        WarningKind::EverythingTrains,
        "{all:?}"
    );
}

#[test]
fn the_snippet_finds_no_anchors() {
    let model = parameters(&[
        "lm_head.weight",
        "audio.model.layers.1.q.weight",
        "model.layers.1.q.weight",
    ]);
    let anchored = run(
        Consumer::Snippet,
        &["^lm_head.weight$", "model.layers.1.q"],
        &model,
    );
    assert_eq!(texts(&anchored), ["^lm_head.weight$"]);
    assert_eq!(anchored.trainable, [1, 2]);
    // Another tower's name holds it, too.
    assert_eq!(anchored.accidental[0].1, [1]);
    assert!(
        anchored
            .warnings
            .iter()
            .any(|line| line.text.contains("1 entry has ^ or $"))
    );
}

#[test]
fn ms_swift_adds_to_what_it_has_not_frozen() {
    let model = parameters(&["a.0.b.weight", "a.1.b.weight", "a.10.b.weight"]);
    let frozen = read(
        "swift sft --train_type full --freeze_parameters_ratio 1 --trainable_parameters a.1 \\\n  'a.7'",
    );
    let run = dry_run(&frozen, frozen.consumer, &model);
    assert_eq!(run.trainable, [1, 2]);
    assert_eq!(run.accidental[0].1, [2]);
    assert_eq!((texts(&run), run.unmatched[0].line), (vec!["a.7"], 2));
    let open = read("swift sft --train_type lora --trainable_parameters a.1");
    let run = dry_run(&open, open.consumer, &model);
    assert_eq!(
        run.warnings[0].kind,
        WarningKind::EverythingTrains,
        "{run:?}"
    );
    assert!(
        open.warnings[0].contains("--train_type is lora"),
        "{open:?}"
    );
    let regex = read("--freeze_parameters_ratio=1 --trainable_parameters_regex 'a\\.\\d\\.'");
    assert_eq!(regex.consumer, Consumer::MsSwiftRegex);
    assert_eq!(dry_run(&regex, regex.consumer, &model).trainable, [0, 1]);
    let prefix = read("{\"freeze_parameters\": [\"a.1\"], \"train_type\": \"full\"}");
    assert_eq!(dry_run(&prefix, prefix.consumer, &model).trainable, [0]);
}

#[test]
fn llama_factory_looks_for_blocks_and_components() {
    let mut all = vec!["lm_head.weight".to_owned(), "model.norm.weight".into()];
    for block in 0..12 {
        for part in ["mlp.up", "mlp_norm", "self_attn.q"] {
            all.push(format!("model.layers.{block}.{part}.weight"));
        }
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let model = parameters(&all);
    let file = read(
        "finetuning_type: freeze\nfreeze_trainable_layers: 2\nfreeze_trainable_modules: mlp\n",
    );
    let last = dry_run(&file, file.consumer, &model);
    assert_eq!(
        names(&last, &model),
        [
            "model.layers.10.mlp.up.weight",
            "model.layers.10.mlp_norm.weight",
            "model.layers.11.mlp.up.weight",
            "model.layers.11.mlp_norm.weight",
        ]
    );
    assert_eq!(last.accidental[0].1.len(), 2, "mlp_norm is not mlp");
    let file = read(
        "freeze_trainable_layers: -1\nfreeze_trainable_modules: self_attn,nope\nfreeze_extra_modules: norm\n",
    );
    let first = dry_run(&file, file.consumer, &model);
    assert_eq!(texts(&first), ["nope"]);
    // `norm` is looked for everywhere, also in `mlp_norm`.
    assert_eq!(first.trainable.len(), 1 + 1 + 12);
    let said = lines(&first);
    assert!(
        said.contains("finds no module nope; it knows mlp, mlp_norm, self_attn"),
        "{said}"
    );
}

#[test]
fn peft_matches_modules_whole_or_at_their_ends() {
    let model = parameters(&[
        "lm_head.weight",
        "model.layers.0.q_proj.weight",
        "model.layers.1.q_proj.weight",
        "model.layers.1.my_q_proj.weight",
        "vision.model.layers.1.q_proj.weight",
        "model.norm.weight",
    ]);
    let trains = |text: &str| {
        let file = read(text);
        assert_eq!(file.consumer, Consumer::Peft);
        dry_run(&file, file.consumer, &model)
    };
    assert_eq!(
        trains(r#"{"target_modules": ["q_proj"]}"#).trainable,
        [1, 2, 4]
    );
    let full = trains(r#"{"target_modules": ["model.layers.1.q_proj"]}"#);
    assert_eq!(
        (full.trainable, full.accidental[0].1.clone()),
        (vec![2, 4], vec![4])
    );
    let string = trains(r#"{"target_modules": "model.layers.1.q_proj", "layers_to_transform": 0}"#);
    assert_eq!(string.trainable, [2], "blocks are ignored with a string");
    assert!(
        string
            .warnings
            .iter()
            .any(|line| line.text.contains("layers_to_transform is ignored"))
    );
    let blocks = trains(r#"{"target_modules": ["q_proj"], "layers_to_transform": [1]}"#);
    assert_eq!(blocks.trainable, [2, 4]);
    let linear = trains(r#"{"target_modules": "all-linear", "exclude_modules": ["my_q_proj"]}"#);
    assert_eq!(linear.trainable, [1, 2, 4]);
    let saved = trains(r#"{"target_modules": ["q_proj"], "modules_to_save": ["norm", "head"]}"#);
    assert_eq!(saved.trainable, [0, 1, 2, 4, 5]);
    assert_eq!(saved.accidental[0].0.text, "head");
}

#[test]
fn the_plugin_takes_a_fraction_of_each_type() {
    let mut builder = ReportBuilder::new("m");
    for block in 0..4 {
        for part in ["up", "down"] {
            let name = format!("model.layers.{block}.{part}");
            builder.push(&name, part).snr = Some(f64::from(block));
        }
    }
    let report = builder.finish();
    let model = Parameters::of_report(&report);
    let run = |text: &str| {
        let file = read(text);
        assert_eq!(file.consumer, Consumer::AxolotlPlugin);
        dry_run(&file, file.consumer, &model)
    };
    let half = run("spectrum_top_fraction: 0.5\nbase_model: m\n");
    assert_eq!(half.modules.len(), 4);
    assert!(
        half.modules
            .iter()
            .all(|name| name.contains(".2.") || name.contains(".3."))
    );
    let percent = run("spectrum_top_fraction: 25\n");
    assert_eq!(percent.modules.len(), 8);
    assert!(
        percent
            .warnings
            .iter()
            .any(|line| line.text.contains("takes every module")),
        "{percent:?}"
    );
}

/// Two towers with the same names of types, as Qwen2-Audio has them.
fn two_towers() -> SnrReport {
    let mut builder = ReportBuilder::new("Qwen2-Audio");
    for (tower, blocks, better) in [
        ("audio_tower.layers", 4, 100.0),
        ("language_model.model.layers", 4, 1.0),
    ] {
        for block in 0..blocks {
            for part in ["self_attn.q_proj", "self_attn.v_proj"] {
                let name = format!("{tower}.{block}.{part}");
                let layer_type = ModuleName::parse(&name).layer_type.to_owned();
                builder.push(&name, &layer_type).snr = Some(better + f64::from(block));
            }
        }
    }
    builder.finish()
}

#[test]
fn a_set_that_only_trains_another_tower_is_told() {
    use layerscope::selection::{Choice, FreezeSet, Ranking};
    let report = two_towers();
    let choice = Choice {
        percent: "30".parse().expect("is a percentage"),
        ..Choice::default()
    };
    let set = FreezeSet::new(&report, &Ranking::new(&report), &choice);
    let file = read(&layerscope::export::spectrum_yaml(&report, &set));
    let run = dry_run(&file, Consumer::Aws, &Parameters::of_report(&report));
    assert_eq!(run.modules.len(), 4);
    assert!(
        run.warnings.iter().any(|line| line.to_string()
            == "ANOTHER TOWER: of self_attn.q_proj, self_attn.v_proj every module that trains is in \
                audio_tower, none in language_model.model"),
        "{:?}",
        run.warnings
    );
    let both = run_of(
        &["audio_tower.layers.0", "language_model.model.layers.0"],
        &report,
    );
    assert!(
        !both
            .warnings
            .iter()
            .any(|line| line.kind == WarningKind::AnotherTower)
    );
}

fn run_of(patterns: &[&str], report: &SnrReport) -> DryRun {
    run(Consumer::Aws, patterns, &Parameters::of_report(report))
}

#[test]
fn a_tied_head_is_its_embedding() {
    let mut builder = ReportBuilder::new("m");
    for (name, tied_to) in [
        ("lm_head", Some("model.embed_tokens")),
        ("model.embed_tokens", None),
    ] {
        builder.push(name, name).weight = Some(Weight {
            shape: vec![8, 4],
            dtype: DType::F32,
            parameters: 32,
            companions: 0,
            tied_to: tied_to.map(str::to_owned),
            tensor: None,
        });
    }
    let report = builder.finish();
    let both = run_of(
        &["^lm_head.weight$", "^model.embed_tokens.weight$"],
        &report,
    );
    assert_eq!(
        (both.trainable_parameters, both.total_parameters),
        (Some(32), Some(32))
    );
    assert!(both.unmatched.is_empty(), "{both:?}");
    assert_eq!(both.tied[0].name, "lm_head.weight");
    assert!(
        both.warnings
            .iter()
            .any(|line| line.text.contains("that trains, and the head with it"))
    );
    assert_eq!(modules_of(&report, &both), [0, 1]);
    let head = run_of(&["^lm_head.weight$"], &report);
    assert!(head.trainable.is_empty() && modules_of(&report, &head).is_empty());
    assert!(
        head.warnings
            .iter()
            .any(|line| line.text.contains("neither does the head"))
    );
}

#[test]
fn results_without_a_head_do_not_tell_of_it() {
    let mut builder = ReportBuilder::new("m");
    builder.push("model.layers.0.up", "up").snr = Some(1.0);
    let report = builder.finish();
    let run = run_of(
        &["^lm_head.weight$", "model.layers.0.up", "model.layers.1.up"],
        &report,
    );
    assert_eq!(run.unknown[0].text, "^lm_head.weight$");
    assert_eq!(texts(&run), ["model.layers.1.up"]);
    assert_eq!(run.trainable_parameters, None);
}

#[test]
fn real_sets_train_what_they_name() {
    for (set, model) in [
        (
            "models/llama-tied-bf16-sharded/snr_results_tiny-llama-tied-bf16-sharded_unfrozenparameters_25percent.yaml",
            "models/llama-tied-bf16-sharded",
        ),
        (
            "models/gpt2-f16/snr_results_tiny-gpt2-f16_unfrozenparameters_25percent.yaml",
            "models/gpt2-f16",
        ),
    ] {
        let (Some(set), Some(model)) = (shared(set), shared(model)) else {
            continue;
        };
        let model = Model::open(&model).expect("opens");
        let file = read_freeze_file(&set).expect("is a set");
        assert_eq!(file.consumer, Consumer::Aws);
        let parameters = Parameters::of_model(&model);
        let run = dry_run(&file, Consumer::Aws, &parameters);
        let named: Vec<&str> = file.patterns.iter().map(|one| one.text.as_str()).collect();
        for name in &run.modules {
            assert!(
                named.iter().any(|text| text.contains(name.as_str())),
                "{name} is named"
            );
        }
        assert!(
            run.accidental.is_empty() && run.unreadable.is_empty(),
            "{run:?}"
        );
        assert_eq!(run.total_parameters, Some(model.parameters));
    }
}
