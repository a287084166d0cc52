# shellcheck shell=bash
# What every part of the set-up uses: plain messages, the cache, and how a finished thing gets into it.

say() { printf 'emsdk-setup: %s\n' "$*" >&2; }

die() {
  printf 'emsdk-setup: error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# Everything downloaded lives here, outside the source tree, and can be deleted at any time.
cache_root() { printf '%s\n' "${SFLUV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sfluv-field}"; }

# A fresh folder inside the cache, so that publishing it is a rename on one file system. Whatever an interrupted
# run left behind is cleared when the next one takes the lock.
new_work_dir() {
  mkdir -p "$CACHE/work"
  mktemp -d "$CACHE/work/$1.XXXXXX"
}

# A folder is either whole under its final name or not there at all.
publish_dir() { # work-dir final-dir
  mkdir -p "$(dirname "$2")"
  chmod 755 "$1" # mktemp's are private
  rm -rf "$2"
  mv -T "$1" "$2"
}

publish_file() { # final-file, content on stdin
  mkdir -p "$(dirname "$1")"
  cat > "$1.new"
  mv "$1.new" "$1"
}

# A state file says what was chosen, as shell assignments; it is written last, so its presence means "done".
write_state() { # name variable...
  local name=$1 variable
  shift
  for variable in "$@"; do printf '%s=%q\n' "$variable" "${!variable}"; done | publish_file "$CACHE/$name.state"
}

# Two runs at once (two terminals, two checkouts) must not build the same folder.
take_lock() {
  mkdir -p "$CACHE"
  exec 9> "$CACHE/lock"
  if ! flock -n 9; then
    say "another set-up is running; waiting for it"
    flock 9
  fi
  rm -rf "$CACHE/work"
}

major_of() { printf '%s\n' "${1%%.*}"; }

size_of() { du -sh "$1" | cut -f1; }

# Runs a command quietly; its output is shown only when it fails.
quietly() { # log-file command...
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" > "$log" 2>&1 < /dev/null && return 0
  say "failed: $* (last lines of $log):"
  tail -n 15 "$log" >&2
  return 1
}
