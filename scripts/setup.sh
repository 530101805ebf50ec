#!/usr/bin/env bash
# Installs what is missing to build and run Sotto, with --tests what its tests need, and with
# --figures what measures the page.
# Looks first: on a machine that has everything it takes well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

CARGO_DENY=0.20.2   # what may stand in Cargo.lock
CARGO_LEPTOS=0.3.11 # newest that builds what Cargo.toml describes
SECANTUS=0.7.0b3    # speaks MongoDB's protocol, for the tests of that store
BINARYEN=132.0.0    # wasm-opt; Debian's is too old for LLVM 22's output
LIGHTHOUSE=13.5.0   # for figures, never for a test

main() {
  system_packages
  rust_with_wasm
  wasm_bindgen
  wasm_opt
  cargo_leptos
  case "${1:-}" in --tests | --figures)
    browser
    playwright
    mongo_server
    cargo_deny
    ;;
  esac
  if [ "${1:-}" = --figures ]; then
    lighthouse
  fi
}

# --- Debian packages -----------------------------------------------------------------

# apt PACKAGE...: installs them with root's rights, or says what a person can do.
apt() {
  have apt-get || die "please install with your package manager: $*, then try again."
  [ "$(id -u)" = 0 ] || have sudo || die "please install as root: apt-get install $*, then try again."
  say "installing Debian packages: $*"
  apt_update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >"$(log apt)" 2>&1 ||
    die "apt-get could not install $*; see $(log apt)"
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

apt_update() {
  [ -n "${apt_updated:-}" ] || as_root apt-get update -qq >&2
  apt_updated=1
}

apt_offers() {
  have apt-get || return 1
  apt-cache show "$1" >/dev/null 2>&1 || { apt_update && apt-cache show "$1" >/dev/null 2>&1; }
}

log() { mkdir -p "$SOTTO_TOOLS/log" && echo "$SOTTO_TOOLS/log/$1.log"; }

system_packages() {
  local missing=()
  have cc || missing+=(gcc libc6-dev)
  have make || missing+=(make)
  [ -e /etc/ssl/certs/ca-certificates.crt ] || ! have apt-get || missing+=(ca-certificates)
  have node || missing+=(nodejs)
  have npm || missing+=(npm)
  [ ${#missing[@]} = 0 ] || apt "${missing[@]}"
}

# --- Rust and its wasm32 target ------------------------------------------------------

# What `cargo check` and `make dev` need for the page is the target; the release builds the standard
# library for itself, from its sources.
rust_with_wasm() {
  if suits rustc && ! stale_debian_std; then return; fi
  if new_enough rustc && have rustup &&
    rustup target add "$WASM_TARGET" >"$(log rustup)" 2>&1 && rustup component add rust-src >>"$(log rustup)" 2>&1; then
    say "added the $WASM_TARGET target and the sources of std with rustup"
    return
  fi
  has_debian_rust || if have rustup; then
    die "Rust $RUST_MIN or newer with the target $WASM_TARGET is needed: run 'rustup update stable' and try again."
  else
    die "Rust $RUST_MIN or newer is needed: install it from https://rustup.rs and try again."
  fi
  debian_rust
  . scripts/env.sh
  suits rustc || die "Debian's Rust is older than $RUST_MIN or lacks $WASM_TARGET; see $(log wasm-std)"
}

# Whether Debian offers its own newer toolchain here; Ubuntu and others do not.
has_debian_rust() { apt_offers rustc-web; }

# Debian's toolchain ships the sources of std, but not std built for wasm32: build it once.
debian_rust() {
  local packages=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web)
  dpkg -s "${packages[@]}" >/dev/null 2>&1 || apt "${packages[@]}"
  local lld
  lld=$(basename "$(readlink /usr/bin/rust-lld || echo lld)")
  have "$lld" || apt "$lld"

  say "building Rust's standard library for $WASM_TARGET, about 90 seconds, once"
  local work
  work=$(mktemp -d)
  mkdir -p "$work/src" && : >"$work/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\nopt-level = "s"\n' \
    >"$work/Cargo.toml"
  # embed-bitcode: without it the page could not be linked with LTO.
  (cd "$work" && env -u CARGO_TARGET_DIR RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    RUSTFLAGS="-C embed-bitcode=yes" /usr/bin/cargo build --release \
    -Zbuild-std=std,panic_abort,panic_unwind,test --target "$WASM_TARGET") >"$(log wasm-std)" 2>&1 ||
    die "could not build the standard library; see $(log wasm-std)"
  local deps="$work/target/$WASM_TARGET/release/deps"
  rm -f "$deps"/libempty-*.rlib
  as_root rm -rf "$debian_std"
  as_root mkdir -p "$debian_std"
  as_root cp "$deps"/lib*.rlib "$debian_std/"
  /usr/bin/rustc -vV | as_root tee "$debian_std/$stamp" >/dev/null
  rm -rf "$work"
  # cargo does not notice a new std; what was built against the old one would not link.
  rm -rf "${CARGO_TARGET_DIR:-target}/front" "${CARGO_TARGET_DIR:-target}/$WASM_TARGET"
}

debian_std=/usr/lib/rustlib/$WASM_TARGET/lib
stamp=built-for

# True where the std that we built belongs to another version of Debian's compiler.
stale_debian_std() {
  [ -e "$debian_std/$stamp" ] && [ "$(command -v rustc)" = /usr/bin/rustc ] &&
    [ "$(cat "$debian_std/$stamp")" != "$(/usr/bin/rustc -vV)" ]
}

# --- Build tools ---------------------------------------------------------------------

# prebuilt PROGRAM URL: the program out of the archive that a release publishes, into $SOTTO_TOOLS/bin; TARGET in the
# URL stands for this machine. Fails without internet, and where there is none for this machine.
prebuilt() {
  local program=$1 url=$2 work target found
  have curl || return 1
  work=$(mktemp -d)
  mkdir -p "$SOTTO_TOOLS/bin"
  for target in "$(uname -m)-unknown-linux-musl" "$(uname -m)-unknown-linux-gnu"; do
    if curl --proto '=https' --connect-timeout 5 --max-time 300 -fsSL "${url//TARGET/$target}" -o "$work/archive" &&
      tar -xzf "$work/archive" -C "$work" && found=$(find "$work" -type f -name "$program" -print -quit) &&
      "$found" --version && mv "$found" "$SOTTO_TOOLS/bin/"; then
      rm -rf "$work"
      return
    fi
  done
  rm -rf "$work"
  return 1
}

# cargo_tool CRATE VERSION PROGRAM URL WHY ARGS...: a tool into $SOTTO_TOOLS/bin, out of its release's archive or,
# where that cannot be had, built from crates.io, as fast as it can be: a tool runs for seconds.
cargo_tool() {
  local crate=$1 version=$2 program=$3 url=$4 why=$5
  shift 5
  if prebuilt "$program" "$url" >"$(log "$crate")" 2>&1; then
    say "installed $crate $version from its release"
    return
  fi
  say "building $crate $version: $why"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$SOTTO_TOOLS/build" cargo install "$crate" --version "$version" --root "$SOTTO_TOOLS" "$@" \
    >"$(log "$crate")" 2>&1 || die "could not build $crate; see $(log "$crate")"
  rm -rf "$SOTTO_TOOLS/build"
}

wasm_bindgen() {
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
  [ -n "$version" ] || die "Cargo.lock names no version of wasm-bindgen"
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] ||
    cargo_tool wasm-bindgen-cli "$version" wasm-bindgen \
      "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/$version/wasm-bindgen-$version-TARGET.tar.gz" \
      "it must equal the library's version; about 4 minutes, once"
}

wasm_opt() {
  case "$(wasm-opt --version 2>/dev/null)" in "wasm-opt version ${BINARYEN%%.*}"*) return ;; esac
  say "installing wasm-opt (npm package binaryen $BINARYEN)"
  npm install --silent --no-save --prefix "$SOTTO_TOOLS/npm" "binaryen@$BINARYEN" >"$(log binaryen)" 2>&1 ||
    die "npm could not install binaryen; see $(log binaryen)"
}

cargo_deny() {
  [ "$(cargo deny --version 2>/dev/null)" = "cargo-deny $CARGO_DENY" ] ||
    cargo_tool cargo-deny "$CARGO_DENY" cargo-deny \
      "https://github.com/EmbarkStudios/cargo-deny/releases/download/$CARGO_DENY/cargo-deny-$CARGO_DENY-TARGET.tar.gz" \
      "it checks licences and sources; about 3 minutes, once" --locked
}

cargo_leptos() {
  [ "$(cargo leptos --version 2>/dev/null)" = "cargo-leptos $CARGO_LEPTOS" ] ||
    cargo_tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos \
      "https://github.com/leptos-rs/cargo-leptos/releases/download/v$CARGO_LEPTOS/cargo-leptos-TARGET.tar.gz" \
      "it drives the build of server and page; about 8 minutes on two cores, once" \
      --locked --features no_downloads --config profile.release.package.brotli.opt-level=2
}

# --- What the tests need -------------------------------------------------------------

browser() {
  if [ -z "$CHROMIUM" ]; then apt chromium; fi
  # Taken where the whole one is Debian's, too: both are of one version then.
  if ! have $SHELL_BROWSER && [ "${CHROMIUM:-/usr/bin/chromium}" = /usr/bin/chromium ] && apt_offers $SHELL_BROWSER; then
    apt $SHELL_BROWSER
  fi
}

playwright() {
  if [ end2end/node_modules/.package-lock.json -nt end2end/package-lock.json ]; then return; fi
  say "installing Playwright from npm"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --prefix end2end >"$(log playwright)" 2>&1 ||
    die "npm could not install Playwright; see $(log playwright)"
}

# Where there is no MongoDB: a server that speaks its protocol, in a Python environment of its own.
# Without --no-deps pip would take whatever is newest of what it stands on.
mongo_server() {
  if [ -n "${MONGODB_URI:-}" ] || have mongod; then return; fi
  local place="$SOTTO_TOOLS/mongod" wanted
  wanted="secantusdb==$SECANTUS dnspython==2.9.2 future==1.0.0 numpy==2.4.6 pymongo==4.20.0 python-dateutil==4.0.0 s2sphere==0.2.5 shapely==2.2.0 tzdata==2026.6"
  if [ "$(cat "$place/installed" 2>/dev/null)" = "$wanted" ]; then return; fi
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt python3-venv
  say "installing a MongoDB server for the tests from PyPI (secantusdb $SECANTUS)"
  rm -rf "$place"
  # shellcheck disable=SC2086 # a list
  { python3 -m venv "$place" && "$place/bin/pip" install --quiet --no-deps --only-binary :all: $wanted; } \
    >"$(log secantusdb)" 2>&1 || die "pip could not install secantusdb; see $(log secantusdb)"
  echo "$wanted" >"$place/installed"
}

# --- What figures need ---------------------------------------------------------------

lighthouse() {
  local place="$SOTTO_TOOLS/lighthouse"
  if [ "$("$place/node_modules/.bin/lighthouse" --version 2>/dev/null)" = "$LIGHTHOUSE" ]; then return; fi
  say "installing Lighthouse $LIGHTHOUSE from npm"
  npm install --silent --no-save --prefix "$place" "lighthouse@$LIGHTHOUSE" >"$(log lighthouse)" 2>&1 ||
    die "npm could not install Lighthouse; see $(log lighthouse)"
}

main "$@"
