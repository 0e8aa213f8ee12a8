"""Children that never outlive their parent."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def die_with_parent(parent_pid: int) -> None:
    """Ask the kernel to kill this process when its parent ends; end at once if it has ended already.

    Call it in the child, right after the fork.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent_pid:
        os._exit(1)
