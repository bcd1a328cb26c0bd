//! What metrics are told to be by their names.

use layerscope::run::names::{axis, describe};
use layerscope::run::{CellUnit, ColumnRole, Metric};

#[test]
fn metrics() {
    use Metric::{CpuMemory, EvalLoss, GpuMemory, Other, TrainLoss};
    for (name, metric) in [
        ("loss", TrainLoss),
        ("train/loss", TrainLoss),
        ("train_loss", TrainLoss),
        ("Training Loss", TrainLoss),
        ("train_loss_step", TrainLoss),
        ("trainLoss", TrainLoss),
        ("lm loss", TrainLoss),
        ("eval_loss", EvalLoss),
        ("eval/loss", EvalLoss),
        ("validation loss", EvalLoss),
        ("val_loss", EvalLoss),
        ("valLoss", EvalLoss),
        ("loss/val", EvalLoss),
        ("eval_squad_loss", EvalLoss),
        ("lm loss validation", EvalLoss),
        ("loss_scale", Other),
        ("aux_loss", Other),
        ("train/kl_loss", Other),
        ("glossary", Other),
        ("eval_runtime", Other),
        ("gpu memory", GpuMemory(None)),
        ("gpu_mem_gb", GpuMemory(None)),
        ("GPU 3 memory (MiB)", GpuMemory(Some(3))),
        ("gpu0_memory_used", GpuMemory(Some(0))),
        ("cuda:1/max_memory_allocated", GpuMemory(Some(1))),
        ("vram_gb", GpuMemory(None)),
        ("memory/max_allocated (GiB)", GpuMemory(None)),
        ("memory(GiB)", GpuMemory(None)),
        ("system.gpu.7.memoryAllocatedBytes", GpuMemory(Some(7))),
        ("system.gpu.0.memoryAllocated", Other),
        ("system.gpu.process.0.memoryAllocatedBytes", Other),
        ("system/gpu_0_memory_usage_megabytes", GpuMemory(Some(0))),
        ("system/gpu_0_memory_usage_percentage", Other),
        ("gpu memory total", Other),
        ("gpu_temperature", Other),
        ("rss", CpuMemory),
        ("process_rss_bytes", CpuMemory),
        ("system.proc.memory.rssMB", CpuMemory),
        ("system.proc.memory.availableMB", Other),
        ("system/system_memory_usage_megabytes", CpuMemory),
        ("cpu_memory_gb", CpuMemory),
        ("ram used", CpuMemory),
        ("learning_rate", Other),
        ("", Other),
    ] {
        assert_eq!(describe(name).metric, metric, "{name}");
    }
}

#[test]
fn units() {
    for (name, key, unit) in [
        ("memory.used [MiB]", "memory.used", Some(CellUnit::Mib)),
        (
            "utilization.gpu [%]",
            "utilization.gpu",
            Some(CellUnit::Percent),
        ),
        ("Real (MB)", "Real", Some(CellUnit::Mb)),
        (
            "process_rss_bytes",
            "process_rss_bytes",
            Some(CellUnit::Bytes),
        ),
        (
            "system.proc.memory.rssMB",
            "system.proc.memory.rssMB",
            Some(CellUnit::Mib),
        ),
        (
            "gpu_0_memory_usage_megabytes",
            "gpu_0_memory_usage_megabytes",
            Some(CellUnit::Mb),
        ),
        ("gpu_mem_GiB", "gpu_mem_GiB", Some(CellUnit::Gib)),
        ("train_samples_per_second", "train_samples_per_second", None),
        ("train_speed(iter/s)", "train_speed(iter/s)", None),
        ("loss_min", "loss_min", None),
        ("loss", "loss", None),
    ] {
        let described = describe(name);
        assert_eq!(
            (described.key.as_str(), described.unit),
            (key, unit),
            "{name}"
        );
    }
}

#[test]
fn axes() {
    for name in [
        "Step",
        "_step",
        "global_step",
        "train/global_step",
        "iteration",
    ] {
        assert_eq!(axis(name), Some(ColumnRole::Step), "{name}");
    }
    for name in [
        "Relative Time (Process)",
        "_runtime",
        "elapsed_time",
        "elapsed (s)",
        "t",
    ] {
        let seconds = ColumnRole::Relative {
            unit: CellUnit::Seconds,
        };
        assert_eq!(axis(name), Some(seconds), "{name}");
    }
    assert_eq!(
        axis("elapsed time (min)"),
        Some(ColumnRole::Relative {
            unit: CellUnit::Minutes
        })
    );
    for name in ["Wall time", "_timestamp", "time"] {
        assert!(
            matches!(axis(name), Some(ColumnRole::Wall { .. })),
            "{name}"
        );
    }
    assert_eq!(axis("epoch"), Some(ColumnRole::Epoch));
    assert_eq!(axis("loss"), None);
}
