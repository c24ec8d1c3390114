#!/usr/bin/env bash
# A package whose targets are named Layout, Plots, Figures, DOT, Documents … builds against what is committed here,
# and draws.
#
#   Tests/Examples/check_neighbours.sh [BUILD_FOLDER]
#
# The first build takes minutes; name a folder to keep what is built, that of check_lesson.sh to share it.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build=${1:-$folder/build}
cp -R "$checkout/Tests/Examples/Neighbours" "$folder/Neighbours"
cd "$folder/Neighbours"
dependency=$("$checkout/Tests/Examples/dependency.sh" "$build")
sed -i.before "s|\.package(name.*\.\./\.\.\")|$dependency|" Package.swift && rm Package.swift.before

fail() { echo "check_neighbours: $1" >&2; cat "$folder/log" >&2; exit 1; }
swift run --scratch-path "$build" Neighbours >"$folder/out" 2>"$folder/log" || fail "the package does not build"
head -1 "$folder/out" | grep -qx "DOT Documents Drawing Figures Graph Layout Plots TestSupport" ||
  fail "the package's own targets are not what it imports"
grep -q '<svg' "$folder/out" || fail "no figure is drawn"
echo "A package with targets named Layout, Plots, Figures, DOT and Documents builds and draws"
