#!/bin/sh
# Writes the gallery's page: every sample with its sentence, its program and its figures.
# Usage: gallery.sh FOLDER, which holds a folder of figures for each sample. Run from the package's folder.
set -eu
folder=$1

# An SVG file's own description, as an attribute takes it; of a frame its title, as it shows a part only.
description() {
  case $1 in
    */backward-[0-9]*.svg) element=title ;;
    *) element=desc ;;
  esac
  sed -n "s/^<$element[^>]*>\(.*\)<\/$element>\$/\1/p" "$1" | head -n 1
}

# The first sentence of a program's first comment, as Markdown takes it.
sentence() {
  sed '/^#/!q; s/^# *//' "$1" | grep -v '^title' | tr '\n' ' ' |
    sed 's/^What it teaches: //; s/\. .*/./; s/ *$//; s/[][*_<]/\\&/g' |
    awk '{ print toupper(substr($0, 1, 1)) substr($0, 2) }'
}

# One figure that leads to its file: path, width.
figure() { printf '<a href="%s"><img src="%s" alt="%s" width="%s"></a>\n' "$1" "$1" "$(description "$folder/$1")" "$2"; }

{
  echo "# Gallery"
  echo
  echo "Every sample with its program and its figures. This page is made by \`make samples\`; a figure leads to its file."
  echo "Each sample has an explorer as well: save the file and open it in a browser, which needs no network."
  for program in Samples/*.grad; do
    name=$(basename "$program" .grad)
    title=$(sed -n 's/^title *"\(.*\)".*/\1/p' "$program" | head -n 1)
    printf '\n## %s\n\n%s\n\n' "${title:-$name}" "$(sentence "$program")"
    printf '[%s](../%s)' "$name.grad" "$program"
    [ ! -f "$folder/$name/explorer.html" ] || printf ' · [explorer](%s): step by step' "$name/explorer.html"
    printf '\n\n```\n'
    cat "$program"
    printf '```\n\n'
    figure "$name/backward.svg" "100%"
    echo
    for stage in forward loss update overview; do figure "$name/$stage.svg" "24%"; done
    more=
    for plot in shares decision fit landscape descent parameters derivative; do
      [ -f "$folder/$name/$plot.svg" ] || continue
      [ -n "$more" ] || { more=yes; echo; }
      figure "$name/$plot.svg" "32%"
    done
    steps=$(cd "$folder" && ls "$name"/backward-*.svg "$name"/update-*.svg 2>/dev/null | sort -V || true)
    [ -z "$steps" ] || echo
    for step in $steps; do figure "$step" "24%"; done
  done
} > "$folder/.README.md.partial"
mv "$folder/.README.md.partial" "$folder/README.md"
