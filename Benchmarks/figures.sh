#!/bin/sh
# Five figures of one sample in one gradviz process, against stock dot drawing their five DOT files one after
# another: wall time in milliseconds, median of 9 pairs taken in turn, and the size of the SVG files.
set -eu
cd "$(dirname "$0")/.."
program=${PROGRAM:-.build/release/gradviz}
sample=${SAMPLE:-gradient-descent}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" draw "Samples/$sample.grad" -T svg -T dot -o "$folder/"
printf '%-34s %12s\n' "five figures of $sample" "SVG bytes"
printf '%-34s %12s\n\n' "gradviz" "$(cat "$folder"/*.svg | wc -c | tr -d ' ')"
if ! command -v dot >/dev/null; then
  echo "stock dot is not installed: skipped (apt-get install graphviz)"
  exit 0
fi
now() { date +%s%N; }
run() {
  i=0
  while [ $i -lt 9 ]; do
    a=$(now); "$program" draw "Samples/$sample.grad" -o "$folder/" >/dev/null
    b=$(now); for stage in forward loss backward update overview; do dot -Tsvg "$folder/$stage.dot" >/dev/null; done
    c=$(now)
    echo "$(( (b - a) / 1000 )) $(( (c - b) / 1000 ))"
    i=$((i + 1))
  done
}
run > "$folder/times"
median() { cut -d' ' -f"$1" "$folder/times" | sort -n | sed -n 5p; }
awk -v ours="$(median 1)" -v theirs="$(median 2)" 'BEGIN {
  printf "%-34s %10s\n", "wall time, median of 9", "ms"
  printf "%-34s %10.1f\n", "gradviz, one process", ours / 1000
  printf "%-34s %10.1f\n", "stock dot, five processes", theirs / 1000
  printf "%-34s %10.2f\n", "ratio", ours / theirs
}'
