#!/usr/bin/env bash
# Compares scans on an NVIDIA card with scans on the processor, and with torch on the same card.
#
#   benches/gpu.sh PROGRAM [FOLDER]
#
# Needs the built program and a Python with torch (PYTHON, else the first of a few that has it);
# FOLDER takes 2 GB of made-up models and is removed at the end if it was made here. Every step
# says what it does and how long it took; one that fails does not stop the others. At the end:
# what the machine is, and which libraries were opened.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?the path of the program}")
began=$SECONDS
if [ $# -gt 1 ]; then
    folder=$2
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
python=${PYTHON:-}
for candidate in python3 /opt/torch/.venv/bin/python3 /opt/venv/bin/python3; do
    [ -n "$python" ] && break
    "$candidate" -c 'import torch' 2>/dev/null && python=$(command -v "$candidate")
done
[ -n "$python" ] || { echo 'no Python with torch; set PYTHON'; exit 1; }
# The program finds the libraries of the first `python3` on the path.
PATH="$(dirname "$python"):$PATH"
export PATH PYTHONUNBUFFERED=1
compare=("$python" -u "$here/gpu_compare.py")
cores=$(nproc)
# No step begins after so many seconds.
most=${MOST_SECONDS:-270}
failed=()

# step SECONDS TEXT COMMAND...: runs a command under a limit, and says how it went.
step() {
    local limit=$1 text=$2 start
    shift 2
    printf '\n== [%3d s] %s\n' $((SECONDS - began)) "$text"
    if [ $((SECONDS - began)) -gt "$most" ]; then
        echo '-- left out: the time is up'
        failed+=("$text (left out)")
        return 0
    fi
    start=${EPOCHREALTIME/./}
    timeout "$limit" "$@"
    local code=$?
    echo "-- $([ $code = 0 ] && echo done || echo "FAILED ($code)") in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
    [ $code = 0 ] || failed+=("$text")
    return 0
}

# scan SECONDS TEXT MODEL OUT OPTIONS...: a fresh scan as a step; its wall and processor seconds,
# and the card's memory.
scan() {
    local limit=$1 text=$2 model=$3 out=$4
    shift 4
    step "$limit" "$text" "${compare[@]}" run "$program" scan "$folder/$model" \
        --out "$folder/$out" --fresh "$@"
}

step 10 'The card' nvidia-smi --query-gpu=name,driver_version,memory.total,memory.used --format=csv
step 60 'Making the models' "${compare[@]}" make "$folder" small block
scan 30 'small: processor' small small.cpu --device cpu
scan 30 'small: card, which is started for the first time' small small.cuda --device cuda
step 20 'small: equal?' "${compare[@]}" equal "$folder/small.cpu" "$folder/small.cuda"
scan 60 'block: card' block block.cuda --device cuda
scan 60 'block: processor, all cores' block block.cpu --device cpu
step 20 'block: equal?' "${compare[@]}" equal "$folder/block.cpu" "$folder/block.cuda"
scan 60 'block: card again, the default device' block block.auto
step 20 'block: the same bits?' "${compare[@]}" same "$folder/block.cuda" "$folder/block.auto"
scan 60 'block: card, 1 thread' block block.one --device cuda --threads 1
step 20 'block: the same bits?' "${compare[@]}" same "$folder/block.cuda" "$folder/block.one"
step 30 'torch on the card: what bounds the program' "${compare[@]}" bounds
step 60 'block: torch.linalg.svdvals, float32, on the card' "${compare[@]}" torch "$folder/block" float32 55
scan 60 'block: card' block block.cuda --device cuda
step 40 'block: torch.linalg.svdvals, float64, on the card' "${compare[@]}" torch "$folder/block" float64 35
step 60 'Making the head, 151,936 × 4,096' "${compare[@]}" make "$folder" head
scan 60 'head: card' head head.cuda --device cuda
scan 60 'head: card again' head head.cuda --device cuda
scan 60 'head: processor, all cores' head head.cpu --device cpu
step 20 'head: equal?' "${compare[@]}" equal "$folder/head.cpu" "$folder/head.cuda"
step 60 'head: torch.linalg.svdvals, float32, on the card' "${compare[@]}" torch "$folder/head" float32 55
step 20 'No card to be seen: one line' bash -c "! CUDA_VISIBLE_DEVICES= '$program' scan '$folder/small' --out '$folder/none' --device cuda"
step 20 'No card to be seen: the default says nothing' env CUDA_VISIBLE_DEVICES= "$program" scan "$folder/small" --out "$folder/none"

printf '\n== The machine\n'
uname -a
grep PRETTY_NAME /etc/os-release
grep -m1 'model name' /proc/cpuinfo
echo "$cores cores"
nvidia-smi 2>&1 | head -15
"$python" -c 'import torch; print("torch", torch.__version__, "CUDA", torch.version.cuda, torch.cuda.get_device_name(0))'
"$program" --version
echo "CUDA_HOME=${CUDA_HOME:-} VIRTUAL_ENV=${VIRTUAL_ENV:-} LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}"
echo 'Libraries that a scan opens:'
LD_DEBUG=files timeout 30 "$program" scan "$folder/small" --out "$folder/libraries" --device cuda 2>&1 >/dev/null |
    grep -E 'calling init' | grep -iE 'cuda|cublas|cusolver|cusparse|nvjitlink' | sort -u
ldconfig -p | grep -E 'libcuda\.|libcublas|libcusolver'
ls -d /usr/local/cuda* 2>/dev/null
printf '\n== %d of the steps failed in %d s\n' "${#failed[@]}" $((SECONDS - began))
printf '   %s\n' "${failed[@]}"
exit $((${#failed[@]} > 0))
