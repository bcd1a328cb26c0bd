#!/usr/bin/env bash
# Builds an AppImage from the tree that dist/linux/build.sh has made: run that first.
#
# Leaves target/package/Layerscope.AppDir, which runs by itself (AppRun), and with appimagetool on the
# path, or named in APPIMAGETOOL, target/package/Layerscope-VERSION-ARCH.AppImage.
set -euo pipefail
cd "$(dirname "$0")/../.."

out="${CARGO_TARGET_DIR:-target}/package"
dir="$out/Layerscope.AppDir"
[ -x "$out/tree/bin/layerscope" ] || {
    echo "error: there is no $out/tree; run dist/linux/build.sh first" >&2
    exit 1
}

rm -rf "$dir"
mkdir -p "$dir"
cp -r "$out/tree" "$dir/usr"
rm "$dir/usr/README.txt"
# At the top an AppImage has its entry, its icon and what starts it.
cp dist/linux/layerscope.desktop "$dir/"
cp assets/icon.svg "$dir/layerscope.svg"
ln -s layerscope.svg "$dir/.DirIcon"
# By these names appimagetool finds the metadata.
mv "$dir"/usr/share/metainfo/io.github.layerscope.Layerscope.{metainfo,appdata}.xml
cat >"$dir/AppRun" <<'RUN'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/bin/layerscope" "$@"
RUN
chmod 755 "$dir/AppRun"
echo "$dir"

tool=${APPIMAGETOOL:-appimagetool}
if command -v "$tool" >/dev/null; then
    version=$("$dir/AppRun" --version | cut -d' ' -f2)
    ARCH=$(uname -m) "$tool" --no-appstream "$dir" "$out/Layerscope-$version-$(uname -m).AppImage"
else
    echo 'no appimagetool: no AppImage (https://github.com/AppImage/appimagetool)' >&2
fi
