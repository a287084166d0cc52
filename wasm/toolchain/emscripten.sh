# shellcheck shell=bash
# One Emscripten 6.x: the one already here, else the official emsdk, else Debian's packages of a newer suite.

readonly EMSCRIPTEN_MAJOR=6
readonly EMSDK_VERSION=6.0.5 # of the official emsdk, when that can be reached
readonly EMSDK_REPOSITORY=${EMSDK_REPOSITORY:-https://github.com/emscripten-core/emsdk.git}
readonly EMSCRIPTEN_SUITE=forky
readonly EMSCRIPTEN_TOOLCHAIN_FILE=cmake/Modules/Platform/Emscripten.cmake
readonly PREFIX_RECIPE=1 # raise it when the way a prefix is made changes, so that old ones are made anew

# What clang and emcc ask for but wasm does not need: host compilers' files, and python and node, which the machine
# or node.sh has. Matched against lines of name and version.
readonly EMSCRIPTEN_LEFT_OUT='^(python3|python3-minimal|libpython3-stdlib|nodejs|ccache|debconf|binutils|libc6-dev|libgcc-[0-9]+-dev|libobjc-[0-9]+-dev|libstdc[+][+]-[0-9]+-dev|libclang1-[0-9]+) '

emscripten_root= # the folder of emcc
em_config=       # EM_CONFIG, or nothing where emcc finds its own

emscripten_is_ready() {
  [ -r "$CACHE/emscripten.state" ] || return 1
  # shellcheck disable=SC1091
  . "$CACHE/emscripten.state"
  [ "$emscripten_recipe" = "$PREFIX_RECIPE" ] && [ -x "$emscripten_root/emcc" ] &&
    [ -f "$emscripten_root/$EMSCRIPTEN_TOOLCHAIN_FILE" ] && { [ -z "$em_config" ] || [ -r "$em_config" ]; }
}

# "6.0.5", or nothing where the program does not run.
emcc_version() { "$1" -dumpversion 2> /dev/null | grep -Eo '^[0-9]+[0-9.]*' || true; }

# Takes emcc at a path if it is new enough; says why not otherwise.
take_emcc() { # emcc origin
  emscripten_version=$(emcc_version "$1")
  if [ "$(major_of "${emscripten_version:-0}")" -lt "$EMSCRIPTEN_MAJOR" ]; then
    tried+=("$2: version ${emscripten_version:-unknown} ($1), but >= $EMSCRIPTEN_MAJOR is needed")
    return 1
  fi
  emscripten_root=$(dirname "$(readlink -f "$1")")
  emscripten_origin=$2
}

try_present() {
  local emcc
  em_config=${EM_CONFIG:-}
  # One inside our cache is an earlier run's, made by a recipe that has changed since.
  if emcc=$(command -v emcc) && [[ $emcc != "$CACHE"/* ]]; then take_emcc "$emcc" "already on PATH" && return 0
  else tried+=("on PATH: there is no emcc"); fi
  if [ -n "${EMSDK:-}" ]; then
    em_config=$EMSDK/.emscripten
    take_emcc "$EMSDK/upstream/emscripten/emcc" "already in \$EMSDK" && return 0
  fi
  return 1
}

try_emsdk() {
  local work home="$CACHE/emsdk-$EMSDK_VERSION"
  if ! GIT_TERMINAL_PROMPT=0 timeout 15 git ls-remote -q --exit-code "$EMSDK_REPOSITORY" "refs/tags/$EMSDK_VERSION" > /dev/null 2>&1; then
    tried+=("official emsdk $EMSDK_VERSION: $EMSDK_REPOSITORY cannot be reached")
    return 1
  fi
  work=$(new_work_dir emsdk)
  say "fetching the official emsdk $EMSDK_VERSION (about 300 MB)"
  if ! { quietly "$CACHE/log/emsdk.log" timeout 120 git clone -q --depth 1 --branch "$EMSDK_VERSION" "$EMSDK_REPOSITORY" "$work/emsdk" &&
    quietly "$CACHE/log/emsdk.log" timeout 1200 "$work/emsdk/emsdk" install "$EMSDK_VERSION" &&
    quietly "$CACHE/log/emsdk.log" "$work/emsdk/emsdk" activate "$EMSDK_VERSION"; }; then
    tried+=("official emsdk $EMSDK_VERSION: its download failed (see $CACHE/log/emsdk.log)")
    return 1
  fi
  publish_dir "$work/emsdk" "$home"
  em_config=$home/.emscripten
  EM_CONFIG=$em_config take_emcc "$home/upstream/emscripten/emcc" "official emsdk"
}

try_debian() {
  local work prefix
  if ! open_suite "$EMSCRIPTEN_SUITE"; then
    tried+=("Debian $EMSCRIPTEN_SUITE: no package list (see above)")
    return 1
  fi
  prefix=$CACHE/emscripten-debian
  work=$(new_work_dir emscripten)
  if ! make_debian_prefix "$work" "$prefix"; then
    tried+=("Debian $EMSCRIPTEN_SUITE: its packages could not be made to run (see above)")
    return 1
  fi
  publish_dir "$work" "$prefix"
  if ! check_prefix "$prefix"; then
    tried+=("Debian $EMSCRIPTEN_SUITE: its packages do not stand on their own (see above)")
    return 1
  fi
  em_config=$prefix/emscripten.config
  EM_CONFIG=$em_config take_emcc "$prefix/usr/share/emscripten/emcc" "Debian $EMSCRIPTEN_SUITE, in a private prefix"
}

make_debian_prefix() { # work-dir final-dir
  stand_in_for "$EMSCRIPTEN_SUITE" "$EMSCRIPTEN_LEFT_OUT" emscripten patchelf
  unpack_closure "$EMSCRIPTEN_SUITE" "$1" emscripten patchelf || return 1
  say "unpacked $(size_of "$1"); binding the programs to their own C library"
  rm -rf "$1"/usr/share/{man,locale,lintian,bash-completion,zsh} "$1"/usr/lib/*/gconv
  bind_to_own_libc "$1" "$2" || return 1
  # Copied, not linked: node resolves a link to its target, outside of any folder called node_modules.
  cp -r "$1/usr/share/nodejs" "$1/usr/share/emscripten/node_modules" || return 1
  # The packaged settings know LLVM's version suffix; the ones below it win.
  cat "$1/usr/share/emscripten/.emscripten" - > "$1/emscripten.config" <<CONFIG

EMSCRIPTEN_ROOT = '$2/usr/share/emscripten'
LLVM_ROOT = '$2/usr/bin'
BINARYEN_ROOT = '$2/usr'
NODE_JS = '$node_bin/node'
CACHE = '$2/cache'
CONFIG
}

bring_emscripten() {
  emscripten_is_ready && return 0
  local tried=() python
  emscripten_recipe=$PREFIX_RECIPE
  python=$(command -v python3) || die "python3 is missing (emcc is written in it)" "run: $0 --host build"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || die "emcc needs python3 >= 3.10, but $python is older"
  if ! { try_present || try_emsdk || try_debian; }; then
    die "no Emscripten $EMSCRIPTEN_MAJOR.x could be had. Tried, in this order:" "${tried[@]/#/- }" \
      "Ways out: put an emcc >= $EMSCRIPTEN_MAJOR on PATH; or give access to the emsdk repository (EMSDK_REPOSITORY=<mirror>" \
      "and its download site); or configure a Debian mirror in apt that carries $EMSCRIPTEN_SUITE."
  fi
  say "Emscripten $emscripten_version ($emscripten_origin)"
  warm_up
  write_state emscripten emscripten_recipe emscripten_version emscripten_origin emscripten_root em_config
}

# The first link of a kind builds its variants of libc, libc++ and embind. Links like the project's release ones are
# made here once, so that this minute is spent where a message explains it and never in two builds at once. Other
# kinds (debug, sanitizers) are built by emcc when they are first linked.
warm_up() {
  local work flags log="$CACHE/log/warm-up.log"
  work=$(new_work_dir warm-up)
  say "building Emscripten's system libraries (about a minute)"
  cat > "$work/warm.cpp" <<'CPP'
#include <emscripten/bind.h>
#include <algorithm>
#include <map>
#include <string>
#include <vector>
static std::string join(std::string a, std::string b) {
  std::map<std::string, std::vector<int>> m{{a, {1}}};
  m[b].push_back(static_cast<int>(a.size()));
  return std::to_string(m.size()) + a + b;
}
EMSCRIPTEN_BINDINGS(warm) { emscripten::function("join", &join); }
CPP
  for flags in "-fno-rtti -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0" "-frtti"; do
    # shellcheck disable=SC2086  # a list of flags
    ( export PATH="$tools_bin:$PATH"; [ -z "$em_config" ] || export EM_CONFIG="$em_config"
      quietly "$log" "$emscripten_root/em++" "$work/warm.cpp" -o "$work/warm.mjs" -O2 -std=c++23 -fno-exceptions -lembind $flags \
        --no-entry -sALLOW_MEMORY_GROWTH -sDYNAMIC_EXECUTION=0 -sMODULARIZE -sEXPORT_ES6 -sFILESYSTEM=0 -sSTACK_OVERFLOW_CHECK=1 \
        --emit-tsd "$work/warm.d.ts" ) ||
      die "Emscripten $emscripten_version ($emscripten_origin) cannot link a small module (see $log)"
  done
  rm -rf "$work"
}
