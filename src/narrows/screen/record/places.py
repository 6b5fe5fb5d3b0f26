"""Where the record of screenings lies when nothing else is said."""

import os
import sys
from pathlib import Path

__all__ = ["default_record"]


def default_record() -> Path:
    """Give the file: in ``$NARROWS_DATA``, or in the usual place of the system.

    Examples
    --------
    >>> default_record().name
    'screenings.sqlite'
    """
    home = Path.home()
    if chosen := os.environ.get("NARROWS_DATA"):
        root = Path(chosen)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "narrows"
    elif sys.platform == "darwin":
        root = home / "Library" / "Application Support" / "narrows"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "narrows"
    return root / "screenings.sqlite"
