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
    seeds.extend(printed());
    seeds.extend(stores());
    seeds
}

/// What trainers and monitors print.
fn printed() -> Vec<Seed> {
    let texts = [
        (
            "dictionaries",
            "\r  5%|#   | 10/200 [00:36<11:24,  3.60s/it]\n{'loss': '2.5', 'learning_rate': 1e-05, 'epoch': 0.05}\n{'eval_loss': nan, 'epoch': 0.1}\n{'train_runtime': 731.25, 'epoch': 1.0}\n",
        ),
        (
            "pairs",
            "[2024-03-05 10:00:00] iteration       10/     400 | elapsed time per iteration (ms): 1354.9 | lm loss: 3.05E+00 |\n validation loss at iteration 20 on test set | lm loss value: inf | lm loss PPL: 1e999 |\nstep 3/5 loss 1,234.5 lr 2e-4 mem 55.8GB\n",
        ),
        (
            "boxes",
            "Sun Jan  5 10:00:00 2025\n|   0  Tesla V100-SXM2...  On   |\n| N/A   40C    P0    80W / 300W |   4000MiB / 16160MiB |\n[4294967295] Tesla T4 | 45'C,  90 % |  4000 / 15360 MB | user(3995M)\n",
        ),
        (
            "table_in_text",
            "[60/60 02:11, Epoch 0/1]\nStep\tTraining Loss\tValidation Loss\n10\t2.5\tNo log\n20\t2.25\t2.5\n***** eval metrics *****\n  eval_loss = 1.5\n",
        ),
        (
            "dmon",
            "#Date       Time        gpu    pwr     fb\n#YYYYMMDD   HH:MM:SS    Idx      W     MB\n 20250105   10:00:00      0     70    100\n 99999999   99:99:99      1      -     50\n",
        ),
        (
            "odd_signs",
            "step=1=2:3: loss:::1e,5 \u{1b}[33mé=1é loss=-inf/nan 1|2|Loss: 3.:  %| 1/2 [1:2<3, loss=1]\u{1b}",
        ),
    ];
    let seed = |(name, text): (&str, &str)| ("run_text", name.to_owned(), text.into());
    texts.map(seed).to_vec()
}

/// Stores that the loggers' libraries wrote, whole and cut.
fn stores() -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run/stores");
    let wandb = fs::read(folder.join("wandb-run/run-full.wandb")).unwrap();
    let events = fs::read_dir(folder.join("tensorboard/full")).unwrap();
    let events = events.map(|entry| entry.unwrap().path());
    let event = events
        .map(|path| fs::read(path).unwrap())
        .min_by_key(Vec::len)
        .unwrap();
    // A length of everything, with the checksum that fits.
    let endless = [&[0xff; 8][..], &0x3a11_7ba6_u32.to_le_bytes(), b"x"].concat();
    let seed = |name: &str, bytes: &[u8]| ("run_store", name.to_owned(), bytes.to_vec());
    vec![
        seed("wandb", &wandb),
        seed("wandb_cut", &wandb[..wandb.len() / 2]),
        seed("wandb_without_records", b":W&B\xe1\xbe\0"),
        seed("events", &event),
        seed("events_cut", &event[..event.len() - 7]),
        seed("events_of_all", &endless),
    ]
}
