#pragma once
#include <stddef.h>
#include <stdint.h>

/// Takes one input; returns 0 where it belongs into the corpus if it reached anything new, -1 where it never does.
typedef int (*fuzzer_callback)(const uint8_t *data, size_t size);

/// libFuzzer's entry for programs with a `main` of their own.
int LLVMFuzzerRunDriver(int *argc, char ***argv, fuzzer_callback callback);

/// Runs `callback` on one input after another, as the arguments say; returns the exit status.
int fuzzer_run(int argc, char **argv, fuzzer_callback callback);
