"""Translate errors of the operating system to a fault and a remedy for the user."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

from loader.errors import SourceError
from loader.sources.source import storable

_FAULTS = {
    errno.ENOENT: ("no such file or directory", "check the spelling and the current directory"),
    errno.ENOTDIR: (
        "no such file or directory: a part of the path is a file",
        "check the spelling of the path",
    ),
    errno.EACCES: ("permission denied", "make it readable for this user"),
    errno.EPERM: ("permission denied", "make it readable for this user"),
    errno.ELOOP: ("a symbolic link that leads back to itself", "remove the link or mend it"),
    errno.EISDIR: ("a directory, not a file", "name the files in it"),
    errno.ENAMETOOLONG: ("the name is too long for a file", "check what was given as a path"),
}
_DEVICES = {
    stat.S_ISCHR: "a character device, not a file",
    stat.S_ISBLK: "a block device, not a file",
    stat.S_ISSOCK: "a socket, not a file",
}


def os_fault(location: str, error: OSError | ValueError) -> SourceError:
    """Return the fault for an error from opening, reading or listing `location`."""
    subject = storable(location)
    if not isinstance(error, OSError):
        # Python rejects a null character in the name before it calls the operating system.
        return SourceError(subject, "not a possible file name", "check what was given as a path")
    if error.errno == errno.ENOENT and Path(location).is_symlink():
        target = storable(str(Path(location).readlink()))
        fault = f"broken symbolic link to {target}"
        return SourceError(subject, fault, "bring the target back or remove the link")
    number = error.errno
    if isinstance(error, PermissionError):
        number = errno.EACCES
    if number in _FAULTS:
        return SourceError(subject, *_FAULTS[number])
    reason = error.strerror or str(error) or type(error).__name__
    return SourceError(subject, f"cannot be read: {reason}", "check the disk, then run again")


def listing_fault(location: str, error: OSError) -> SourceError:
    """Return the fault of a directory whose entries cannot be listed."""
    cause = os_fault(location, error)
    return SourceError(
        cause.subject, f"a directory that cannot be listed: {cause.fault}", cause.remedy
    )


def status(location: str) -> os.stat_result:
    """Return the status of `location`, following symbolic links.

    Raises SourceError if it is missing, inaccessible, or a device or socket, since opening one of
    these may block or have effects.
    """
    try:
        # os.stat rather than Path.stat, since Path reads an empty location as ".".
        found = os.stat(location)  # noqa: PTH116
    except (OSError, ValueError) as error:
        raise os_fault(location, error) from error
    for is_device, fault in _DEVICES.items():
        if is_device(found.st_mode):
            raise SourceError(storable(location), fault, "use - to read standard input")
    return found


def open_local(location: str) -> io.FileIO:
    """Open a local file or pipe, unbuffered. Raises SourceError if that fails, or as `status`."""
    status(location)
    try:
        # open rather than Path.open, see `status`.
        return open(location, "rb", buffering=0)  # noqa: PTH123
    except (OSError, ValueError) as error:
        raise os_fault(location, error) from error
