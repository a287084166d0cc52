# shellcheck shell=bash
# Packages of the machine's own Debian suite. Installed only when asked for with --host.

readonly HOST_BUILD=(g++ cmake ninja-build make git ca-certificates python3 xz-utils patch
  libcpp-httplib-dev libsqlite3-dev libssl-dev libgtest-dev libbenchmark-dev libjpeg62-turbo-dev)
# The demo's photo is made from a picture of a Debian package that is downloaded and unpacked, not installed.
readonly HOST_DEMO=(chromium libimage-exiftool-perl imagemagick libjpeg-turbo-progs)
readonly HOST_TEST=(firefox-esr webkit2gtk-driver xvfb)
# What photos are compared with and proven by.
readonly HOST_BENCH=(libvips-dev pkg-config webp clang-19)

packages_for() { # build | demo | test | bench
  case $1 in
    build) printf '%s\n' "${HOST_BUILD[@]}" ;;
    demo) printf '%s\n' "${HOST_BUILD[@]}" "${HOST_DEMO[@]}" ;;
    test) printf '%s\n' "${HOST_BUILD[@]}" "${HOST_DEMO[@]}" "${HOST_TEST[@]}" ;;
    bench) printf '%s\n' "${HOST_BUILD[@]}" "${HOST_DEMO[@]}" "${HOST_TEST[@]}" "${HOST_BENCH[@]}" ;;
  esac
  # npm fetches a newer Node where there is none (node.sh).
  command -v npm > /dev/null || node_is_ready || printf 'npm\n'
}

missing_packages() { # build | demo | test | bench
  # shellcheck disable=SC2016  # dpkg-query expands these
  LC_ALL=C comm -23 <(packages_for "$1" | LC_ALL=C sort) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }' | LC_ALL=C sort -u)
}

bring_host_packages() { # build | demo | test | bench
  local missing
  mapfile -t missing < <(missing_packages "$1")
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    die "${#missing[@]} Debian packages are missing. Run this, then try again:" \
      "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${missing[*]}'"
  fi
  say "installing with apt: ${missing[*]}"
  # Package lists are only read again where the ones at hand do not do.
  install_packages "${missing[@]}" || { quietly "$CACHE/log/host.log" apt-get -q update && install_packages "${missing[@]}"; } ||
    die "apt-get could not install them (see $CACHE/log/host.log)"
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive quietly "$CACHE/log/host.log" \
    apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}
