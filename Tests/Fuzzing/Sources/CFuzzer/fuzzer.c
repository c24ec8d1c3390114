#include "CFuzzer.h"

int fuzzer_run(int argc, char **argv, fuzzer_callback callback)
{
    return LLVMFuzzerRunDriver(&argc, &argv, callback);
}
