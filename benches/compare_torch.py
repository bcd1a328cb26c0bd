"""CPU seconds of the program beside torch.linalg.svdvals, in turns, on one thread.

    python3 benches/compare_torch.py target/release/layerscope                  matrices and a block
    python3 benches/compare_torch.py target/release/layerscope 4096x4096:F32    one matrix
    python3 benches/compare_torch.py target/release/layerscope block            one block of Qwen3-8B

Needs torch. Both read the same file of made-up weights: program, torch, program, torch, for ROUNDS
rounds. The program's seconds are of its whole process, torch's of reading and computing alone (float32,
without starting Python). The ratios are of medians; CPU time hardly notices another program's load.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import gpu_compare

MATRICES = ["1024x4096:F32", "4096x4096:F32", "4096x12288:BF16"]
ROUNDS = 3

TORCH = """
import sys, time
sys.path.insert(0, sys.argv[1])
import torch, gpu_compare
torch.set_num_threads(1)
torch.linalg.svdvals(torch.randn(64, 64))
start = time.process_time()
types = {"F32": torch.float32, "BF16": torch.bfloat16}
for name, dtype, shape, raw in gpu_compare.tensors(sys.argv[2]):
    values = torch.frombuffer(bytearray(raw), dtype=types[dtype]).reshape(shape)
    torch.linalg.svdvals(values.float())
print(time.process_time() - start)
"""


def program_seconds(program: str, model: Path, out: Path) -> float:
    command = [program, "scan", model, "--out", out, "--fresh", "--threads", "1", "--device", "cpu", "--quiet"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_utime + usage.ru_stime


def torch_seconds(model: Path) -> float:
    command = [sys.executable, "-c", TORCH, Path(__file__).parent, model / "model.safetensors"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return float(subprocess.check_output(command, env=environment))


def main() -> None:
    program, *named = sys.argv[1:]
    print("| what | program, s | torch f32, s | torch / program |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for what in named or [*MATRICES, "block"]:
            gpu_compare.make(folder, [what])
            model = Path(folder, what)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(program_seconds(program, model, Path(folder, "out")))
                theirs.append(torch_seconds(model))
            a, b = statistics.median(ours), statistics.median(theirs)
            print(f"| {what} | {a:.2f} | {b:.2f} | {b / a:.1f} |", flush=True)


if __name__ == "__main__":
    main()
