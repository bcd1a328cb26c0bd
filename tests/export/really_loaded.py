#!/usr/bin/env python3
"""really_loaded.py PROGRAM FOLDER [NAME ...]

For models of FOLDER (NAME.json with the checkpoint's names and shapes, NAME.config.json): random
weights, scan, a set for axolotl; then the model is really loaded by transformers, the set applied as
axolotl applies it, and requires_grad counted. That must be what `check` says of the same set.
Needs torch and transformers; ends with code 77 where they are absent."""
import glob, json, os, re, subprocess, sys, tempfile
try:
    import torch, transformers
    from safetensors.torch import save_file
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)
NAMES = """llama qwen2_tied gemma2 phi gpt2_hubbase bloom_hubbase opt gpt_neox falcon qwen3_moe olmoe minimax
qwen2_moe dots1 mamba2 bamba jamba bert_mlm roberta_hubbase distilbert t5 mbart_cg whisper_cg vit deit swin
resnet convnext detr llava qwen2_vl wav2vec2""".split()
program, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:] or NAMES
types = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
bad = 0
transformers.utils.logging.disable_progress_bar()
for name in names:
    with tempfile.TemporaryDirectory() as work:
        about = json.load(open(os.path.join(folder, name + ".json")))
        torch.manual_seed(5)
        weights = {}
        for key, (dtype, shape) in about["checkpoint"].items():
            kind = types[dtype]
            weights[key] = torch.zeros(shape, dtype=kind) if kind == torch.int64 else (torch.randn(shape) * 0.05).to(kind)
        save_file(weights, os.path.join(work, "model.safetensors"), metadata={"format": "pt"})
        config = open(os.path.join(folder, name + ".config.json")).read()
        open(os.path.join(work, "config.json"), "w").write(config)
        run = lambda *words: subprocess.run([program, *words], capture_output=True, text=True)
        run("scan", work, "--out", work + "/o", "--name", name, "-q")
        # The program writes the name with hyphens.
        results = glob.glob(work + "/o/model_snr_results/*.json")[0]
        exported = run("select", results, "--top-percent", "25", "--format", "axolotl", "--no-head", "--no-embeddings")
        if exported.returncode:
            print(f"{name}: REFUSED: {exported.stderr.strip()[-200:]}")
            bad += 1
            continue
        path = os.path.join(work, "set.yaml")
        open(path, "w").write(exported.stdout)
        said = json.loads(run("check", path, work, "--consumer", "axolotl", "--json").stdout)
        patterns = [line[2:].strip("'\"") for line in exported.stdout.splitlines() if line.startswith("- ")]
        model = getattr(transformers, about["class"]).from_pretrained(work)
        for key, parameter in model.named_parameters():
            escaped = (re.sub(r"\.(?!\+)", r"\\.", pattern) for pattern in patterns)
            parameter.requires_grad = any(re.match(pattern, key) for pattern in escaped)
        trained = {key: p.numel() for key, p in model.named_parameters() if p.requires_grad}
        total = sum(p.numel() for p in model.parameters())
        same = set(trained) == set(said["trainable"]) and sum(trained.values()) == said["trainable_parameters"]
        whole = total == said["total_parameters"]
        bad += not (same and trained)
        print(f"{name}: {len(trained)} parameters train, {sum(trained.values())} of {total} elements; check says {len(said['trainable'])}, {said['trainable_parameters']} of {said['total_parameters']}{'' if same else ' DIFFERS'}{'' if whole else ' (total differs)'}")
print(f"{len(names) - bad} of {len(names)} equal")
sys.exit(bad > 0)
