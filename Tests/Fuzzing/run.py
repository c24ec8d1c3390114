#!/usr/bin/env python3
"""Builds the fuzz targets and runs them: run.py [TARGET …] [--seconds 60] [--no-address] [--crash FILE]

New inputs go to .build/corpus/TARGET, findings to .build/findings/TARGET; seeds in corpus/TARGET are only read.
The exit status is 1 where something was found.
"""

import argparse
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGETS = sorted(folder.name for folder in (HERE / "corpus").iterdir() if folder.is_dir())
# Inputs longer than these find little that shorter ones do not.
LONGEST = 4096


def build(address):
    scratch = HERE / (".build" if address else ".build-plain")
    # Swift and C alike report what they reach; GNU's gold ends with an internal error on such a program.
    flags = ["-Xswiftc", "-sanitize=fuzzer", "-Xcc", "-fsanitize=fuzzer-no-link", "-Xswiftc", "-use-ld=lld"]
    if address:
        flags += ["--sanitize=address"]
    command = ["swift", "build", "-c", "release", "--package-path", str(HERE), "--scratch-path", str(scratch),
               "--product", "fuzz", *flags]
    print(" ".join(command), flush=True)
    subprocess.run(command, check=True)
    return scratch, scratch / "release" / "fuzz"


def environment(target):
    own = dict(os.environ, FUZZ_TARGET=target)
    # Graphviz' plugins are loaded at run time and keep what they once took.
    own["LSAN_OPTIONS"] = f"suppressions={HERE.parent / 'Sanitizers' / 'leaks.txt'}:print_suppressions=0"
    return own


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all unless named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--no-address", action="store_true", help="without the address sanitizer")
    parser.add_argument("--crash", metavar="FILE", help="run a target on one input")
    parser.add_argument("--no-build", action="store_true", help="run what was built before")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {unknown[0]}; there are {', '.join(TARGETS)}")
    if platform.system() != "Linux":
        sys.exit("libFuzzer comes with the Swift toolchain of Linux")
    address = not arguments.no_address
    if arguments.no_build:
        scratch = HERE / (".build" if address else ".build-plain")
        program = scratch / "release" / "fuzz"
    else:
        scratch, program = build(address)

    found = False
    for target in arguments.targets or TARGETS:
        if arguments.crash:
            found |= subprocess.run([program, arguments.crash], env=environment(target)).returncode != 0
            continue
        corpus, findings = scratch / "corpus" / target, scratch / "findings" / target
        for folder in (corpus, findings):
            folder.mkdir(parents=True, exist_ok=True)
        command = [
            program, corpus, HERE / "corpus" / target, f"-max_total_time={arguments.seconds}",
            f"-artifact_prefix={findings}/", f"-dict={HERE / 'dictionaries' / target}.txt", f"-max_len={LONGEST}",
            "-timeout=10", "-rss_limit_mb=3000", "-malloc_limit_mb=1500", "-print_final_stats=1", "-use_value_profile=0",
            "-report_slow_units=5", "-verbosity=1",
        ]
        print(f"{target}: {arguments.seconds} s", flush=True)
        found |= subprocess.run(command, env=environment(target)).returncode != 0
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
