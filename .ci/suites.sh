# Sourced by what runs several suites and adds up what they counted: `suite NAME COMMAND...` for each, then
# `totals`. Each suite's output goes to build/test-logs/NAME.log and is shown when it fails.
logs=build/test-logs
mkdir -p "$logs"
passed_all=0
failed_all=0

# The counts a log ends with: GoogleTest's, Node's test runner's, Vitest's, or our own plain line.
counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^\[  PASSED  \] [0-9]+ test/ { passed = $4 }
    /^\[  FAILED  \] [0-9]+ test/ { failed = $4 }
    /^(# |ℹ )pass [0-9]+$/        { passed = $NF }
    /^(# |ℹ )fail [0-9]+$/        { failed = $NF }
    /^ *Tests +.*[0-9]+ passed/   { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) passed = $(i-1); if ($i ~ /^failed/) failed = $(i-1) } }
    /^[0-9]+ passed, [0-9]+ failed$/ { passed = $1; failed = $3 }
    END { print passed + 0, failed + 0 }'
}

# What a person wants to see of a failed suite: the failures with what follows them, and the end.
show_failures() {
  grep -nE -A 60 '^ *(not ok|✖)|\[  FAILED  \]|: Failure$|runtime error:|ERROR: AddressSanitizer' "$1" | cut -c1-300 | head -n 120
  echo ...
  tail -n 15 "$1" | cut -c1-300
}

suite() {
  local name=$1 start=$SECONDS status=0 passed failed
  shift
  "$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
  read -r passed failed < <(counts "$logs/$name.log")
  # A suite that died, or that ran nothing, has failed whatever it counted.
  if [ $((passed + failed)) -eq 0 ] || { [ $status -ne 0 ] && [ "$failed" -eq 0 ]; }; then failed=$((failed + 1)); fi
  passed_all=$((passed_all + passed))
  failed_all=$((failed_all + failed))
  printf '%-22s %5d passed %3d failed %5d s\n' "$name" "$passed" "$failed" $((SECONDS - start))
  [ "$failed" -eq 0 ] || show_failures "$logs/$name.log" | sed 's/^/    /'
}

# The last line of every such run, and its status.
totals() {
  echo "$passed_all passed, $failed_all failed"
  [ "$failed_all" -eq 0 ]
}
