#!/usr/bin/env bash
# Prints how a package depends on what is committed here, by URL and version as README.md says:
# Tests/Examples/dependency.sh FOLDER
#
# The bare clone with a tag that it names is made in FOLDER, and kept while the commit is the same: packages that build in
# FOLDER, too, share one build of gradviz.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
clone=$(cd "$1" && pwd)/gradviz.git
head=$(git -C "$checkout" rev-parse HEAD)
version=$(sed -n 's/.*version: "\([0-9.]*\)".*/\1/p' "$checkout/Sources/gradviz/Gradviz.swift")
if [ "$(git -C "$clone" rev-parse --verify --quiet "refs/tags/$version^{commit}" 2>/dev/null)" != "$head" ]; then
  # What was built of another commit is of no use, and a tag that moves is refused.
  rm -rf "$clone" "$1"/checkouts "$1"/repositories "$1"/workspace-state.json
  git clone --quiet --bare "$checkout" "$clone"
  git -C "$clone" tag --force "$version" "$head" > /dev/null
fi
echo ".package(url: \"file://$clone\", from: \"$version\")"
