//! Rows and columns of the heatmap.

use layerscope::figure::{Column, Grid, Options, RowKind};
use layerscope::report::{ReportBuilder, SnrReport};

fn report(modules: &[(&str, &str)]) -> SnrReport {
    let mut builder = ReportBuilder::new("test");
    for (name, layer_type) in modules {
        builder.push(name, layer_type);
    }
    builder.finish()
}

fn labels(grid: &Grid) -> Vec<&str> {
    grid.rows.iter().map(|row| row.label.as_str()).collect()
}

fn unfolded(row: &str) -> Options {
    Options {
        unfolded: [row.to_owned()].into(),
    }
}

#[test]
fn an_empty_report_has_an_empty_grid() {
    let grid = Grid::new(&SnrReport::default(), &Options::default());
    assert!(grid.is_empty());
    assert_eq!(grid.modules(0, 0), &[] as &[u32]);
    assert_eq!(grid.place(0), None);
}

#[test]
fn rows_are_grouped_and_in_reading_order_whatever_the_files_order() {
    let report = report(&[
        ("lm_head", "lm_head"),
        ("model.layers.0.input_layernorm", "input_layernorm"),
        ("model.layers.0.mlp.down_proj", "mlp.down_proj"),
        ("model.layers.0.mlp.gate_proj", "mlp.gate_proj"),
        ("model.layers.0.self_attn.k_proj", "self_attn.k_proj"),
        ("model.layers.0.self_attn.q_proj", "self_attn.q_proj"),
        ("model.layers.0.strange", "strange"),
    ]);
    let grid = Grid::new(&report, &Options::default());
    assert_eq!(
        labels(&grid),
        [
            "query",
            "key",
            "gate",
            "down",
            "input norm",
            "output head",
            "strange"
        ]
    );
    assert!(
        grid.rows
            .windows(2)
            .all(|pair| pair[0].group <= pair[1].group)
    );
}

#[test]
fn modules_without_a_block_have_a_column_of_their_own_and_numbers_may_be_sparse() {
    let report = report(&[
        ("model.embed_tokens", "model.embed_tokens"),
        ("model.layers.12.mlp.up_proj", "mlp.up_proj"),
        ("model.layers.3.mlp.up_proj", "mlp.up_proj"),
    ]);
    let grid = Grid::new(&report, &Options::default());
    let expected = [Column::NoBlock, Column::Block(3), Column::Block(12)];
    assert_eq!(grid.columns, expected);
    assert_eq!(grid.modules(0, 2), [1]);
    assert_eq!(grid.modules(0, 0), &[] as &[u32]);
    assert_eq!(grid.modules(1, 0), [0]);
    assert_eq!(grid.place(2), Some((0, 1)));
}

fn experts() -> SnrReport {
    let mut builder = ReportBuilder::new("moe");
    for expert in [10, 2, 0] {
        let name = format!("mlp.experts.{expert}.up_proj");
        for block in 1..3 {
            builder.push(&format!("model.layers.{block}.{name}"), &name);
        }
    }
    builder.push(
        "model.layers.1.mlp.shared_experts.up_proj",
        "mlp.shared_experts.up_proj",
    );
    builder.finish()
}

#[test]
fn experts_share_a_row() {
    let grid = Grid::new(&experts(), &Options::default());
    assert_eq!(labels(&grid), ["shared expert · up", "experts · up"]);
    assert_eq!(
        grid.rows[1].kind,
        RowKind::Experts {
            count: 3,
            open: false
        }
    );
    assert_eq!(grid.modules(1, 0), [0, 2, 4]);
    assert_eq!(grid.rows[1].types, [0, 1, 2]);
}

#[test]
fn an_unfolded_row_is_followed_by_its_experts_in_numeric_order() {
    let grid = Grid::new(&experts(), &unfolded("mlp.experts.*.up_proj"));
    assert_eq!(
        labels(&grid),
        [
            "shared expert · up",
            "experts · up",
            "expert 0",
            "expert 2",
            "expert 10"
        ]
    );
    assert_eq!(grid.modules(1, 1), [1, 3, 5], "the row of all stays");
    assert_eq!(grid.modules(4, 1), [1]);
    assert_eq!(
        grid.place(1),
        Some((4, 1)),
        "an expert's own row is its place"
    );
}

#[test]
fn a_rectangle_names_each_module_once() {
    let grid = Grid::new(&experts(), &unfolded("mlp.experts.*.up_proj"));
    assert_eq!(grid.rectangle((4, 0), (1, 0)), [0, 2, 4]);
    assert_eq!(grid.rectangle((0, 0), (0, 1)), [6]);
    assert_eq!(grid.rectangle((90, 0), (90, 7)), [] as [usize; 0]);
}

#[test]
fn towers_with_the_same_types_are_kept_apart() {
    let report = report(&[
        (
            "encoder.block.0.layer.0.SelfAttention.q",
            "layer.0.SelfAttention.q",
        ),
        (
            "decoder.block.0.layer.0.SelfAttention.q",
            "layer.0.SelfAttention.q",
        ),
    ]);
    let grid = Grid::new(&report, &Options::default());
    assert_eq!(grid.rows.len(), 2);
    assert!(
        grid.rows[0].label.ends_with("(encoder)"),
        "{}",
        grid.rows[0].label
    );
    assert!(
        grid.rows[1].label.ends_with("(decoder)"),
        "{}",
        grid.rows[1].label
    );
    assert_eq!(grid.modules(1, 0), [1]);
}

#[test]
fn rows_that_read_alike_show_their_whole_type() {
    let report = report(&[
        ("model.layers.0.attn.q_proj", "attn.q_proj"),
        ("model.layers.0.cross_attn.q_proj", "cross_attn.q_proj"),
    ]);
    let grid = Grid::new(&report, &Options::default());
    assert_eq!(labels(&grid), ["attn.q_proj", "cross_attn.q_proj"]);
}
