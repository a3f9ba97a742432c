"""Stands where systemd listens. notify-socket.py NAME: says "ready", then each message as a line of JSON, [pid, text].

NAME is a path, or @ and an abstract name.
"""
import json
import socket
import struct
import sys

name = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
listener.bind("\0" + name[1:] if name.startswith("@") else name)
print("ready", flush=True)
while True:
    text, ancillary, _, _ = listener.recvmsg(65536, socket.CMSG_SPACE(12))
    [(_, _, credentials)] = ancillary
    print(json.dumps([struct.unpack("3i", credentials)[0], text.decode()]), flush=True)
