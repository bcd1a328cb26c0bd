//! Folders as trainings and pipelines leave them.

use std::fs;
use std::path::Path;

use layerscope::source::ModelFiles;
use tempfile::tempdir;

/// Makes empty files, with their folders.
fn make(folder: &Path, files: &[&str]) {
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
}

/// The weight files that are found, relative to the folder.
fn found(files: &[&str]) -> Result<Vec<String>, String> {
    let folder = tempdir().unwrap();
    make(folder.path(), files);
    let found = ModelFiles::find(folder.path()).map_err(|error| error.to_string())?;
    let relative = |path: &Path| {
        path.strip_prefix(folder.path())
            .unwrap()
            .display()
            .to_string()
    };
    Ok(found
        .weights
        .iter()
        .map(|weight| relative(&weight.path))
        .collect())
}

#[track_caller]
fn refused(files: &[&str], parts: &[&str]) {
    let error = found(files).unwrap_err();
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
}

#[test]
fn one_checkpoint_of_a_training_is_opened() {
    let only = [
        "trainer_state.json",
        "checkpoint-10/model.safetensors",
        "runs/events",
    ];
    assert_eq!(
        found(&only),
        Ok(vec!["checkpoint-10/model.safetensors".into()])
    );
    let two = [
        "checkpoint-9/model.safetensors",
        "checkpoint-10/model.safetensors",
    ];
    refused(&two, &["2 checkpoints", "newest is", "checkpoint-10"]);
}

#[test]
fn deepspeeds_model_states_are_read_and_its_optimizer_left_alone() {
    let states = [
        "latest",
        "checkpoint-10/global_step10/mp_rank_00_model_states.pt",
        "checkpoint-10/global_step10/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt",
    ];
    let only = "checkpoint-10/global_step10/mp_rank_00_model_states.pt";
    assert_eq!(found(&states), Ok(vec![only.into()]));
    let zero_3 = [
        "zero_to_fp32.py",
        "global_step10/zero_pp_rank_0_mp_rank_00_model_states.pt",
        "global_step10/zero_pp_rank_0_mp_rank_00_optim_states.pt",
    ];
    refused(&zero_3, &["ZeRO-3", "zero_to_fp32.py"]);
    let split = ["mp_rank_00_model_states.pt", "mp_rank_01_model_states.pt"];
    refused(&split, &["2 parts for model parallelism"]);
}

#[test]
fn what_is_in_parts_is_refused_by_what_it_is() {
    let pipeline = [
        "model_index.json",
        "unet/a.safetensors",
        "vae/b.bin",
        "scheduler/c.json",
    ];
    refused(&pipeline, &["pipeline of diffusers", "unet", "vae"]);
    let distributed = [
        "pytorch_model_fsdp_0/.metadata",
        "pytorch_model_fsdp_0/__0_0.distcp",
    ];
    refused(&distributed, &["distributed checkpoint", "dcp_to_torch"]);
    let parts = ["consolidated.00.pth", "consolidated.01.pth", "params.json"];
    refused(
        &parts,
        &[
            "2 parts for model parallelism",
            "convert_llama_weights_to_hf",
        ],
    );
}

#[test]
fn lightnings_checkpoint_is_a_weight_file() {
    assert_eq!(found(&["epoch=3.ckpt"]), Ok(vec!["epoch=3.ckpt".into()]));
    refused(&["a.ckpt", "b.ckpt"], &["2 .ckpt files", "a.ckpt"]);
    assert_eq!(
        found(&["a.ckpt", "model.safetensors"]),
        Ok(vec!["model.safetensors".into()])
    );
}

#[test]
fn an_adapter_is_called_one() {
    let folder = tempdir().unwrap();
    make(folder.path(), &["adapter_model.safetensors"]);
    let config = r#"{"peft_type": "LORA", "r": 4, "use_dora": true, "target_modules": ["v_proj", "q_proj"],
                     "base_model_name_or_path": "org/base", "modules_to_save": ["lm_head"]}"#;
    fs::write(folder.path().join("adapter_config.json"), config).unwrap();
    let found = ModelFiles::find(folder.path()).unwrap();
    for part in [
        "DoRA adapter",
        "r 4",
        "q_proj and v_proj",
        "org/base",
        "whole of lm_head",
    ] {
        assert!(
            found.warnings[0].contains(part),
            "{part}: {}",
            found.warnings[0]
        );
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_at_once() {
    use layerscope::source::{LocalFile, open_regular, whole_file};
    use std::process::Command;

    let folder = tempdir().unwrap();
    let pipe = folder.path().join("model.safetensors");
    if !Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        eprintln!("skipped: no mkfifo");
        return;
    }
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let error = open_regular(path).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(whole_file(path, 10).is_err());
        assert!(LocalFile::open(path).is_err());
    }
}
