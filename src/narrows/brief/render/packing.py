"""The same bytes from the same document: zipped office files without the clock in them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping

__all__ = ["moment", "packed"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name


def moment(date: str) -> dt.datetime:
    """Give the day of the evidence as a moment; the first of 1980 where it is no day."""
    day = dt.date.fromisoformat(date) if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else None
    return dt.datetime(1980, 1, 1) if day is None else dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - as office files write it


def packed(data: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """Give a zip file anew with every time stamp the same, and some of its members replaced."""
    members = replaced or {}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as found,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in found.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, members.get(name, found.read(name)))
    return out.getvalue()
