"""Mounts FUSE on a directory as a user does, by default another than root: nobody else may look in, and nobody answers
there. Ends with its input.

    foreign-fuse.py MOUNT_POINT [UID]
"""
import ctypes
import os
import sys

MS_NOSUID_NODEV = 2 | 4
MNT_DETACH = 2

device = os.open('/dev/fuse', os.O_RDWR)
mount_point = os.fsencode(sys.argv[1])
user = int(sys.argv[2]) if len(sys.argv) > 2 else 65534
options = b'fd=%d,rootmode=40000,user_id=%d,group_id=%d' % (device, user, user)
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b'theirs', mount_point, b'fuse', MS_NOSUID_NODEV, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print('mounted', flush=True)
sys.stdin.read()
libc.umount2(mount_point, MNT_DETACH)
