#!/usr/bin/env bash
# Compiles the stand-in's prototypes against NVIDIA's own headers: a wrong signature does not.
#
#   python3 -m venv V && V/bin/pip install nvidia-cublas nvidia-cusolver nvidia-cusparse nvidia-cuda-runtime
#   check_headers.sh V/lib/python3.*/site-packages
#
# By hand, since the packages are gigabytes; for CUDA 12 the packages end in -cu12.
set -euo pipefail
here=$(dirname "$0")
includes=()
for folder in "$1"/nvidia/*/include; do
    includes+=("-I$folder")
done
gcc -std=c11 -DNVIDIA_HEADERS -Wall -Wextra -Werror -Wno-int-to-pointer-cast "${includes[@]}" \
    -c "$here/stand_in.c" -o /dev/null
echo 'the prototypes are those of the headers'
