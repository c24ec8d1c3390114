#!/usr/bin/env bash
# The C boundary under valgrind: the shim and the matrix kernel, driven by driver.c as Swift drives them.
# Errors and leaks end with status 1; what is suppressed, and why, is in graphviz.supp.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind >/dev/null || { echo "valgrind is not installed: apt-get install valgrind" >&2; exit 1; }
scratch=.build/memcheck
mkdir -p "$scratch"
clang=$(command -v clang || echo cc)
# DWARF 4: what valgrind reads of newer compilers.
"$clang" -gdwarf-4 -O1 -fno-omit-frame-pointer -ISources/CGraphvizShim/include -ISources/CAutograd/include \
  $(pkg-config --cflags libgvc) Tests/Memcheck/driver.c Sources/CGraphvizShim/*.c Sources/CAutograd/*.c \
  -o "$scratch/driver" $(pkg-config --libs libgvc) -lm -ldl -lpthread
valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=definite,indirect,possible \
  --errors-for-leak-kinds=definite,indirect,possible --num-callers=40 \
  --suppressions=Tests/Memcheck/graphviz.supp "$@" \
  "$scratch/driver" Output/{neuron,minibatch,mlp}/{forward,backward,overview}.dot
