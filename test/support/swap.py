# Swaps a folder and a link for each other, as fast as it can, until it is killed: swap.py FOLDER LINK
import ctypes, sys

AT_FDCWD = -100
RENAME_EXCHANGE = 2
libc = ctypes.CDLL(None, use_errno=True)
folder, link = (name.encode() for name in sys.argv[1:3])
print("swapping", flush=True)
while True:
    if libc.renameat2(AT_FDCWD, folder, AT_FDCWD, link, RENAME_EXCHANGE) != 0:
        sys.exit("renameat2 failed: %d" % ctypes.get_errno())
