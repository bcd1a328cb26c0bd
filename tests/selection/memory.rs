//! Memory by the stated formulas, against sums done by hand.

use layerscope::report::ReportBuilder;
use layerscope::selection::{Costs, Memory, Optimizer, Sizes, qlora_memory};

use crate::weight;

fn memory(weights: u64, gradients: u64, optimizer: u64) -> Memory {
    Memory {
        weights,
        gradients,
        optimizer,
    }
}

#[test]
fn each_optimizer_takes_what_its_formula_says() {
    for (optimizer, expected) in [
        (Optimizer::AdamwF32, memory(40_000, 16_384, 32_768)),
        (Optimizer::AdamwBf16, memory(20_000, 8_192, 49_152)),
        // 4096 values in two blocks a moment: 2 · (4096 + 2 · 4).
        (Optimizer::Adamw8bit, memory(20_000, 8_192, 8_208)),
        (Optimizer::Sgd, memory(20_000, 8_192, 0)),
    ] {
        assert_eq!(optimizer.memory(10_000, 4096), expected, "{optimizer:?}");
    }
    // ZeRO's sixteen bytes a parameter, where all of them train.
    let full = |optimizer: Optimizer| optimizer.memory(7_000_000_000, 7_000_000_000).total();
    assert_eq!(full(Optimizer::AdamwBf16), 112_000_000_000);
    assert_eq!(full(Optimizer::AdamwF32), 112_000_000_000);
}

#[test]
fn the_most_that_fits_fits_and_one_more_does_not() {
    for optimizer in Optimizer::ALL {
        for bytes in [20_000, 20_001, 25_000, 60_007] {
            let Some(most) = optimizer.most_trainable(10_000, bytes) else {
                assert!(optimizer.memory(10_000, 0).total() > bytes);
                continue;
            };
            assert!(optimizer.memory(10_000, most).total() <= bytes);
            let more = optimizer.memory(10_000, most + 1).total();
            assert!(
                more > bytes || most == 10_000,
                "{optimizer:?} {bytes} {most}"
            );
        }
        assert_eq!(optimizer.most_trainable(10_000, 19_999), None);
        assert_eq!(optimizer.most_trainable(10_000, u64::MAX), Some(10_000));
    }
}

#[test]
fn four_bits_with_double_quantization_are_4_127_bits_a_parameter() {
    // 64 · 256 weights: half a byte each, 256 constants of a byte, one of four bytes.
    assert_eq!(
        qlora_memory(16_384, 16_384, 0),
        memory(8_192 + 256 + 4, 0, 0)
    );
    let linear = 6_979_321_856;
    let bits = qlora_memory(linear, linear, 0).weights as f64 * 8.0 / linear as f64;
    assert!((bits - 4.127).abs() < 5e-4, "{bits}");
    // What is not linear is in bf16, and adapters take 2 + 2 + 8 bytes a parameter.
    assert_eq!(
        qlora_memory(17_384, 16_384, 100),
        memory(8_452 + 2_000 + 200, 200, 800)
    );
}

#[test]
fn linear_weights_are_matrices_but_embeddings_and_head() {
    let mut builder = ReportBuilder::new("model");
    let mut add = |name: &str, layer_type: &str, shape: &[usize], tied: Option<&str>| {
        let mut kept = weight(shape.iter().product::<usize>() as u64, tied);
        kept.shape = shape.to_vec();
        builder.push(name, layer_type).weight = Some(kept);
    };
    add("model.embed_tokens", "model.embed_tokens", &[100, 8], None);
    add("lm_head", "lm_head", &[100, 8], Some("model.embed_tokens"));
    add("model.layers.0.mlp.up_proj", "mlp.up_proj", &[24, 8], None);
    add("model.layers.0.norm", "norm", &[8], None);
    add(
        "model.layers.0.mlp.experts.up",
        "mlp.experts.up",
        &[4, 8, 8],
        None,
    );
    let mut report = builder.finish();
    assert_eq!(Sizes::of(&report), None);
    report.total_parameters = Some(800 + 192 + 8 + 256);
    let sizes = Sizes::of(&report).expect("shapes are known");
    assert_eq!(
        (sizes.parameters, sizes.linear, sizes.adapters),
        (1256, 192, 16 * 32)
    );
    let costs = Costs::new(sizes, 200, Optimizer::AdamwBf16);
    assert_eq!(costs.set, memory(2512, 400, 2400));
    assert_eq!(costs.full, memory(2512, 2512, 15_072));
    assert_eq!(costs.set.total(), 5312);
    // 192 weights in 4 bits with 3 constants, and the constant of these.
    assert_eq!(costs.qlora, memory(96 + 3 + 4 + 2128 + 1024, 1024, 4096));
}
