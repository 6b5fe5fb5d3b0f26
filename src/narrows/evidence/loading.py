"""Load a case: a bundled one by name, or the user's own by folder."""

from importlib.resources import files
from pathlib import Path

from narrows.evidence.case import Case
from narrows.evidence.checking import faults_of
from narrows.evidence.package import read_package
from narrows.terms import CaseError, Fault, UnknownName

__all__ = ["bundled", "load"]


def bundled() -> dict[str, Path]:
    """Give the folders of the bundled cases by name."""
    root = Path(str(files("narrows.evidence"))) / "data"
    return {path.parent.name: path.parent for path in sorted(root.glob("*/case.yaml"))}


def load(case: str | Path) -> Case:
    """Load and check a case.

    Parameters
    ----------
    case
        Name of a bundled case, or a case folder.

    Raises
    ------
    UnknownName
        When it is neither.
    CaseError
        When the folder is faulty; carries every fault with file, row, found and expected.

    Examples
    --------
    >>> load("semiconductors").shares("logic-lt10nm", period=2019)[["entity", "value"]]
      entity  value
    0    TWN   92.0
    1    KOR    8.0
    """
    folder = bundled().get(str(case))
    if folder is None:
        folder = Path(case)
        if not folder.exists() and len(folder.parts) == 1:
            raise UnknownName("case", str(case), list(bundled()))
    faults: list[Fault] = []
    package = read_package(folder, faults)
    if package is not None:
        faults.extend(faults_of(package, faults))
    if faults or package is None:
        raise CaseError(faults)
    return Case(package)
