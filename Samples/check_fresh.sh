#!/bin/sh
# Are Output/ and README.md what the samples give? Usage: check_fresh.sh PROGRAM. Run from the package's folder.
#
# Draws everything once more beside Output/ and compares. The bytes are those of Debian 12's Graphviz; another version
# rounds layouts differently, so elsewhere the structure is compared: the files, and the ids in each.
set -eu
program=$1
fresh=.build/fresh
rm -rf "$fresh"
mkdir -p "$fresh"
Samples/draw.sh "$program" "$fresh"

structure() {
  (cd "$1" && find . -name '*.svg' -not -path './figures/*' | sort | while read -r file; do
    echo "$file"
    grep -oE ' id="[^"]*"' "$file"
  done)
}
same() {
  if [ "$(pkg-config --modversion libgvc)" = 2.43.0 ]; then
    diff -rq -x figures Output "$fresh" && "$program" document --check --quiet --figures Output/figures README.md
  else
    structure Output > "$fresh.committed"
    structure "$fresh" > "$fresh.drawn"
    diff "$fresh.committed" "$fresh.drawn"
  fi
}
if ! same; then
  echo "Output/ or README.md is stale: run make, look at the figures (make report), and commit them" >&2
  exit 1
fi
echo "Output/ and README.md are up to date: $(ls Samples/*.grad | wc -l) samples"
