# Sourced by every script here: where the project's tools live and which Rust is used.
#
#   SOTTO_TOOLS   folder of the build tools that setup installs (default: ~/.cache/sotto)
#
# Decides by looking, never by asking: a Rust that already has the wasm32 target is
# taken as it is; otherwise Debian's own in /usr/bin, once setup has given it one.

SOTTO_TOOLS="${SOTTO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sotto}"
export SOTTO_TOOLS
export PATH="$PWD/scripts/tools:$SOTTO_TOOLS/bin:$SOTTO_TOOLS/npm/node_modules/.bin:$PATH:$HOME/.cargo/bin"

WASM_TARGET=wasm32-unknown-unknown
RUST_MIN=1.96.0 # rust-version in Cargo.toml

say() { printf '\033[1msotto:\033[0m %s\n' "$*" >&2; }
die() { printf 'sotto: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# suits RUSTC: is this compiler new enough, and has it the standard library for wasm32 and its sources?
new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | awk '{ print $2 }') || return 1
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$RUST_MIN" "${version%%-*}" | sort -V | head -n 1)" = "$RUST_MIN" ]
}
has_wasm() {
  local dir
  dir=$("$1" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$dir/libstd-*.rlib" >/dev/null
}
has_std_sources() { [ -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ]; }
suits() { new_enough "$1" && has_wasm "$1" && has_std_sources "$1"; }

# Debian's toolchain is used where the one on PATH cannot build the page.
if ! suits rustc && [ -x /usr/bin/cargo ] && suits /usr/bin/rustc; then
  export PATH="$PWD/scripts/tools:$SOTTO_TOOLS/bin:$SOTTO_TOOLS/npm/node_modules/.bin:/usr/bin:$PATH"
fi

# Where the build lies: the release, unless another profile's is named.
binary() { echo "${CARGO_TARGET_DIR:-$PWD/target}/${1:-release}/sotto"; }

# tested COMMAND ARGS...: a command of cargo over what the Rust tests are made of; always the same packages and
# features, or each would build the libraries anew.
tested() { cargo "$1" --package sotto --package sotto-model --package sotto-store --features sotto/ssr "${@:2}"; }

# The browsers of the tests: the whole one, and the one without a window, which is a third faster.
SHELL_BROWSER=chromium-headless-shell
export CHROMIUM="${CHROMIUM:-$(command -v chromium)}"
export CHROMIUM_SHELL="${CHROMIUM_SHELL:-$(command -v $SHELL_BROWSER || echo "$CHROMIUM")}"
