"""Types command lines into an interactive shell, with TAB, and prints what it shows, a line for each.

    python3 complete.py SHELL SCRIPT LINE...    SHELL is bash, zsh or fish; SCRIPT is the completion script
"""

import os
import pty
import re
import select
import sys
import time

shell, script, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
SETUP = {
    "bash": f"PS1='> '; bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; bind 'set page-completions off'; "
    f"source '{script}'",
    "zsh": f"PS1='> '; autoload -Uz compinit; compinit -u -D; source '{script}'; compdef _gradviz gradviz",
    "fish": f"source '{script}'; function fish_prompt; echo -n '> '; end",
}


def read(descriptor, quiet, typed="", most=12):
    """What the shell writes, until it is quiet for some seconds and has written more than what was typed."""
    text, began = b"", time.time()
    while time.time() - began < most:
        ready, _, _ = select.select([descriptor], [], [], quiet)
        if not ready and len(text) <= len(typed) + 8:
            continue
        if not ready:
            break
        try:
            text += os.read(descriptor, 65536)
        except OSError:
            break
    text = re.sub(rb"\x1b\[[0-9;?>=]*[a-zA-Z]|\x1b[()>=].?|[\x07\x0e\x0f]", b" ", text)
    return re.sub(r"\s+", " ", text.decode(errors="replace"))


process, terminal = pty.fork()
if process == 0:
    os.environ.update(TERM="xterm", COLUMNS="200", LINES="50")
    os.execvp(shell, START[shell])
read(terminal, 1.5)
os.write(terminal, (SETUP[shell] + "\n").encode())
read(terminal, 1.5)
for line in lines:
    os.write(terminal, (line + "\t").encode())
    print(read(terminal, 6, typed=line, most=30))
    os.write(terminal, b"\x03")
    read(terminal, 0.3)
os.kill(process, 9)
os.waitpid(process, 0)
