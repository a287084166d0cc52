#!/usr/bin/env bash
# Branch coverage of the queue by its tests, as clang's source coverage counts it (both sides of each
# condition; there are no assertions in it that would have to be left out). Prints what is missing and
# fails below 100 %. How long a step takes is not asked of code that counts.
set -euo pipefail
cd "$(dirname "$0")/../.."
for version in 22 21 20 19; do
  if command -v "clang++-$version" >/dev/null && command -v "llvm-cov-$version" >/dev/null; then break; fi
  version=
done
[ -n "$version" ] || { echo "coverage: needs clang 19 or newer: apt-get install clang-19 libclang-rt-19-dev llvm-19" >&2; exit 1; }
SFLUV_CLANGXX=$(command -v "clang++-$version") cmake --preset coverage >/dev/null
cmake --build --preset coverage --target sfluv-outbox-tests
tests=build/coverage/bin/sfluv-outbox-tests
LLVM_PROFILE_FILE=build/coverage/outbox-%p.profraw SFLUV_SEEDS="${SFLUV_SEEDS:-500}" \
  "$tests" --gtest_brief=1 --gtest_filter='-OutboxScale.*' >build/coverage/tests.log 2>&1 || { tail -n 40 build/coverage/tests.log; exit 1; }
"llvm-profdata-$version" merge -o build/coverage/outbox.profdata build/coverage/outbox-*.profraw
rm -f build/coverage/outbox-*.profraw
sources=(core/src/outbox*.cpp core/src/outbox*.h)
"llvm-cov-$version" show "$tests" -instr-profile=build/coverage/outbox.profdata --show-branches=count "${sources[@]}" |
  awk '/^\/.*:$/ { file = $0; sub(/^.*\/core\//, "core/", file) }
       /Branch \(/ && / 0\]|: 0,/ { gsub(/^[ |]+/, ""); print "not taken: " file " " $0 }'
"llvm-cov-$version" report "$tests" -instr-profile=build/coverage/outbox.profdata "${sources[@]}" |
  awk 'NR > 2 && NF >= 13 { printf "%-28s %5d branches %5d missed\n", $1, $(NF - 2), $(NF - 1) }
       $1 == "TOTAL" { missed = $(NF - 1); branches = $(NF - 2) }
       END { printf "branch coverage of the queue: %.2f %% of %d\n", 100 * (branches - missed) / branches, branches; exit missed > 0 }'
