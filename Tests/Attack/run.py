#!/usr/bin/env python3
"""Attacks the built program: run.py [ATTACK …] [--seconds 60] [--rounds N] [--seed N]

Every round is made by its seed alone, which is printed with what it found: `--seed` and `--rounds 1` make it again.
What a finding left lies in .build/attack/findings. The exit status is 1 where something was found.
"""

import argparse
import importlib
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from tool import Finding, Tool  # noqa: E402

PROJECT = HERE.parent.parent
ATTACKS = ["language", "commands", "mutations", "pages", "watch", "kills", "folders", "crowd"]


class Round:
    """One round of an attack: its numbers, its folder, the program, and what it counts."""
    def __init__(self, tool, seed, folder, counts):
        self.tool = tool
        self.seed = seed
        self.random = random.Random(seed)
        self.folder = folder
        self.counts = counts

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number


def attack(name, tool, seed, seconds, rounds, findings):
    """Rounds until the time is over or there were enough; how many of them found something."""
    run = importlib.import_module(f"attacks.{name}").attack
    counts, found, number = {}, 0, 0
    before, begin = tool.runs, time.monotonic()
    while (rounds is None or number < rounds) and (number == 0 or time.monotonic() - begin < seconds):
        own = seed + number
        number += 1
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"gradviz-attack-{name}-"))
        try:
            run(Round(tool, own, folder, counts))
        except Finding as finding:
            found += 1
            keep(findings / f"{name}-{own}", folder, str(finding))
            print(
                f"finding: {name}, seed {own}: {finding}\n"
                f"  again: make attack ATTACK={name} SEED={own} ROUNDS=1",
                flush=True)
        except Exception:
            # A fault of the attack itself counts as well: it hides what it was after.
            found += 1
            keep(findings / f"{name}-{own}", folder, traceback.format_exc())
            print(f"fault of the attack: {name}, seed {own}:\n{traceback.format_exc()}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    words = "".join(f", {count} {what}" for what, count in counts.items())
    print(
        f"{name}: seeds {seed} to {seed + number - 1}, {time.monotonic() - begin:.0f} s, {number} rounds, "
        f"{tool.runs - before} runs{words}, {found} findings",
        flush=True)
    return found


def keep(place, folder, words):
    """Keeps a round's files with what was found."""
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder, place, symlinks=True, ignore_dangling_symlinks=True)
    (place / "finding.txt").write_text(words + "\n", errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help=f"of {', '.join(ATTACKS)}; all unless named")
    parser.add_argument("--seconds", type=float, default=60, help="for each attack (default: 60)")
    parser.add_argument("--rounds", type=int, help="for each attack; as many as there is time for unless said")
    parser.add_argument("--seed", type=int, help="of the first round; another one each time unless said")
    parser.add_argument("--gradviz", type=pathlib.Path, default=PROJECT / ".build" / "release" / "gradviz")
    parser.add_argument("--findings", type=pathlib.Path, default=PROJECT / ".build" / "attack" / "findings")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.attacks if name not in ATTACKS]
    if unknown:
        parser.error(f"there is no attack {unknown[0]}; there are {', '.join(ATTACKS)}")
    if not arguments.gradviz.is_file():
        parser.error(f"there is no {arguments.gradviz}; `make build` builds it")
    seed = arguments.seed if arguments.seed is not None else int(time.time()) * 1000
    found = 0
    for name in arguments.attacks or ATTACKS:
        tool = Tool(arguments.gradviz)
        found += attack(name, tool, seed, arguments.seconds, arguments.rounds, arguments.findings)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
