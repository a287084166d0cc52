# shellcheck shell=bash
# Makes programs of a newer suite run on an older system: each gets the C library it was built for, out of the same
# folder, by an absolute interpreter and search path written into the program. No environment variable is involved,
# so nothing leaks into the programs these start.

is_elf() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

# The files were unpacked in a work folder but will run from their final one: that is the path written.
bind_to_own_libc() { # work-dir final-dir
  local work=$1 final=$2 loader dirs patchelf file
  loader=$(find "$work/usr" -name 'ld-linux*.so.*' -print -quit)
  [ -n "$loader" ] || { say "the unpacked packages hold no dynamic loader"; return 1; }
  dirs=$(library_dirs "$work")
  patchelf=("$loader" --library-path "$(paste -sd: <<< "$dirs")" "$work/usr/bin/patchelf")
  while IFS= read -r -d '' file; do
    is_elf "$file" || continue
    # An RPATH (not a RUNPATH) also finds the libraries of libraries ...
    "${patchelf[@]}" --set-interpreter "$final${loader#"$work"}" --force-rpath \
      --set-rpath "$(paste -sd: <<< "${dirs//"$work"/"$final"}")" "$file" || return 1
  done < <(programs "$work")
  while IFS= read -r -d '' file; do
    # ... unless these have a search path of their own.
    [ -z "$("${patchelf[@]}" --print-rpath "$file" 2> /dev/null)" ] || "${patchelf[@]}" --remove-rpath "$file" || return 1
  done < <(find "$work/usr/lib" -name 'lib*.so*' -type f -print0)
}

programs() { find "$1"/usr/bin "$1"/usr/lib/llvm-*/bin -type f -perm -u+x ! -name patchelf -print0; }

library_dirs() { find "$1/usr/lib" -name 'lib*.so*' ! -path '*/gconv/*' -printf '%h\n' | sort -u; }

# Every library of every program must come from the prefix: one of the system's would be too old, and only be
# noticed on some other machine.
check_prefix() { # dir
  local file loader stray
  loader=$(find "$1/usr" -name 'ld-linux*.so.*' -print -quit)
  while IFS= read -r -d '' file; do
    is_elf "$file" || continue
    stray=$("$loader" --list "$file" 2>&1 | grep -E '=>|not found' | grep -vF "=> $1/" || true)
    [ -z "$stray" ] || { say "$file would use libraries from elsewhere:"; printf '%s\n' "$stray" >&2; return 1; }
  done < <(programs "$1")
}
