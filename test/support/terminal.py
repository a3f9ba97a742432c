"""Starts a command on a terminal of its own, and hangs the terminal up once a directory has a name in it, or else
signals.

terminal.py DIRECTORY hang-up|HUP COMMAND...: prints the command's exit status, or minus its signal.
"""
import os
import pty
import signal
import sys
import time

directory, how, *command = sys.argv[1:]
child, master = pty.fork()
if child == 0:
    os.execvp(command[0], command)
while not os.listdir(directory):
    time.sleep(0.01)
if how == "hang-up":
    os.close(master)
else:
    os.kill(child, signal.SIGHUP)
    try:
        while os.read(master, 65536):
            pass
    except OSError:  # EIO: the command has ended.
        pass
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
