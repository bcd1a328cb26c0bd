#!/usr/bin/env bash
# Builds Layerscope.app, and of it a .dmg and a .zip, in target/package. To be run on a Mac.
#
#   dist/macos/bundle.sh [TARGET]
#
# TARGET is aarch64-apple-darwin or x86_64-apple-darwin; without it, that of this machine.
# Needs: cargo, Xcode's command line tools, and rsvg-convert (brew install librsvg).
# IDENTITY names a certificate to sign with; without it the signature is ad hoc, which an Apple
# processor asks of every program.
set -euo pipefail
cd "$(dirname "$0")/../.."

triple=${1:-$(rustc -vV | sed -n 's/^host: //p')}
target="${CARGO_TARGET_DIR:-target}"
out="$target/package"
app="$out/Layerscope.app"

export MACOSX_DEPLOYMENT_TARGET=12.0
cargo build --locked --profile dist --target "$triple"
program="$target/$triple/dist/layerscope"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp "$program" "$app/Contents/MacOS/layerscope"
sed "s/VERSION/$version/" dist/macos/Info.plist | sed "s/in the place of $version/in the place of VERSION/" \
    >"$app/Contents/Info.plist"
cp LICENSE-MIT LICENSE-APACHE README.md "$app/Contents/Resources/"
dist/macos/icons.sh "$app/Contents/Resources/layerscope.icns"
plutil -lint "$app/Contents/Info.plist"

codesign --force --options runtime --timestamp=none --sign "${IDENTITY:--}" "$app"
codesign --verify --strict "$app"

name="layerscope-$version-${triple%%-*}-macos"
rm -f "$out/$name.zip" "$out/$name.dmg"
ditto -c -k --keepParent "$app" "$out/$name.zip"

# The image shows the program beside the folder that it is to be dragged into.
image="$out/dmg"
rm -rf "$image"
mkdir -p "$image"
cp -R "$app" "$image/"
ln -s /Applications "$image/Applications"
hdiutil create -quiet -volname "Layerscope $version" -srcfolder "$image" -format UDZO "$out/$name.dmg"
rm -rf "$image"
echo "$out/$name.dmg"
