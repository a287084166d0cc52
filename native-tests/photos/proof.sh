#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The long proof of photos: the same bytes from two compilers, with and without SIMD, and in three browsers; see
# web/bench/photo_proof.mjs. Needs a clang that knows std::expected (19 or newer).
set -euo pipefail
cd "$(dirname "$0")/../.."
for version in 22 21 20 19; do
  if command -v "clang++-$version" > /dev/null; then clang=$(command -v "clang++-$version"); break; fi
done
[ -n "${clang:-}" ] || { echo "proof: needs clang 19 or newer: apt-get install clang-19" >&2; exit 1; }

build() { # name compiler flags
  CXXFLAGS=$3 cmake -G Ninja -S . -B "build/proof-$1" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$2" -DSFLUV_HEADERS="$SFLUV_HEADERS" > /dev/null
  cmake --build "build/proof-$1" --target sfluv-photo-digests > "build/proof-$1/build.log" || { tail -n 40 "build/proof-$1/build.log"; exit 1; }
}
build plain g++ -DSFLUV_PLAIN_SIMD
build clang "$clang" ""
build clang-plain "$clang" -DSFLUV_PLAIN_SIMD
node web/bench/photo_proof.mjs build/native/bin/sfluv-photo-digests build/proof-{plain,clang,clang-plain}/bin/sfluv-photo-digests
