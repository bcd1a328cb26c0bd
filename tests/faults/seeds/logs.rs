//! Seeds of run logs: the genuine layouts of `tests/run/fixtures`, and malformed ones.

use std::fs;
use std::path::Path;

use super::Seed;

/// The seeds of these formats.
pub(super) fn seeds() -> Vec<Seed> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run/fixtures");
    let entries = fs::read_dir(fixtures).unwrap();
    let mut seeds: Vec<Seed> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let json = name.contains(".json");
            let target = if json { "run_json" } else { "run_table" };
            (target, name, fs::read(&path).unwrap())
        })
        .collect();
    let tables: [(&str, &str); 7] = [
        (
            "tensorboard",
            "Wall time,Step,Value\n1654943296.2,0,59.31\n1654943297,1,NaN\n1654943290,0,inf\n",
        ),
        (
            "wandb_chart",
            "\"Step\",\"a - train/loss\",\"a - train/loss__MIN\",\"b - train/loss\",\"b - _step\"\n1,2.5,2,,7\n2,\"1,5\",2,3,8\n",
        ),
        (
            "mlflow",
            "run_id,key,value,step,timestamp\nr,train/loss,0.5,1,1700000000000\nr,system/gpu_0_memory_usage_megabytes,77,1,1700000000001\n",
        ),
        (
            "dates",
            "time;Verlust;Speicher [MiB]\n22.05.2025 09:42:33;2,5;1.024,5\n22.05.2025 09:42:34;;7 GiB\n",
        ),
        (
            "times_beyond_all",
            "Wall time,Step,Value\n1e308,-1e308,1\n-1e308,1e308,2\n9223372036854775807,18446744073709551616,3\n",
        ),
        ("quote_not_closed", "step,loss\n1,2\n2,\"3\n3,4\n"),
        ("a_nul", "step,loss\n1,\u{0}\n"),
    ];
    let objects: [(&str, &str); 6] = [
        (
            "lines",
            "{\"step\": 1, \"loss\": 2.5, \"train\": {\"lr\": 1e-5}}\n{\"step\": 2, \"loss\": NaN, \"_runtime\": 3}\n{\"step\": 2, \"loss\"\n",
        ),
        (
            "runs_and_units",
            "{\"run\":\"a\",\"step\":1,\"gpu.0.memoryAllocatedBytes\":\"3 GiB\",\"time\":\"1 day, 0:01:03\"}\n{\"run\":\"b\",\"step\":\"10/100\",\"timestamp\":\"2025-05-22T09:42:33Z\"}\n",
        ),
        (
            "list_of_rows",
            "[{\"step\":1,\"loss\":2},{\"step\":2,\"loss\":-Infinity},{\"epoch\":1,\"train_runtime\":9}]",
        ),
        (
            "points",
            "[[1654943296.2,1,2.5],[1654943297,\"2\",\"NaN\"],[1],[1,2,{\"a\":[]}]]",
        ),
        (
            "state_cut_short",
            "{\"global_step\": 3, \"log_history\": [{\"step\": 1, \"loss\": 2}, {\"step\": 2",
        ),
        (
            "state_of_totals",
            "{\"log_history\":[{\"step\":1,\"eval_loss\":2},{\"train_runtime\":1,\"total_flos\":1e18}],\"total_flos\":9}",
        ),
    ];
    let texts = tables.map(|seed| ("run_table", seed));
    let texts = texts
        .into_iter()
        .chain(objects.map(|seed| ("run_json", seed)));
    seeds.extend(texts.map(|(target, (name, text))| (target, name.to_owned(), text.into())));
    let wide: Vec<u8> = "\u{feff}step\tloss\n1\t0,5\n2\t😀\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    seeds.push(("run_table", "utf16".to_owned(), wide));
    seeds.push((
        "run_json",
        "nested_deep".to_owned(),
        [b"{\"step\":1,\"a\":".to_vec(), b"{\"a\":".repeat(200)].concat(),
    ));
    seeds
}
