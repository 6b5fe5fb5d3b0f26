"""XML of lists read without outside entities, names of elements without their namespace."""

import re
from datetime import date
from xml.etree import ElementTree as ET

from narrows.screen.readers.files import ListFile, checked_date, fault

__all__ = ["children", "root_of", "text_at", "texts_at", "xml_date"]

_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def root_of(file: ListFile) -> ET.Element:
    """Give the root of an XML file.

    Raises
    ------
    BadInput
        When the file declares entities, breaks off, or is in another encoding than it says.
    """
    if _DECLARED.search(file.data[:4096]):
        raise fault(file.name, 1, "", "a declaration of document type", "plain XML without one")
    try:
        root = ET.fromstring(file.data)  # noqa: S314 - declarations are refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (None,))[0]
        raise fault(
            file.name, line, "", f"XML that breaks off or is damaged ({error})", "whole XML"
        ) from error
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
    return root


def children(element: ET.Element, path: str) -> list[ET.Element]:
    """Give the elements at a path."""
    return element.findall(path)


def text_at(element: ET.Element, path: str) -> str:
    """Give the text at a path, empty where there is none."""
    return " ".join((element.findtext(path) or "").split())


def texts_at(element: ET.Element, path: str) -> tuple[str, ...]:
    """Give the texts at a path, each once."""
    found = (" ".join((one.text or "").split()) for one in element.findall(path))
    return tuple(dict.fromkeys(text for text in found if text))


def xml_date(text: str, file: ListFile, today: date | None) -> str:
    """Give the stated date of a list.

    Raises
    ------
    BadInput
        When it lies in the future.
    """
    return checked_date(text, file.name, today=today)
