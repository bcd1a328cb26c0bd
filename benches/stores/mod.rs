//! A million rows in the stores of the loggers, written as their libraries write them: an event
//! file, a `.wandb`, an `mlflow.db`.

use std::fs;
use std::path::{Path, PathBuf};

/// Writes the three stores into `folder`.
pub(crate) fn write(
    folder: &Path,
    rows: usize,
    wall: fn(usize) -> f64,
    loss: fn(usize) -> f64,
) -> Vec<PathBuf> {
    let event = folder.join("events.out.tfevents.1.host");
    let mut bytes = Vec::new();
    for step in 0..rows {
        let value = [field(1, b"train/loss"), fixed32(2, loss(step) as f32)].concat();
        let summary = field(5, &field(1, &value));
        let data = [
            fixed64(1, wall(step)),
            varint_field(2, step as u64),
            summary,
        ]
        .concat();
        let length = (data.len() as u64).to_le_bytes();
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&masked(crc(0x82f6_3b78, &[&length])).to_le_bytes());
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(&masked(crc(0x82f6_3b78, &[&data])).to_le_bytes());
    }
    fs::write(&event, bytes).expect("written");
    let wandb = folder.join("run-a.wandb");
    fs::write(&wandb, wandb_file(rows, wall, loss)).expect("written");
    let database = folder.join("mlflow.db");
    mlflow(&database, rows, wall, loss);
    vec![event, wandb, database]
}

fn wandb_file(rows: usize, wall: fn(usize) -> f64, loss: fn(usize) -> f64) -> Vec<u8> {
    const BLOCK: usize = 32 << 10;
    let mut bytes = b":W&B\xe1\xbe\0".to_vec();
    for step in 0..rows {
        let item = |key: &str, value: String| {
            field(
                1,
                &[field(2, key.as_bytes()), field(16, value.as_bytes())].concat(),
            )
        };
        let history = [
            item("train/loss", loss(step).to_string()),
            item("_timestamp", wall(step).to_string()),
            item("_step", step.to_string()),
        ];
        let record = field(2, &history.concat());
        let mut rest = record.as_slice();
        let mut first = true;
        while first || !rest.is_empty() {
            let left = BLOCK - bytes.len() % BLOCK;
            if left < 7 {
                bytes.extend(std::iter::repeat_n(0, left));
                continue;
            }
            let part;
            (part, rest) = rest.split_at(rest.len().min(left - 7));
            let kind = match (first, rest.is_empty()) {
                (true, true) => 1,
                (true, false) => 2,
                (false, false) => 3,
                (false, true) => 4,
            };
            bytes.extend_from_slice(&crc(0xedb8_8320, &[&[kind], part]).to_le_bytes());
            bytes.extend_from_slice(&(part.len() as u16).to_le_bytes());
            bytes.push(kind);
            bytes.extend_from_slice(part);
            first = false;
        }
    }
    bytes
}

fn mlflow(path: &Path, rows: usize, wall: fn(usize) -> f64, loss: fn(usize) -> f64) {
    let mut connection = rusqlite::Connection::open(path).expect("a database");
    let tables = "CREATE TABLE experiments (experiment_id INTEGER, lifecycle_stage TEXT);\
        CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, \
        lifecycle_stage TEXT, experiment_id INTEGER);\
        CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN, \
        PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));\
        INSERT INTO runs VALUES ('r', 'a', 'RUNNING', 1, NULL, 'active', 1);";
    connection.execute_batch(tables).expect("tables");
    let transaction = connection.transaction().expect("a transaction");
    {
        let mut insert = transaction
            .prepare("INSERT INTO metrics VALUES ('train_loss', ?1, ?2, 'r', ?3, 0)")
            .expect("a query");
        for step in 0..rows {
            let time = (wall(step) * 1000.0) as i64;
            insert
                .execute((loss(step), time, step as i64))
                .expect("a row");
        }
    }
    transaction.commit().expect("committed");
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn varint_field(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
    [
        varint(number << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

fn fixed32(number: u64, value: f32) -> Vec<u8> {
    [varint(number << 3 | 5), value.to_le_bytes().to_vec()].concat()
}

fn fixed64(number: u64, value: f64) -> Vec<u8> {
    [varint(number << 3 | 1), value.to_le_bytes().to_vec()].concat()
}

fn crc(polynomial: u32, parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in parts.iter().copied().flatten() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ polynomial
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}
