#!/usr/bin/env bash
# The tests under sanitizers: run.sh [boundary] [address] [undefined] [thread]. `boundary` is the C code alone, by
# the driver that valgrind runs too; the others build all tests, each in a folder of its own, .build-NAME.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$PWD/Tests/Sanitizers
export LSAN_OPTIONS="suppressions=$folder/leaks.txt:print_suppressions=0"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
export TSAN_OPTIONS="suppressions=$folder/races.txt"
# Swift's linker on Linux is gold, which fails on some of what sanitizers make.
linker=()
if [ "$(uname)" = Linux ]; then linker=(-Xswiftc -use-ld=lld); fi

boundary() {
  local scratch=.build/boundary
  mkdir -p "$scratch"
  clang -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined ${linker:+-fuse-ld=lld} \
    -ISources/CGraphvizShim/include -ISources/CAutograd/include $(pkg-config --cflags libgvc) \
    Tests/Memcheck/driver.c Sources/CGraphvizShim/*.c Sources/CAutograd/*.c -o "$scratch/driver" -lm -ldl -lpthread
  "$scratch/driver" Output/{neuron,minibatch,mlp}/{forward,backward,overview}.dot
}

for name in "${@:-address}"; do
  echo "== $name"
  if [ "$name" = boundary ]; then
    boundary
    continue
  fi
  flags=(--scratch-path ".build-$name" ${linker[@]+"${linker[@]}"})
  if [ "$name" = undefined ] && [ "$(uname)" = Linux ]; then
    # Swift has no such sanitizer on Linux, and needs none: what is undefined in C is a trap there. So the C
    # targets have it, with all Swift tests running through them.
    flags+=(-Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined
      -Xswiftc -Xclang-linker -Xswiftc -fsanitize=undefined)
  else
    flags+=(--sanitize="$name")
  fi
  swift build --build-tests "${flags[@]}"
  # A sanitizer's own memory is what these limit or measure.
  swift test --skip-build "${flags[@]}" --skip LimitTests --skip MemoryTests \
    --skip 'Five hundred drawings'
done
