#!/usr/bin/env bash
# What to run before a commit: the fast checks first, the tests last.
set -euo pipefail
cd "$(dirname "$0")"

set -x
cargo fmt --check
cargo clippy --locked --no-default-features --all-targets -- -D warnings
cargo clippy --locked --all-targets -- -D warnings
RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps
cargo test --locked
{ set +x; } 2>/dev/null

if command -v cargo-deny >/dev/null; then
    cargo deny --locked check
else
    echo 'skipped: cargo deny is not installed (needed only when dependencies change)'
fi
