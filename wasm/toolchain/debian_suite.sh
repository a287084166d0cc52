# shellcheck shell=bash
# Packages of another Debian suite, read with a private apt configuration and unpacked without root. Nothing of the
# system changes: apt's lists, cache and "installed" database are all folders of our cache.

# The mirrors this machine already uses, main archive first. apt prints its own view of every source it knows, in
# either file format, so that no format is parsed here. Archives that are not Debian's are harmless: a mirror is
# taken only if it has the suite, signed by the archive keyring.
configured_mirrors() {
  local codename
  # shellcheck disable=SC1091
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016  # apt expands these
  apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI)' 2> /dev/null |
    awk -v own="$codename" '
      $1 != "Packages" || $3 != "main" || $2 ~ /security/ || $4 ~ /security/ { next }
      $2 == own { print "1 " $4; next }
      { print "2 " $4 }' |
    sort -s -k1,1 | cut -d' ' -f2- | awk '!seen[$0]++'
}

archive_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [ -r "$file" ]; then printf '%s\n' "$file"; return 0; fi
  done
  return 1
}

# The machine's own apt settings (a proxy, certificates) are read first and stay in force; these replace the places.
write_apt_conf() { # suite-dir suite
  local arch
  arch=$(dpkg --print-architecture)
  cat > "$1/apt.conf" <<CONF
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$1/state";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Dir::Cache::archives "$1/archives";
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Default-Release "$2";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Debug::NoLocking "true";
// Hooks that tidy the system's own cache have no business here.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
CONF
}

suite_apt() { # suite apt-get-arguments...
  local suite=$1
  shift
  LC_ALL=C apt-get -q -c "$CACHE/apt/$suite/apt.conf" "$@"
}

# Makes $CACHE/apt/SUITE usable, or says why not (on stderr) and returns 1. Lists are read again after a day: a
# rolling suite forgets its old files.
open_suite() { # suite
  local suite=$1 dir="$CACHE/apt/$1" mirror keyring log="$CACHE/log/apt-$1.log"
  mkdir -p "$CACHE/log"
  if [ -n "$(find "$dir/lists-are-complete" -mmin -1440 2> /dev/null)" ]; then return 0; fi
  command -v apt-get > /dev/null || { say "$suite: this machine has no apt"; return 1; }
  keyring=$(archive_keyring) || { say "$suite: no Debian archive keyring (package debian-archive-keyring)"; return 1; }
  for mirror in $(configured_mirrors); do
    rm -rf "$dir"
    mkdir -p "$dir"/{state,lists/partial,cache,archives/partial}
    : > "$dir/status"
    write_apt_conf "$dir" "$suite"
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" > "$dir/sources.list"
    say "reading the package list of Debian $suite (10 MB)"
    read_lists "$suite" "$log" && return 0
  done
  say "Debian $suite: none of this machine's mirrors gave a signed package list (see $log)"
  return 1
}

# A rolling suite's list is signed for a week only. A mirror that stands still is told apart from a broken one, and
# taken: the signature and every checksum are still verified, only the packages are not the newest.
read_lists() { # suite log
  local suite=$1 log=$2 update=(-o APT::Update::Error-Mode=any update)
  if suite_apt "$suite" "${update[@]}" > "$log" 2>&1; then :
  elif grep -q 'is expired' "$log" && quietly "$log" suite_apt "$suite" -o Acquire::Check-Valid-Until=false "${update[@]}"; then
    say "note: this mirror's list of $suite is past its date; taken all the same"
  else
    tail -n 5 "$log" >&2
    return 1
  fi
  touch "$CACHE/apt/$suite/lists-are-complete"
}

# What apt would install, closure and all: lines of name and version.
suite_closure() { # suite package...
  local suite=$1
  shift
  suite_apt "$suite" -s install "$@" 2> /dev/null | sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1 \2/p'
}

# Tells the private apt that packages matching a pattern are there already, so that neither they nor what only they
# need is fetched. The names come from the closure itself, because they carry version numbers that roll.
stand_in_for() { # suite pattern package...
  local suite=$1 pattern=$2 name version arch status="$CACHE/apt/$1/status"
  arch=$(dpkg --print-architecture)
  shift 2
  : > "$status"
  suite_closure "$suite" "$@" | grep -E "$pattern" | while read -r name version; do
    printf 'Package: %s\nStatus: hold ok installed\nArchitecture: %s\nMulti-Arch: allowed\n' "$name" "$arch"
    printf 'Version: %s\nMaintainer: none\nDescription: stand-in\n\n' "$version"
  done > "$status.new"
  mv "$status.new" "$status"
}

# Downloads the closure of some packages and unpacks it into a folder.
unpack_closure() { # suite folder package...
  local suite=$1 folder=$2 size deb
  shift 2
  size=$(suite_apt "$suite" -y --print-uris install "$@" | awk '/^\047/ { n++; s += $3 } END { printf "%d packages, %d MB", n, s / 1e6 }')
  say "downloading $* from Debian $suite: $size"
  rm -f "$CACHE/apt/$suite/archives/"*.deb # left by an interrupted run, perhaps of other versions
  quietly "$CACHE/log/download-$suite.log" suite_apt "$suite" -y --download-only install "$@" || return 1
  for deb in "$CACHE/apt/$suite/archives/"*.deb; do
    dpkg-deb -x "$deb" "$folder" || return 1
  done
  rm -f "$CACHE/apt/$suite/archives/"*.deb
}
