#!/usr/bin/env bash
# run.sh [SECONDS [TARGET...]]: fuzzes each target (all) for the seconds (600) under ASan and UBSan; stops at the first finding. Needs a
# clang that knows std::expected (19 or newer). What it learns stays in build/fuzz/corpus.
set -euo pipefail
seconds=${1:-600}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(base64 completion proposal workflow outbox photo photo_metadata jpeg_lane)
cd "$(dirname "$0")/../.."
for version in 22 21 20 19; do
  if command -v "clang++-$version" >/dev/null; then clang=clang++-$version; break; fi
done
[ -n "${clang:-}" ] || { echo "fuzz: needs clang 19 or newer: apt-get install clang-19 libclang-rt-19-dev" >&2; exit 1; }
SFLUV_CLANGXX=$(command -v "$clang") cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"
executions=0
for target in "${targets[@]}"; do
  corpus=build/fuzz/corpus/$target
  mkdir -p "$corpus"
  seeds=()
  case $target in
    completion) seeds=(native-tests/golden/check_completion) ;;
    proposal) seeds=(native-tests/golden/check_proposal) ;;
    workflow) seeds=(native-tests/golden/read_answer) ;;
  esac
  log=build/fuzz/$target.log
  echo "fuzz: $target for $seconds s"
  build/fuzz/bin/fuzz_"$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/ "$corpus" "${seeds[@]}" >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "fuzz: $target $runs executions, no finding"
  executions=$((executions + runs))
done
echo "fuzz: $executions executions, no finding"
