"""What the operating system says about a path, as a fault and a remedy for the user."""

from __future__ import annotations

import errno
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
    """The fault behind `error`, which opening, reading or listing `location` raised."""
    subject = storable(location)
    if not isinstance(error, OSError):
        # The operating system was not even asked: a null character in the name.
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
    """The fault of a directory whose entries cannot be listed."""
    cause = os_fault(location, error)
    return SourceError(
        cause.subject, f"a directory that cannot be listed: {cause.fault}", cause.remedy
    )


def status(location: str) -> os.stat_result:
    """What `location` is, symbolic links followed.

    Raises SourceError when it is missing or out of reach, or a device or socket: those
    are refused before they are opened, because opening one can block or change it.
    """
    try:
        # os.stat and not Path.stat: the location may be empty, which Path reads as ".".
        found = os.stat(location)  # noqa: PTH116
    except (OSError, ValueError) as error:
        raise os_fault(location, error) from error
    for is_device, fault in _DEVICES.items():
        if is_device(found.st_mode):
            raise SourceError(storable(location), fault, "use - to read standard input")
    return found
