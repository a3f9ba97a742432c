"""Types into an interactive shell on a terminal of its own, and prints the screen once it shows what is waited for.

usage: type-in-shell.py SHELL SETUP KEYS AWAITED [DIRECTORY]
"""
import os, pty, re, select, signal, sys, time

PATIENCE_SEC = 30
# Colours and cursor movements, which differ from shell to shell.
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[\]P][^\x07\x1b]*(\x07|\x1b\\)|\x1b[=>()][B0]?|[\x07\r]")

shell, setup, keys, awaited, directory = sys.argv[1:6]
arguments = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}[shell]

pid, terminal = pty.fork()
if pid == 0:
    os.chdir(directory)
    environment = {"PATH": os.environ["PATH"], "HOME": directory, "TERM": "xterm", "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    os.execvpe(shell, [shell, *arguments], environment)


def screen_with(pattern, typed):
    """What is printed after typing, up to the pattern, or all of it when time is up."""
    os.write(terminal, typed.encode())
    text, deadline = "", time.monotonic() + PATIENCE_SEC
    while time.monotonic() < deadline and not re.search(pattern, text):
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            raw = os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:
            break
        # fish asks what kind of terminal this is, and waits for the answer.
        if "\x1b[c" in raw or "\x1b[0c" in raw:
            os.write(terminal, b"\x1b[?62;c")
        text += CONTROLS.sub("", raw)
    return text


screen_with(r"ready-7", setup + "; echo ready-$((3+4))\n" if shell != "fish" else setup + "; echo ready-(math 3+4)\n")
print(screen_with(awaited, keys))
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
