# shellcheck shell=bash
# The one pair of third-party headers that every build uses, native and wasm: stb_image.h 2.30 and nlohmann-json
# 3.11.3. Fetched from Debian, held to a checksum, never committed. Debian 12's own stb (2.27) writes past its
# Huffman tables, so the system's package is not used anywhere.

# package, path below usr/include, checksum (see header_sha256)
readonly PINNED_HEADERS=(
  "libstb-dev stb/stb_image.h 594c2fe35d49488b4382dbfaec8f98366defca819d916ac95becf3e75f4200b3"
  "nlohmann-json3-dev nlohmann 930bf42916dabf75046f73e97b8da21e313cbafac6a9ee415541515ffb2a19ef"
)
readonly HEADER_SUITES=(trixie forky sid) # the frozen one first

# The folder's name is the pin, so that a new pin never meets old files.
headers_home() {
  local pin
  pin=$(printf '%s\n' "${PINNED_HEADERS[@]}" | sha256sum)
  printf '%s/headers/%s\n' "$CACHE" "${pin:0:12}"
}

headers_are_ready() { [ -d "$(headers_home)/include" ]; }

# Of a file: its checksum. Of a folder: the checksum of the list of its files with theirs, in a fixed order.
header_sha256() {
  if [ -f "$1" ]; then sha256sum < "$1"
  else (cd "$(dirname "$1")" && find "$(basename "$1")" -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
  fi | cut -d' ' -f1
}

bring_headers() {
  headers_are_ready && return 0
  local work row
  work=$(new_work_dir headers)
  mkdir "$work/include"
  for row in "${PINNED_HEADERS[@]}"; do
    # shellcheck disable=SC2086  # three words
    bring_header "$work" $row
  done
  rm -rf "$work/unpacked"
  publish_dir "$work" "$(headers_home)"
  say "headers: $(headers_home)/include"
}

bring_header() { # work-dir package path pinned
  local work=$1 package=$2 path=$3 pinned=$4 suite got refused=()
  for suite in "${HEADER_SUITES[@]}"; do
    rm -rf "$work/unpacked"
    mkdir "$work/unpacked"
    if ! open_suite "$suite" || ! (cd "$work/unpacked" && quietly "$CACHE/log/headers.log" suite_apt "$suite" download "$package"); then
      refused+=("- Debian $suite: could not be fetched")
      continue
    fi
    dpkg-deb -x "$work"/unpacked/*.deb "$work/unpacked"
    got=$(header_sha256 "$work/unpacked/usr/include/$path")
    if [ "$got" = "$pinned" ]; then
      cp -r "$work/unpacked/usr/include/$path" "$work/include/"
      return 0
    fi
    refused+=("- Debian $suite: expected sha256 $pinned, got $got")
  done
  die "$path of package $package is not to be had as pinned:" "${refused[@]}" \
    "The pin is in wasm/toolchain/headers.sh. Change it only after reading what changed in the header."
}
