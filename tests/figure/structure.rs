//! The grid of real models' names: types, blocks, groups, towers, experts.
//!
//! `fixtures/names` holds the tensors' names and shapes of published checkpoints, a line each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;

use layerscope::figure::{Column, Grid, Options, Row, RowKind};
use layerscope::report::SnrReport;
use layerscope::tensor::{Group, Model};
use tempfile::tempdir;

/// A tensor's name and shape.
type Tensor = (String, Vec<usize>);

/// The tensors listed in a fixture.
fn listed(name: &str) -> Vec<Tensor> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/names");
    let text = fs::read_to_string(folder.join(format!("{name}.tsv"))).unwrap();
    let tensor = |line: &str| {
        let (name, shape) = line.split_once('\t').unwrap();
        let shape = shape.split(',').filter(|text| !text.is_empty());
        (
            name.to_owned(),
            shape.map(|length| length.parse().unwrap()).collect(),
        )
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(tensor)
        .collect()
}

/// The model of these tensors: a file with their header and a hole for their values.
fn open(tensors: &[Tensor], config: &str) -> Model {
    let folder = tempdir().unwrap();
    let mut header = String::from("{");
    let mut end = 0_u64;
    for (name, shape) in tensors {
        let start = end;
        end += shape.iter().product::<usize>() as u64 * 2;
        let comma = if start == 0 { "" } else { "," };
        write!(
            header,
            r#"{comma}"{name}":{{"dtype":"BF16","shape":{shape:?},"data_offsets":[{start},{end}]}}"#
        )
        .unwrap();
    }
    header.push('}');
    let path = folder.path().join("model.safetensors");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    fs::write(&path, &bytes).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(bytes.len() as u64 + end).unwrap();
    fs::write(folder.path().join("config.json"), config).unwrap();
    let model = Model::open(folder.path()).unwrap();
    assert_eq!(model.warnings, [""; 0]);
    model
}

fn grid(tensors: &[Tensor]) -> (SnrReport, Grid) {
    let report = SnrReport::of_model(&open(tensors, "{}"));
    let grid = Grid::new(&report, &Options::default());
    for module in &report.modules {
        assert_eq!(module.problem, None, "{}", module.name);
    }
    let places: BTreeSet<_> = (0..report.modules.len())
        .filter_map(|module| grid.place(module))
        .collect();
    assert!(!places.is_empty());
    (report, grid)
}

/// The labels of the rows of a group, top to bottom.
fn labels(grid: &Grid, group: Group) -> Vec<&str> {
    let of_group = |row: &&Row| row.group == group;
    grid.rows
        .iter()
        .filter(of_group)
        .map(|row| &*row.label)
        .collect()
}

/// How many blocks there are, from 0 on without a gap.
fn blocks(grid: &Grid) -> usize {
    let blocks: Vec<u32> = grid
        .columns
        .iter()
        .filter_map(|column| match column {
            Column::Block(block) => Some(*block),
            Column::NoBlock => None,
        })
        .collect();
    assert!(
        blocks.iter().copied().eq(0..blocks.len() as u32),
        "{blocks:?}"
    );
    blocks.len()
}

/// Asserts the modules, the blocks, and how many rows each group has in [`Group::ALL`]'s order.
#[track_caller]
fn shaped(name: &str, modules: usize, columns: usize, rows: [usize; 7]) -> Grid {
    let (report, grid) = grid(&listed(name));
    assert_eq!(
        (report.modules.len(), blocks(&grid)),
        (modules, columns),
        "{name}"
    );
    let counted = Group::ALL.map(|group| labels(&grid, group).len());
    assert_eq!(counted, rows, "{name}: {:?}", Group::ALL);
    grid
}

#[test]
fn a_vision_transformer_has_one_tower() {
    let grid = shaped("vit", 99, 12, [4, 0, 2, 0, 3, 2, 0]);
    assert_eq!(
        labels(&grid, Group::Attention),
        ["query", "key", "value", "output"]
    );
    assert_eq!(labels(&grid, Group::Mlp), ["up", "down"]);
    assert_eq!(
        labels(&grid, Group::Norm)[..2],
        ["input norm", "post-attention norm"]
    );
}

#[test]
fn clip_has_a_text_and_an_image_tower() {
    let grid = shaped("clip", 201, 12, [8, 0, 4, 0, 7, 6, 0]);
    let expected = [
        "up (text_model)",
        "down (text_model)",
        "up (vision_model)",
        "down (vision_model)",
    ];
    assert_eq!(labels(&grid, Group::Mlp), expected);
}

#[test]
fn whisper_has_an_encoder_and_a_decoder() {
    let grid = shaped("whisper", 91, 4, [12, 0, 4, 2, 7, 3, 0]);
    let expected = [
        "up (decoder)",
        "down (decoder)",
        "up (encoder)",
        "down (encoder)",
    ];
    assert_eq!(labels(&grid, Group::Mlp), expected);
    assert!(labels(&grid, Group::Attention).contains(&"encoder_attn.q_proj (decoder)"));
}

#[test]
fn t5_keeps_the_sublayers_of_its_blocks() {
    let grid = shaped("t5", 131, 6, [14, 0, 4, 0, 7, 1, 0]);
    let cross = |label: &&&str| label.contains("EncDecAttention");
    assert_eq!(
        labels(&grid, Group::Attention).iter().filter(cross).count(),
        4
    );
    assert!(labels(&grid, Group::Mlp).contains(&"layer.2.DenseReluDense.wo (decoder)"));
}

#[test]
fn mamba_has_state_space_layers_and_a_tied_head() {
    let grid = shaped("mamba", 146, 24, [0, 5, 0, 0, 2, 1, 0]);
    let expected = ["input", "convolution", "selection", "time step", "output"];
    assert_eq!(labels(&grid, Group::StateSpace), expected);
    let model = open(
        &listed("mamba"),
        r#"{"architectures": ["MambaForCausalLM"]}"#,
    );
    let head = model
        .modules
        .iter()
        .find(|module| module.name == "lm_head")
        .unwrap();
    assert_eq!(head.tied_to.as_deref(), Some("backbone.embeddings"));
}

#[test]
fn a_diffusion_networks_halves_are_towers() {
    let grid = shaped("unet", 391, 4, [58, 0, 12, 25, 37, 2, 3]);
    let titles: BTreeSet<&str> = grid
        .rows
        .iter()
        .filter_map(|row| {
            row.label
                .strip_suffix(')')?
                .rsplit_once('(')
                .map(|(_, title)| title)
        })
        .collect();
    let expected = [
        "down_blocks",
        "mid_block.attentions",
        "mid_block.resnets",
        "up_blocks",
    ];
    assert_eq!(titles, expected.into());
    assert!(
        labels(&grid, Group::Mlp)
            .iter()
            .all(|label| label.contains("ff.net"))
    );
}

#[test]
fn diffusion_transformers_have_blocks() {
    let dit = shaped("dit", 283, 28, [4, 0, 2, 0, 1, 4, 2]);
    assert_eq!(
        labels(&dit, Group::Attention),
        ["query", "key", "value", "output"]
    );
    let flux = shaped("flux", 656, 38, [11, 0, 5, 0, 10, 8, 2]);
    for tower in ["transformer_blocks", "single_transformer_blocks"] {
        let query = format!("query ({tower})");
        assert!(
            labels(&flux, Group::Attention).contains(&&*query),
            "{query}"
        );
    }
}

/// A module's weight.
fn weight(module: impl Into<String>, shape: &[usize]) -> Tensor {
    (format!("{}.weight", module.into()), shape.to_vec())
}

#[test]
fn models_of_several_kinds_name_their_towers() {
    for (first, second, titles) in [
        (
            "language_model.model.layers",
            "vision_tower.vision_model.encoder.layers",
            ["language_model", "vision_tower"],
        ),
        (
            "audio_tower.layers",
            "language_model.model.layers",
            ["audio_tower", "language_model"],
        ),
        ("model.layers", "visual.blocks", ["model.layers", "visual"]),
        (
            "model.text_model.layers",
            "model.vision_model.encoder.layers",
            ["text_model", "vision_model"],
        ),
        (
            "prior.encoder.layers",
            "encoder.layers",
            ["encoder.layers", "prior.encoder.layers"],
        ),
    ] {
        let tensors: Vec<Tensor> = [first, second]
            .iter()
            .flat_map(|tower| (0..2).map(move |block| format!("{tower}.{block}.self_attn.q_proj")))
            .map(|module| weight(module, &[2, 2]))
            .collect();
        let (_, grid) = grid(&tensors);
        let mut found = labels(&grid, Group::Attention);
        found.sort_unstable();
        assert_eq!(found, titles.map(|title| format!("query ({title})")));
        assert_eq!(blocks(&grid), 2);
    }
}

/// A mixture of experts: `block` names what lies in a block besides the experts' projections.
fn mixture(
    blocks: usize,
    count: usize,
    experts: &str,
    parts: &[&str],
    block: &[&str],
) -> Vec<Tensor> {
    let mut tensors = vec![
        weight("model.embed_tokens", &[64, 8]),
        weight("lm_head", &[64, 8]),
    ];
    for number in 0..blocks {
        let before = format!("model.layers.{number}");
        tensors.extend(
            block
                .iter()
                .map(|part| weight(format!("{before}.{part}"), &[8, 8])),
        );
        for expert in 0..count {
            let module = |part| weight(format!("{before}.{experts}.{expert}.{part}"), &[4, 8]);
            tensors.extend(parts.iter().map(module));
        }
    }
    tensors
}

#[test]
fn experts_of_mixtral_qwen_and_deepseek_fold_and_unfold() {
    let mixtral = mixture(
        2,
        8,
        "block_sparse_moe.experts",
        &["w1", "w2", "w3"],
        &["block_sparse_moe.gate", "input_layernorm"],
    );
    let qwen = mixture(
        2,
        128,
        "mlp.experts",
        &["gate_proj", "up_proj", "down_proj"],
        &["mlp.gate"],
    );
    let deepseek = mixture(
        2,
        256,
        "mlp.experts",
        &["gate_proj", "up_proj", "down_proj"],
        &[
            "mlp.gate",
            "mlp.shared_experts.gate_proj",
            "mlp.shared_experts.up_proj",
        ],
    );
    for (tensors, count, rows, unfold) in [
        (
            mixtral,
            8,
            vec!["router", "experts · gate", "experts · up", "experts · down"],
            "block_sparse_moe.experts.*.w2",
        ),
        (
            qwen,
            128,
            vec!["router", "experts · gate", "experts · up", "experts · down"],
            "mlp.experts.*.down_proj",
        ),
        (
            deepseek,
            256,
            vec![
                "router",
                "shared expert · gate",
                "shared expert · up",
                "experts · gate",
                "experts · up",
                "experts · down",
            ],
            "mlp.experts.*.down_proj",
        ),
    ] {
        let (report, folded) = grid(&tensors);
        assert_eq!(labels(&folded, Group::Mlp), rows);
        let last = folded
            .rows
            .iter()
            .position(|row| row.name == unfold)
            .unwrap();
        assert_eq!(
            folded.rows[last].kind,
            RowKind::Experts { count, open: false }
        );
        assert_eq!(folded.modules(last, 1).len(), count);
        let options = Options {
            unfolded: [unfold.to_owned()].into(),
        };
        let open = Grid::new(&report, &options);
        assert_eq!(open.rows.len(), folded.rows.len() + count);
        let row = &open.rows[last + count];
        assert_eq!(row.kind, RowKind::Expert(count as u32 - 1));
        assert_eq!(
            open.modules(last + count, 1).len(),
            1,
            "a cell is one block of one expert"
        );
    }
}

#[test]
fn a_model_of_46_000_modules_opens_with_the_right_grid() {
    let parts = ["gate_proj", "up_proj", "down_proj"];
    let tensors = mixture(
        60,
        256,
        "mlp.experts",
        &parts,
        &["self_attn.q_proj", "mlp.gate"],
    );
    let (report, grid) = grid(&tensors);
    assert_eq!(report.modules.len(), 60 * (256 * 3 + 2) + 2);
    assert_eq!((blocks(&grid), grid.rows.len()), (60, 7));
    let cells = (0..grid.rows.len())
        .flat_map(|row| (0..grid.columns.len()).map(move |column| (row, column)));
    let held: usize = cells
        .map(|(row, column)| grid.modules(row, column).len())
        .sum();
    assert_eq!(held, report.modules.len(), "every module is in one cell");
}
