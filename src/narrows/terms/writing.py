"""Write a file whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from narrows.terms.errors import CouldNotWrite

__all__ = ["write_whole"]


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write every file under a temporary name, then rename them all.

    Parameters
    ----------
    contents
        The bytes of each file by its path. Nothing is renamed before all are written.

    Raises
    ------
    CouldNotWrite
        When the folder cannot be written or the disk is full; files that were there before
        stay as they were, and no temporary file is left.
    """
    waiting: dict[Path, Path] = {}
    target = Path()
    try:
        for target, data in contents.items():
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            waiting[target] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            waiting[target].chmod(0o666 & ~_umask())
        for target, temporary in waiting.items():
            temporary.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{target}: could not be written ({reason}); nothing was changed"
        raise CouldNotWrite(message) from error
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
