#!/usr/bin/env bash
# Builds target/package: a .deb and a relocatable .tar.gz of the program for this machine.
# Needs: cargo, and for the .deb `cargo install cargo-deb`.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-target}"
out="$target/package"
mkdir -p "$out/share"

cargo build --locked --profile dist
program="$target/dist/layerscope"

# Made by the program itself, so that they cannot differ from it.
"$program" man >"$out/share/layerscope.1"
for shell in bash zsh fish; do
    "$program" completions "$shell" >"$out/share/layerscope.$shell"
done

version=$("$program" --version | cut -d' ' -f2)
name="layerscope-$version-$(uname -m)-linux"
tree="$out/$name"
rm -rf "$tree"
install -Dm755 "$program" "$tree/bin/layerscope"
install -Dm644 assets/icon.svg "$tree/share/icons/hicolor/scalable/apps/layerscope.svg"
install -Dm644 dist/linux/layerscope.desktop -t "$tree/share/applications"
install -Dm644 dist/linux/*.metainfo.xml -t "$tree/share/metainfo"
install -Dm644 dist/linux/layerscope.xml -t "$tree/share/mime/packages"
install -Dm644 "$out/share/layerscope.1" "$tree/share/man/man1/layerscope.1"
install -Dm644 "$out/share/layerscope.bash" "$tree/share/bash-completion/completions/layerscope"
install -Dm644 "$out/share/layerscope.zsh" "$tree/share/zsh/site-functions/_layerscope"
install -Dm644 "$out/share/layerscope.fish" "$tree/share/fish/vendor_completions.d/layerscope.fish"
install -Dm644 README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE -t "$tree/share/doc/layerscope"
tar -C "$out" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"
echo "$out/$name.tar.gz"

if cargo deb --version >/dev/null 2>&1; then
    cargo deb --locked --no-build --profile dist --output "$out/"
else
    echo 'no cargo-deb: no .deb (cargo install cargo-deb)' >&2
fi
