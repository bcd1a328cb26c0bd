"""CPU seconds of torch.linalg.svdvals on one thread, for the shapes of benches/kernel.rs.

    python3 benches/compare_torch.py               all shapes, 3 rounds
    python3 benches/compare_torch.py 1024x4096     these

Needs torch. Run it beside `cargo bench --no-default-features --bench kernel` on the same machine
and compare the seconds; the medians are of CPU time, so another program's load hardly counts.
"""

import statistics
import sys
import time

import torch

SHAPES = [(576, 1536), (768, 3072), (1024, 1024), (1024, 4096), (2048, 2048), (4096, 4096), (4096, 12288)]
ROUNDS = 3


def noise_and_spikes(rows: int, cols: int) -> torch.Tensor:
    """Uniform noise and eight strong directions, like the Rust bench's."""
    generator = torch.Generator().manual_seed(1)
    draw = lambda *shape: (torch.rand(*shape, generator=generator) - 0.5) * 0.1
    return draw(rows, cols) + draw(rows, 8) @ draw(8, cols)


def cpu_seconds(matrix: torch.Tensor) -> float:
    start = time.process_time()
    torch.linalg.svdvals(matrix)
    return time.process_time() - start


def main() -> None:
    torch.set_num_threads(1)
    named = [tuple(int(side) for side in text.split("x")) for text in sys.argv[1:]]
    print(f"torch {torch.__version__}, 1 thread, float32\n")
    print("| shape | seconds |\n|---|---|")
    for rows, cols in named or SHAPES:
        matrix = noise_and_spikes(rows, cols)
        seconds = statistics.median(cpu_seconds(matrix) for _ in range(ROUNDS))
        print(f"| {rows}×{cols} | {seconds:.3f} |", flush=True)


if __name__ == "__main__":
    main()
