#!/usr/bin/env bash
# Proves a .deb: it installs into a clean Debian 12, starts from its desktop entry, opens files by
# their MIME type, and leaves nothing behind when it is removed.
#
#   dist/linux/test-deb.sh PACKAGE.deb [CACHE]
#
# Run as root, with debootstrap, xvfb and xdotool installed and a Debian mirror in reach (MIRROR
# names another one). CACHE keeps what debootstrap downloads for the next time.
# Everything happens in name spaces of its own for mounts and processes: when the script ends,
# however it ends, the system itself takes both away, and then the folder goes.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    [ $# -ge 1 ] || { echo "usage: $0 PACKAGE.deb [CACHE]" >&2 && exit 2; }
    [ "$(id -u)" -eq 0 ] || { echo 'error: this must be run as root' >&2 && exit 2; }
    for tool in debootstrap Xvfb xdotool unshare; do
        command -v "$tool" >/dev/null || { echo "error: $tool is not installed" >&2 && exit 2; }
    done
    package=$(realpath -- "$1")
    cache=${2:+$(mkdir -p -- "$2" && realpath -- "$2")}
    work=$(mktemp -d /var/tmp/layerscope-deb.XXXXXX)
    # Whatever happens: the processes first, at once; their mounts go with the last of them.
    inside=
    # shellcheck disable=SC2317 # the trap calls it
    clean_up() {
        [ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null || true
        wait
        rm -rf --one-file-system "$work"
    }
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    unshare --mount --pid --fork --kill-child --mount-proc -- \
        bash "$(realpath -- "$0")" --inside "$package" "$work" "$cache" &
    inside=$!
    wait "$inside"
    inside=
    exit
fi

package=$2 work=$3 cache=$4
here=$(dirname "$(realpath -- "$0")")
root=$work/root
user=researcher
home=/home/$user

step() { printf '\n== %s\n' "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}
within() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
    DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"; }
# As the user who sits before the display.
as_user() { within env HOME="$home" DISPLAY="$DISPLAY" XDG_RUNTIME_DIR="$home/.runtime" \
    XDG_CURRENT_DESKTOP=GNOME setpriv --reuid "$user" --regid "$user" --clear-groups -- "$@"; }
apt_install() { within apt-get install -y -qq --no-install-recommends "$@" >>"$work/apt.log" 2>&1 ||
    { tail -n 20 "$work/apt.log" >&2 && fail "apt-get install $*"; }; }
# shellcheck disable=SC2016 # it is dpkg-query that is to read it
packages() { within dpkg-query -W -f '${Package}\n' | LC_ALL=C sort; }
# Every path with its kind, but what dpkg and apt keep about their own work.
listing() { (cd "$root" && find . -xdev -printf '%y %p\n' | grep -vE \
    '^. \./(proc|sys|dev|tmp|var/log|var/lib/dpkg|var/lib/apt|var/cache)(/|$)' | LC_ALL=C sort); }

# Until a command succeeds; a minute at most.
wait_for() {
    local what=$1
    shift
    for _ in $(seq 120); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.5
    done
    [ ! -s "$work/started.log" ] || cat "$work/started.log" >&2
    fail "$what did not happen within a minute"
}
window() { xdotool search --onlyvisible --class '^layerscope$'; }
no_window() { ! window; }
running_with() { pgrep -fx "layerscope $1"; }
# As a person does, so that the program keeps what was open.
close_window() {
    xdotool windowfocus --sync "$(window | head -n 1)" key ctrl+q
    wait_for 'closing the window' no_window
}

step 'A clean Debian 12'
[ -f "$package" ] || fail "there is no $package"
debootstrap --variant=minbase ${cache:+--cache-dir="$cache"} bookworm "$root" \
    "${MIRROR:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log" >&2 && fail 'debootstrap'; }
# A Debian in a container image refuses to start services; so does this one.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
within useradd --create-home "$user"
within apt-get update -qq
sed -n 's/^PRETTY_NAME=//p' "$root/etc/os-release"

step 'What the test itself needs in there'
apt_install libglib2.0-bin shared-mime-info desktop-file-utils appstream xdg-utils
packages >"$work/packages.before"
grep -qE '^(libx11-6|libvulkan1|libegl1)$' "$work/packages.before" &&
    fail 'the tools brought what only the package may bring'
listing >"$work/files.before"

step 'Install, with nothing but what it depends on'
cp "$package" "$root/tmp/layerscope.deb"
within dpkg-deb --field /tmp/layerscope.deb Package Version Depends Recommends
apt_install /tmp/layerscope.deb
packages >"$work/packages.after"
echo "$(LC_ALL=C comm -13 "$work/packages.before" "$work/packages.after" | wc -l) packages came"
within dpkg --verify layerscope
within dpkg -L layerscope | while read -r path; do
    [ -d "$root$path" ] || echo "$path"
done

step 'The desktop entry and the metadata are valid'
within desktop-file-validate /usr/share/applications/layerscope.desktop
within appstreamcli validate --no-net /usr/share/metainfo/io.github.layerscope.Layerscope.metainfo.xml
for size in 16 32 48 64 128 256 512; do
    [ -s "$root/usr/share/icons/hicolor/${size}x$size/apps/layerscope.png" ] ||
        fail "there is no icon of $size pixels"
done

step 'On the command line'
within layerscope --version
within layerscope types sample | head -n 4
within ldd /usr/bin/layerscope | { ! grep 'not found'; } || fail 'a library is missing'

step 'A display'
Xvfb -displayfd 3 -screen 0 1280x800x24 3>"$work/display" >/dev/null 2>&1 &
wait_for 'a display' test -s "$work/display"
DISPLAY=:$(cat "$work/display")
export DISPLAY
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
within install -d -m 700 -o "$user" -g "$user" "$home/.runtime"
echo "$DISPLAY"

step 'Starts from its desktop entry'
as_user gio launch /usr/share/applications/layerscope.desktop >"$work/started.log" 2>&1 &
wait_for 'the window' window
xdotool getwindowname "$(window | head -n 1)"
pgrep -a layerscope
close_window

step 'Opens files by their MIME type'
# A file, how it is opened, and the type it is to be taken for.
opens() {
    local file=$1 name=$2 type=$3 opener=$4 found handler
    install -m 644 "$file" "$root$home/$name"
    within chown "$user:" "$home/$name"
    found=$(as_user gio info -a standard::content-type "$home/$name" |
        sed -n 's/.*content-type: //p')
    [ "$found" = "$type" ] || fail "$name is taken for $found, not $type"
    handler=$(as_user xdg-mime query default "$type")
    [ "$handler" = layerscope.desktop ] || fail "$type is opened by '$handler'"
    read -ra opener <<<"$opener"
    as_user "${opener[@]}" "$home/$name" >"$work/started.log" 2>&1 &
    wait_for "a process with $name" running_with "$home/$name"
    wait_for 'the window' window
    sleep 2
    close_window
    # It was read, and is what the program would open next time.
    grep -rqF "$home/$name" "$root$home/.local/share/layerscope/" || fail "$name was not opened"
    echo "$name: $found, opened with ${opener[*]}"
}
fixtures=$here/../../tests
# What the session is about lies beside it.
install -m 644 "$fixtures/fixtures/snr_results_tiny-mixed.json" \
    "$root$home/snr_results_made-up.json"
opens "$fixtures/app/session.golden.json" notes.layerscope.json \
    application/vnd.layerscope.session+json 'gio open'
# The smallest model: one matrix of zeros, 128 × 96 in half precision.
header='{"model.layers.0.mlp.up_proj.weight":{"dtype":"F16","shape":[128,96],"data_offsets":[0,24576]}}'
{
    # shellcheck disable=SC2059 # the length is its first byte
    printf "\\x$(printf %x ${#header})\\0\\0\\0\\0\\0\\0\\0" && printf %s "$header"
    head -c 24576 /dev/zero
} >"$work/small.safetensors"
opens "$work/small.safetensors" small.safetensors application/vnd.safetensors xdg-open
# GNOME looks at a name's ending alone, and takes results for JSON; others look at the whole name.
handler=$(as_user xdg-mime query default application/vnd.layerscope.snr-results+json)
[ "$handler" = layerscope.desktop ] || fail "results are opened by '$handler'"

step 'Leaves nothing behind'
within apt-get purge -y -qq --autoremove layerscope >>"$work/apt.log" 2>&1 ||
    { tail -n 20 "$work/apt.log" >&2 && fail 'apt-get purge'; }
# What the user made, the settings too, is the user's and stays; it is no file of the package.
rm -rf "${root:?}$home"/{.local,.cache,.config,.runtime,*.json,*.safetensors} "$root/root/.local" "$root/root/.cache"
listing >"$work/files.after"
diff "$work/files.before" "$work/files.after" || fail 'the files above were left or lost'
packages | diff "$work/packages.before" - ||
    fail 'the packages above were left or lost'
echo "$(wc -l <"$work/files.after") paths, the same as before"

step 'Passed'
