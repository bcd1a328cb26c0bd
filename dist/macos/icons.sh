#!/usr/bin/env bash
# Makes the icon set of the bundle from assets/icon.svg.
#
#   dist/macos/icons.sh OUT.icns
#
# Needs rsvg-convert, and iconutil, which is on every Mac. A Mac's icons leave a tenth free around.
set -euo pipefail
out=$1
svg="$(dirname "$0")/../../assets/icon.svg"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set="$work/layerscope.iconset"
mkdir "$set"

draw() {
    local side=$1 file=$2 inner=$(($1 * 8 / 10))
    local edge=$(((side - inner) / 2))
    rsvg-convert --width "$inner" --height "$inner" --page-width "$side" --page-height "$side" \
        --left "$edge" --top "$edge" "$svg" --output "$file"
}
for side in 16 32 128 256 512; do
    draw "$side" "$set/icon_${side}x$side.png"
    draw $((side * 2)) "$set/icon_${side}x$side@2x.png"
done
iconutil --convert icns --output "$out" "$set"
