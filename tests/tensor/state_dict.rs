//! Which state dict of a trainer's checkpoint is read, and what its names lose.

use layerscope::tensor::Model;
use tempfile::TempDir;

use crate::fixture::{file, names, says};
use crate::torch::{Pickle, with_floats};

fn open(pickle: Pickle) -> (TempDir, Model) {
    let (folder, path) = file("checkpoint.pt", &with_floats(&pickle.end()));
    let model = Model::open(&path).unwrap();
    (folder, model)
}

/// A dictionary with one weight of four elements.
fn dictionary(pickle: Pickle, name: &str) -> Pickle {
    weight(pickle.raw(b"}("), name).raw(b"u")
}

fn weight(pickle: Pickle, name: &str) -> Pickle {
    pickle
        .text(name)
        .tensor("FloatStorage", "0", 0, &[2, 2], &[2, 1])
}

#[test]
fn a_tensor_beside_the_state_dict_does_not_hide_it() {
    for key in [
        "model_state_dict",
        "net",
        "params_ema",
        "teacher",
        "something",
    ] {
        let pickle = weight(Pickle::new().raw(b"}("), "loss").text(key);
        let (_folder, model) = open(dictionary(pickle, "h.0.fc.weight").raw(b"u"));
        assert_eq!(names(&model), ["h.0.fc"], "{key}");
        says(&model.warnings[0], &[key]);
    }
}

#[test]
fn the_model_comes_before_its_average_and_the_optimizer() {
    let mut pickle = Pickle::new().raw(b"}(");
    for (key, name) in [
        ("optimizer_state", "h.0.optimizer.weight"),
        ("ema_state_dict", "h.0.average.weight"),
        ("state_dict", "h.0.fc.weight"),
    ] {
        pickle = dictionary(pickle.text(key), name);
    }
    let (_folder, model) = open(pickle.raw(b"u"));
    assert_eq!(names(&model), ["h.0.fc"]);
    says(
        &model.warnings[0],
        &["\"state_dict\"", "\"ema_state_dict\"", "not read"],
    );
}

#[test]
fn wrappers_leave_the_names() {
    for name in [
        "module.h.0.fc.weight",
        "_orig_mod.h.0.fc.weight",
        "module._orig_mod.h.0.fc.weight",
        "_fsdp_wrapped_module.h.0._checkpoint_wrapped_module.fc.weight",
    ] {
        let (_folder, model) = open(dictionary(Pickle::new(), name));
        assert_eq!(names(&model), ["h.0.fc"], "{name}");
    }
    // Only where every name has it is it a wrapper's.
    let pickle = weight(Pickle::new().raw(b"}("), "module.h.0.fc.weight");
    let (_folder, model) = open(weight(pickle, "head.weight").raw(b"u"));
    assert_eq!(names(&model), ["module.h.0.fc", "head"]);
}

#[test]
fn a_norm_called_gamma_is_a_module() {
    let pickle = weight(Pickle::new().raw(b"}("), "h.0.LayerNorm.gamma");
    let (_folder, model) = open(weight(pickle, "h.0.layer_scale.gamma").raw(b"u"));
    assert_eq!(names(&model), ["h.0.LayerNorm"]);
}
