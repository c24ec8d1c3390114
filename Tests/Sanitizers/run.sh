#!/usr/bin/env bash
# The tests under sanitizers: run.sh [address] [undefined] [thread]. Each has a build of its own in .build-NAME.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=Tests/Sanitizers
export ASAN_OPTIONS="${ASAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$PWD/$folder/leaks.txt:print_suppressions=0"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
export TSAN_OPTIONS="suppressions=$PWD/$folder/races.txt:halt_on_error=0"
for name in "${@:-address}"; do
  echo "== $name"
  flags=(--sanitize="$name" --scratch-path ".build-$name")
  # Swift's linker on Linux is gold, which fails on some of what sanitizers make.
  [ "$(uname)" = Linux ] && flags+=(-Xswiftc -use-ld=lld)
  swift build --build-tests "${flags[@]}"
  swift test --skip-build "${flags[@]}"
done
