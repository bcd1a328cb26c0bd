//! `types`.

use serde_json::Value;

use crate::{layerscope, results, run};

#[test]
fn the_table_lines_up() {
    let (code, stdout, stderr) = run(layerscope().arg("types").arg(results()));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "type                modules   SNR min    median       max",
            "mlp.down_proj             8  1.000e-5     2.500         ∞",
            "self_attn.q_proj          4     1.000     1.000     1.000",
            "lm_head                   1     3.307     3.307     3.307",
            "model.embed_tokens        1  1.000e16  1.000e16  1.000e16",
            "model.größe.😀             1    0.3000    0.3000    0.3000",
            "norm                      3        −∞    -1.000         0",
            "",
            "18 modules of 6 types",
        ]
    );
}

#[test]
fn the_document_is_strict_json() {
    let (code, stdout, _) = run(layerscope().args(["types", "--json"]).arg(results()));
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(document["slug"], "tiny-mixed");
    assert_eq!(document["modules"], 18);
    assert_eq!(document["parameters"], Value::Null);
    let first = &document["types"][0];
    assert_eq!(first["type"], "mlp.down_proj");
    assert_eq!(first["group"], "MLP");
    assert_eq!(first["modules"], 8);
    assert_eq!(first["with_snr"], 7);
    assert_eq!(first["snr"]["max"], "Infinity");
    assert_eq!(first["snr"]["median"], 2.5);
}
