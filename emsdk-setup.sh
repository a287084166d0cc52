#!/bin/bash
# Brings the toolchain: Emscripten 6.x, Node >= 22 and the two pinned headers, into a cache outside the source tree.
#
#   ./emsdk-setup.sh                          bring everything that is missing (idempotent)
#   ./emsdk-setup.sh --check                  say what is there and what is missing; change nothing; exit 0 or 1
#   eval "$(./emsdk-setup.sh --print-env)"    put it on this shell's PATH
#   ./emsdk-setup.sh --host build|demo|test|bench   Debian packages: as root installs them, else says which command does
#
# The cache is $SFLUV_CACHE, else sfluv-field in $XDG_CACHE_HOME or ~/.cache. It can be deleted at any time.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=wasm/toolchain/common.sh
. "$here/wasm/toolchain/common.sh"
# shellcheck source=wasm/toolchain/debian_suite.sh
. "$here/wasm/toolchain/debian_suite.sh"
# shellcheck source=wasm/toolchain/private_prefix.sh
. "$here/wasm/toolchain/private_prefix.sh"
# shellcheck source=wasm/toolchain/node.sh
. "$here/wasm/toolchain/node.sh"
# shellcheck source=wasm/toolchain/emscripten.sh
. "$here/wasm/toolchain/emscripten.sh"
# shellcheck source=wasm/toolchain/headers.sh
. "$here/wasm/toolchain/headers.sh"
# shellcheck source=wasm/toolchain/host_packages.sh
. "$here/wasm/toolchain/host_packages.sh"
CACHE=$(cache_root)

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

everything_is_ready() { node_is_ready && emscripten_is_ready && headers_are_ready; }

bring_everything() {
  everything_is_ready && return 0
  # Emscripten's own start scripts do not survive a space.
  [[ $CACHE != *[[:space:]]* ]] || die "the cache's path holds a space: $CACHE" "set SFLUV_CACHE to one without"
  take_lock
  bring_node
  bring_emscripten
  bring_headers
  rm -rf "$CACHE/apt" "$CACHE/work" # package lists of other suites: stale tomorrow, and not small
  say "ready in $CACHE ($(size_of "$CACHE"))"
}

check() {
  local absent=0
  if node_is_ready; then echo "node: $node_version in $node_bin"
  else echo "node: missing (>= $NODE_MAJOR_MIN, with npm)"; absent=1; fi
  if emscripten_is_ready; then echo "emscripten: $emscripten_version, $emscripten_origin, in $emscripten_root"
  else echo "emscripten: missing ($EMSCRIPTEN_MAJOR.x)"; absent=1; fi
  if headers_are_ready; then echo "headers: $(headers_home)/include"
  else echo "headers: missing (stb_image 2.30, nlohmann-json 3.11.3)"; absent=1; fi
  if [ "$absent" -ne 0 ]; then echo "run: $0"; fi
  return "$absent"
}

print_env() {
  everything_is_ready || die "something is missing" "run: $0"
  # Where node is ours it stands next to tsc, in tools_bin.
  # shellcheck disable=SC2016  # $PATH is for the caller's shell
  printf 'export PATH=%q:%q:"$PATH"\n' "$emscripten_root" "$tools_bin"
  if [ -n "$em_config" ]; then printf 'export EM_CONFIG=%q\n' "$em_config"; fi
  printf 'export SFLUV_NODE=%q\n' "$node_bin/node"
  printf 'export SFLUV_HEADERS=%q\n' "$(headers_home)/include"
  printf 'export SFLUV_EMSCRIPTEN_TOOLCHAIN=%q\n' "$emscripten_root/$EMSCRIPTEN_TOOLCHAIN_FILE"
}

case "${1-} $#" in
  " 0") bring_everything ;;
  "--check 1") check ;;
  "--print-env 1") print_env ;;
  "--host 2")
    case $2 in
      build | demo | test | bench) bring_host_packages "$2" ;;
      *) die "--host takes build, demo, test or bench, not '$2'" ;;
    esac
    ;;
  "--help 1" | "-h 1") usage ;;
  *) usage >&2; exit 2 ;;
esac
