#!/usr/bin/env bash
# Uses the package's plugins as another package does: a copy of Lesson in a folder of its own, depending on what is committed
# here.
#
#   Tests/Examples/check_lesson.sh [BUILD_FOLDER]
#
# The first build takes minutes; name a folder to keep what is built.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build=${1:-$folder/build}
lesson=$folder/Lesson
cp -R "$checkout/Tests/Examples/Lesson" "$lesson"
cd "$lesson"
dependency=$("$checkout/Tests/Examples/dependency.sh" "$build")
sed -i.before "s|\.package(name.*\.\./\.\.\")|$dependency|" Package.swift && rm Package.swift.before
cp README.md before.txt

fail() { echo "check_lesson: $1" >&2; [ ! -s "$folder/log" ] || cat "$folder/log" >&2; exit 1; }
package() { swift package --scratch-path "$build" "$@" >"$folder/log" 2>&1; }
said() { grep -qF -- "$1" "$folder/log" || fail "nothing was said of: $1"; }
files() { find . -type f -not -path './.build/*' -not -path './.swiftpm/*' -not -name Package.resolved | sort; }

echo "Nothing is written without permission"
files > "$folder/files"
! package draw-figures </dev/null || fail "draw-figures has run without permission"
said "--allow-writing-to-package-directory"
files | cmp -s - "$folder/files" || fail "a refused draw-figures has written files"

echo "check-figures names what is missing, and writes nothing"
! package check-figures || fail "check-figures finds nothing missing"
said "README.md:3"
said "Lesson.md:8"
files | cmp -s - "$folder/files" || fail "check-figures has written files"

echo "draw-figures draws the catalog and the page"
package --allow-writing-to-package-directory draw-figures || fail "draw-figures fails"
for figure in Sources/Lesson/Lesson.docc/Resources/Lesson-product-backward{,~dark}.svg figures/*.svg; do
  [ "$(head -c 4 "$figure")" = "<svg" ] || fail "$figure is not a figure"
done
grep -q '](Lesson-product-backward)' Sources/Lesson/Lesson.docc/Lesson.md || fail "the article has no link"
grep -q '](figures/.*\.svg)' README.md || fail "the page has no link"
sed '/^<!-- gradviz:begin /,/^<!-- gradviz:end -->$/d' README.md | cmp -s - before.txt ||
  fail "draw-figures changed the page outside its marks"
package check-figures || fail "check-figures is not content with what draw-figures has drawn"

echo "A changed program is found, and drawn when it is named"
sed -i.before 's/param b = -3/param b = 5/' README.md && rm README.md.before
! package check-figures || fail "check-figures has not seen the change"
said "README.md:3"
package --allow-writing-to-package-directory draw-figures README.md || fail "draw-figures README.md fails"
grep -q 'c = 7' README.md || fail "the page does not say c = 7"

echo "A mistake is named with its place, and the page keeps its figure"
sed -i.before 's/loss  c = a + b/loss  c = a + d/' README.md && rm README.md.before
cp figures/*.svg "$folder/"
! package --allow-writing-to-package-directory draw-figures || fail "a mistake must fail"
said "README.md:7:15: error: unknown name \`d\`"
for figure in figures/*.svg; do cmp -s "$figure" "$folder/$(basename "$figure")" || fail "$figure has changed"; done

echo "The build draws resources, and draws them again when their program changes"
run() { swift run --scratch-path "$build" Lesson 2>"$folder/log"; }
run > "$folder/figure.svg" || fail "the lesson does not run"
grep -q '>A neuron of the lesson<' "$folder/figure.svg" || fail "no figure of the program"
grep -q '−0.8399' "$folder/figure.svg" || fail "no gradient in the figure"
sed -i.before 's/param b = 3/param b = 4/' Sources/Lesson/neuron.grad && rm Sources/Lesson/neuron.grad.before
run > "$folder/figure.svg" || fail "the lesson does not run"
! grep -q '−0.8399' "$folder/figure.svg" || fail "the figure is that of the former program"
sed -i.before 's/tanh/tanhh/' Sources/Lesson/neuron.grad && rm Sources/Lesson/neuron.grad.before
! run > /dev/null || fail "a mistake in a program does not stop the build"
swift build --scratch-path "$build" >"$folder/log" 2>&1 || true
said "neuron.grad:7:11: error: unknown function \`tanhh\`; did you mean \`tanh\`?"

echo "The package of the plugins brings no more than it needs"
[ ! -e "$build/checkouts/swift-docc-plugin" ] || fail "swift-docc-plugin is fetched by users"
echo "Every step of the lesson has passed"
