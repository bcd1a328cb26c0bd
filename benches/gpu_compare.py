"""The parts of gpu.sh: makes models, compares spectra, runs torch on the card.

    gpu_compare.py make FOLDER small|block|head...   models with made-up weights
    gpu_compare.py equal A B                         two scans' values, within rounding
    gpu_compare.py same A B                          two scans' values, bit by bit
    gpu_compare.py torch MODEL DTYPE SECONDS         torch.linalg.svdvals of its matrices
    gpu_compare.py bounds                            the card's speed at the program's own steps
    gpu_compare.py run PROGRAM ARGUMENTS...          a command's time, memory and memory on the card
"""

import glob
import json
import os
import resource
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

# The agreement that the program itself asks of a card, and that the files can show: they hold f32.
VALUE = 1e-6
RATIO = 1e-6

BLOCK = {
    "self_attn.q_proj": (4096, 4096),
    "self_attn.k_proj": (1024, 4096),
    "self_attn.v_proj": (1024, 4096),
    "self_attn.o_proj": (4096, 4096),
    "mlp.gate_proj": (12288, 4096),
    "mlp.up_proj": (12288, 4096),
    "mlp.down_proj": (4096, 12288),
}


def models():
    block = {f"model.layers.0.{name}.weight": ("BF16", shape) for name, shape in BLOCK.items()}
    small = {"model.norm.weight": ("F32", (900,))}
    for dtype in ["F64", "F32", "F16", "BF16"]:
        for rows, cols in [(600, 600), (600, 1500), (1500, 600), (1, 700), (700, 1), (3, 5)]:
            small[f"model.layers.0.{dtype.lower()}.m{rows}x{cols}.weight"] = (dtype, (rows, cols))
    small["model.layers.1.mlp.experts.weight"] = ("BF16", (3, 520, 700))
    small["model.layers.1.zero.weight"] = ("F32", (520, 600))
    small["model.layers.1.rank_one.weight"] = ("F32", (560, 800))
    small["model.layers.1.infinite.weight"] = ("F32", (560, 800))
    head = {"lm_head.weight": ("BF16", (151936, 4096))}
    return {"small": small, "block": block, "head": head}


def model_of(name):
    """The tensors of a model by its name; ROWSxCOLS:TYPE is a model of one matrix."""
    if ":" not in name:
        return models()[name]
    shape, dtype = name.split(":")
    rows, cols = shape.split("x")
    return {"model.layers.0.matrix.weight": (dtype, (int(rows), int(cols)))}


def make(folder, names):
    import torch

    types = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    device = "cuda" if torch.cuda.is_available() else "cpu"
    generator = torch.Generator(device).manual_seed(1)
    draw = lambda *shape: torch.randn(*shape, generator=generator, device=device)
    for name in names:
        place = Path(folder, name)
        place.mkdir(parents=True, exist_ok=True)
        (place / "config.json").write_text('{"architectures": ["Qwen3ForCausalLM"]}')
        header, offset = {}, 0
        for tensor, (dtype, shape) in model_of(name).items():
            count = 1
            for side in shape:
                count *= side
            length = count * types[dtype].itemsize
            header[tensor] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + length]}
            offset += length
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(place / "model.safetensors", "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for tensor, (dtype, shape) in model_of(name).items():
                rank = min(8, min(shape[-2:]) if len(shape) > 1 else 1)
                values = 0.02 * draw(*shape)
                if len(shape) > 1:
                    # Strong directions beside the noise, as trained weights have.
                    left, right = draw(*shape[:-1], rank), draw(*shape[:-2], rank, shape[-1])
                    values += 0.01 * left @ right
                if "zero" in tensor:
                    values.zero_()
                if "rank_one" in tensor:
                    values = draw(shape[0], 1) @ draw(1, shape[1])
                if "infinite" in tensor:
                    values[17, 23] = float("inf")
                data = values.to(types[dtype]).contiguous().cpu()
                file.write(data.view(torch.uint8).numpy().tobytes())
        print(f"{name}: {offset / 1e9:.2f} GB", file=sys.stderr)


def tensors(path):
    """Names, types, shapes and bytes of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        for name, entry in header.items():
            start, end = entry["data_offsets"]
            file.seek(8 + length + start)
            yield name, entry["dtype"], entry["shape"], file.read(end - start)


def spectra(folder):
    import numpy

    (path,) = glob.glob(f"{folder}/model_snr_results/*.spectra.safetensors")
    return {name: numpy.frombuffer(raw, "<f4").astype(float) for name, _, _, raw in tensors(path)}


def ratios(folder):
    (path,) = glob.glob(f"{folder}/model_snr_results/snr_results_*.json")
    return {name: entry["snr"] for name, entry in json.loads(Path(path).read_text()).items()}


def equal(a, b):
    import numpy

    left, right, worst = spectra(a), spectra(b), 0.0
    assert left.keys() == right.keys(), left.keys() ^ right.keys()
    for name, values in left.items():
        off = float(numpy.abs(values - right[name]).max() / max(values.max(), 1e-300))
        worst = max(worst, off)
    left, right, ratio, named = ratios(a), ratios(b), 0.0, ""
    assert left.keys() == right.keys(), left.keys() ^ right.keys()
    for name, value in left.items():
        other = right[name]
        if value != value or other != other:
            assert value != value and other != other, (name, value, other)
        elif value != other:
            off = abs(value - other) / max(abs(value), abs(other))
            # Of rank one: its quartiles are rounding errors, on any device.
            if "rank_one" not in name and off > ratio:
                ratio, named = off, name
    print(f"values differ by at most {worst:.2e} of the largest, ratios by {ratio:.2e} {named}")
    return worst <= VALUE and ratio <= RATIO


def same(a, b):
    left, right = spectra(a), spectra(b)
    others = [name for name in left if left[name].tobytes() != right[name].tobytes()]
    print(f"{len(others)} of {len(left)} differ {others[:3]}")
    return not others


def run(command):
    """Runs a command; its time, and the most of the card's memory that was in use meanwhile."""
    most, ended = [0], threading.Event()
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "-lms", "50"]
    try:
        watch = subprocess.Popen(query, stdout=subprocess.PIPE, text=True)
    except OSError:
        watch = None

    def follow():
        for line in watch.stdout:
            if line.strip().isdigit():
                most[0] = max(most[0], int(line))

    if watch:
        threading.Thread(target=follow, daemon=True).start()
        time.sleep(0.3)
    start = time.monotonic()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if watch:
        watch.kill()
    print(
        f"wall {wall:.2f} s, processor {usage.ru_utime + usage.ru_stime:.2f} s, "
        f"memory {usage.ru_maxrss >> 10} MiB, on the card at most {most[0]} MiB"
    )
    return os.waitstatus_to_exitcode(status) == 0


def with_torch(model, dtype, limit):
    import torch

    stop = time.monotonic() + float(limit)
    types = {"BF16": torch.bfloat16, "F32": torch.float32}
    torch.linalg.svdvals(torch.randn(64, 64, device="cuda", dtype=getattr(torch, dtype)))
    total, all_of_them = 0.0, True
    for name, stored, shape, raw in tensors(f"{model}/model.safetensors"):
        if time.monotonic() > stop:
            print("out of time: the rest is left out")
            return False
        values = torch.frombuffer(bytearray(raw), dtype=types[stored]).reshape(shape)
        torch.cuda.reset_peak_memory_stats()
        torch.cuda.synchronize()
        start = time.monotonic()
        found = torch.linalg.svdvals(values.to("cuda").to(getattr(torch, dtype))).cpu()
        seconds = time.monotonic() - start
        total += seconds
        memory = torch.cuda.max_memory_allocated() >> 20
        print(f"{name} {shape}: {seconds:.3f} s, {memory} MiB, largest {found[0]:.6f}")
        del values, found
    print(f"all: {total:.3f} s")
    return all_of_them


def bounds():
    import torch

    def seconds(work, rounds=3):
        work()
        times = []
        for _ in range(rounds):
            torch.cuda.synchronize()
            start = time.monotonic()
            work()
            torch.cuda.synchronize()
            times.append(time.monotonic() - start)
        return sorted(times)[rounds // 2]

    host = torch.empty(6 << 20, dtype=torch.float64).pin_memory()
    card = torch.empty(6 << 20, dtype=torch.float64, device="cuda")
    copy = seconds(lambda: card.copy_(host, non_blocking=True))
    print(f"copy of a panel of 48 MiB: {copy * 1e3:.1f} ms ({host.nbytes / copy / 1e9:.1f} GB/s)")
    for size in [1024, 4096]:
        wide = torch.randn(size, 12288, device="cuda", dtype=torch.float64)
        product = seconds(lambda: wide @ wide.T)
        print(f"product {size}×12288 by its transpose, f64: {product * 1e3:.1f} ms")
        gram = wide @ wide.T
        solve = seconds(lambda: torch.linalg.eigvalsh(gram))
        print(f"eigenvalues of {size}×{size}, f64, torch.linalg.eigvalsh: {solve * 1e3:.1f} ms")
    return True


def main():
    command, *rest = sys.argv[1:]
    if command == "make":
        return make(rest[0], rest[1:]) is None
    return {"equal": equal, "same": same, "torch": with_torch, "bounds": bounds}[command](*rest) if command != "run" else run(rest)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
