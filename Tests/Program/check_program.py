#!/usr/bin/env python3
"""Are the programs as small as it is said, and without ICU?

    Tests/Program/check_program.py PROGRAM…
"""

import pathlib
import platform
import sys

# In bytes. On macOS the system has Foundation, and debugging information is a matter of its tools.
LARGEST = 20_000_000


def main(program):
    content = pathlib.Path(program).read_bytes()
    if platform.system() == "Linux" and len(content) > LARGEST:
        sys.exit("%s has %d bytes, more than %d" % (program, len(content), LARGEST))
    # The name of ICU's table of data, and of the library that brings it.
    for name in (b"icudt", b"FoundationInternationalization", b"libFoundation.so"):
        if name in content:
            sys.exit("%s is linked with the whole Foundation: it has %s" % (program, name.decode()))
    print("%s: %.1f MB, without ICU" % (program, len(content) / 1e6))


if __name__ == "__main__":
    for program in sys.argv[1:]:
        main(program)
