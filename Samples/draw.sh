#!/bin/sh
# Draws every sample, trains those that say how many steps, and writes the page that shows them: two samples at a time.
# Usage: draw.sh PROGRAM FOLDER. Run from the package's folder.
set -eu
program=$1
folder=$2

draw() {
  sample=$1
  name=$(basename "$sample" .grad)
  # What a sample shows besides its figures.
  case $name in
    chain) set -- --steps ;;
    *) set -- ;;
  esac
  # The text of heat maps is for Graphviz alone: it is not kept.
  case $name in
    bigram | conv | dropout | lstm | moons | names | residual | transformer)
      rm -f "$folder/$name"/*.dot
      "$program" draw "$sample" -q -T svg "$@" -o "$folder/$name/" ;;
    *) "$program" draw "$sample" -q -T svg -T dot "$@" -o "$folder/$name/" ;;
  esac
  "$program" draw "$sample" -q -T html -o "$folder/$name/explorer.html"
  case $name in
    momentum) set -- --compare sgd ;;
    xor) set -- --figures 0,last ;;
    *) set -- ;;
  esac
  if grep -q '^steps' "$sample"; then "$program" train "$sample" --quiet "$@" -o "$folder/$name"; fi
}

# Every other sample, from the first or the second.
half() {
  turn=$1
  for sample in Samples/*.grad; do
    if [ "$turn" = 0 ]; then draw "$sample"; fi
    turn=$((1 - turn))
  done
}

mkdir -p "$folder"
half 0 &
other=$!
trap 'kill "$other" 2>/dev/null || :' EXIT
half 1
wait "$other"
"$program" draw -q Samples/gradient-descent.grad --stage shares -o "$folder/gradient-descent/shares.svg"
"$program" draw -q Samples/neuron.grad --stage derivative --of w2 -o "$folder/neuron/derivative.svg"
Samples/gallery.sh "$folder"
