#!/usr/bin/env bash
# Builds target/package: a relocatable .tar.gz and a .deb of the program for this machine.
#
#   dist/linux/build.sh [--no-build]
#
# Needs: cargo and rsvg-convert (Debian: librsvg2-bin); for the .deb `cargo install cargo-deb`.
# --no-build packs target/dist/layerscope as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-target}"
out="$target/package"
tree="$out/tree"

[ "${1:-}" = --no-build ] || cargo build --locked --profile dist
program="$target/dist/layerscope"

# What all packages hold, as it lies below /usr or any other folder.
rm -rf "$tree"
share="$tree/share"
install -Dm755 "$program" "$tree/bin/layerscope"
install -Dm644 dist/linux/layerscope.desktop -t "$share/applications"
install -Dm644 dist/linux/*.metainfo.xml -t "$share/metainfo"
install -Dm644 dist/linux/layerscope.xml -t "$share/mime/packages"
install -Dm644 README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE -t "$share/doc/layerscope"
install -Dm644 docs/install.md -t "$share/doc/layerscope"

icons="$share/icons/hicolor"
install -Dm644 assets/icon.svg "$icons/scalable/apps/layerscope.svg"
if command -v rsvg-convert >/dev/null; then
    for size in 16 22 24 32 48 64 128 256 512; do
        mkdir -p "$icons/${size}x$size/apps"
        rsvg-convert --width $size --height $size assets/icon.svg \
            --output "$icons/${size}x$size/apps/layerscope.png"
    done
else
    echo 'no rsvg-convert: the SVG is the only icon (apt install librsvg2-bin)' >&2
fi

# Made by the program itself, so that they cannot differ from it.
made() { mkdir -p "$(dirname "$1")" && "$program" "${@:2}" >"$1"; }
made "$share/man/man1/layerscope.1" man
made "$share/bash-completion/completions/layerscope" completions bash
made "$share/fish/vendor_completions.d/layerscope.fish" completions fish
# Where Debian's zsh looks; elsewhere it is site-functions.
made "$share/zsh/vendor-completions/_layerscope" completions zsh

version=$("$program" --version | cut -d' ' -f2)
name="layerscope-$version-$(uname -m)-linux"
install -m 644 dist/linux/README.txt "$tree/README.txt"
tar -C "$out" --owner=0 --group=0 --sort=name --transform "s,^tree,$name," \
    -czf "$out/$name.tar.gz" tree
echo "$out/$name.tar.gz"

if cargo deb --version >/dev/null 2>&1; then
    cargo deb --locked --no-build --no-strip --profile dist --output "$out/"
else
    echo 'no cargo-deb: no .deb (cargo install cargo-deb --locked)' >&2
fi
