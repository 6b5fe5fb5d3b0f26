"""The US control list, Country Chart and Country Groups as published, from the user's folder."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from narrows.screen.control_lists.us_names import us_place
from narrows.screen.control_lists.us_scope import applies, requires
from narrows.screen.control_lists.us_xml import read_chart, read_groups, read_list, supplements
from narrows.screen.rules.leaves import Leaf, Trial
from narrows.screen.rules.pack_reading import pack
from narrows.screen.rules.packs import Pack
from narrows.screen.rules.truth import Truth, all_of, any_of
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["UsControls", "UsEntry", "UsRequirement", "read_us_controls"]

_GROUPS = {"A1": "A:1", "A5": "A:5", "A6": "A:6", "B": "B", "D1": "D:1", "D4": "D:4", "D5": "D:5"}

_AS_WITH = {"LIE": "CHE", "CYM": "GBR"}
"""Places without a row that the regulations treat as another (15 CFR 738.3(b), footnote 5)."""


NOT_HELD = "us.list.not-held"
"""The rule of the bundled pack on entries that it does not hold."""


@dataclass(frozen=True, slots=True)
class UsEntry:
    """An entry of the Commerce Control List: heading, licence requirements, list exceptions."""

    eccn: str
    heading: str
    rows: tuple[tuple[str, str], ...]
    exceptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UsRequirement:
    """A reason for control at a destination.

    Parameters
    ----------
    applies
        Whether the row applies to the paragraph; None where the row's words decide it.
    required
        Whether it asks for a licence there; None where the words have to be read.
    """

    control: str
    requirement: str
    applies: Truth
    required: Truth


@dataclass(frozen=True)
class UsControls:
    """What was read from a folder of US texts."""

    issued: date | None
    entries: Mapping[str, UsEntry]
    columns: Mapping[str, frozenset[str]]
    embargoed: frozenset[str]
    groups: Mapping[str, frozenset[str]]
    unplaced: tuple[str, ...]

    def requirements(self, code: str, place: str) -> tuple[UsRequirement, ...]:
        """Say which reasons for control apply to an entry, and whether they ask for a licence.

        Parameters
        ----------
        code
            Entry with its paragraph, such as ``3B001.f.1.b``.
        place
            The destination.

        Raises
        ------
        UnknownName
            When the list has no such entry.
        """
        eccn = code.partition(".")[0].upper()
        if eccn not in self.entries:
            raise UnknownName("entry", code, list(self.entries))
        paragraph = code.partition(".")[2]
        exact = f"{eccn}.{paragraph}" if paragraph else eccn
        there = "CHN" if place == "HKG" else place
        found = []
        for control, words in self.entries[eccn].rows:
            scope = applies(control, exact)
            if scope is False:
                continue
            asked = requires(words, there, self.columns, self.embargoed, self.groups)
            found.append(UsRequirement(control, words, scope, asked))
        return tuple(found)

    def pack(self) -> Pack:
        """Give the bundled US rules with this chart and these groups in place of the bundled.

        A shipment that states the entry of its item (`item.code.us`) is then decided for every
        entry of the list, also for those that the bundled rules do not hold.
        """
        bundled = pack("us")
        members = {name: self.groups[label] for name, label in _GROUPS.items()}
        members["E"] = self.groups["E:1"] | self.groups["E:2"]
        members["CONCERN"] = self.groups["D:5"] | {"MAC"}
        rules = tuple(
            replace(rule, when=WholeList(self)) if rule.id == NOT_HELD else rule
            for rule in bundled.rules
        )
        return replace(
            bundled,
            rules=rules,
            tests=tuple(test for test in bundled.tests if "item.code.us" not in test.facts),
            as_of=max(self.issued or bundled.as_of, bundled.as_of),
            sets=tuple(
                replace(each, members=members[each.name])
                if each.name in members and each.until is None
                else each
                for each in bundled.sets
            ),
            columns=self.columns,
            embargoed=self.embargoed,
        )


@dataclass(frozen=True, slots=True, eq=False)
class WholeList(Leaf):
    """The whole list asks for a licence, for an entry that the bundled pack does not hold."""

    controls: UsControls

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        return "item.code.us"

    def words(self) -> str:
        """Say what is asked."""
        return "a reason for control of item.code.us asks for a licence to route.to"

    def test(self, trial: Trial) -> tuple[Truth, tuple[Leaf, ...]]:
        """Ask every reason for control of the entry; words that refer elsewhere leave it open."""
        code, place = trial.facts.get("item.code.us"), trial.facts.get("route.to")
        if code is None or not trial.code_not_held():
            return False, (self,)
        if place is None or str(code).partition(".")[0] not in self.controls.entries:
            return None, (self,)
        found = self.controls.requirements(str(code), place)
        return any_of(all_of((each.applies, each.required)) for each in found), (self,)


def read_us_controls(folder: Path | str) -> UsControls:
    """Read the US control list, Country Chart and Country Groups from a folder.

    The folder holds either the eCFR XML of title 15, parts 738, 740 and 774 (one file or several,
    any name), or ``country-chart.json``, ``country-groups.json`` and ``ccl.json`` (or
    ``ccl.json.gz``), as open repositories derive them.

    Raises
    ------
    BadInput
        When a part is missing, cut off or not readable.
    """
    path = Path(folder)
    if not path.is_dir():
        raise BadInput(Fault(str(path), None, "", "no folder", "a folder with the US texts"))
    xml = sorted(path.glob("*.xml"))
    raw = _from_xml(xml) if xml else _from_json(path)
    lost: list[str] = []
    columns = {place: frozenset(marks) for place, marks in _placed(raw["chart"], lost).items()}
    columns |= {new: columns[old] for new, old in _AS_WITH.items() if old in columns}
    columns["USA"] = frozenset()
    entries = {
        each["eccn"]: UsEntry(**{**each, "rows": tuple(each["rows"])}) for each in raw["list"]
    }
    return UsControls(
        issued=raw["issued"],
        entries=entries,
        columns=columns,
        embargoed=frozenset(_placed(dict.fromkeys(raw["elsewhere"]), lost)),
        groups={
            name: frozenset(_placed(dict.fromkeys(members), lost))
            for name, members in raw["groups"].items()
        },
        unplaced=tuple(dict.fromkeys(lost)),
    )


def _placed(named: Mapping[str, Any], lost: list[str]) -> dict[str, Any]:
    """Give values by place code; names that no place carries go to `lost`."""
    found = {name: us_place(name) for name in named}
    lost += [name for name, code in found.items() if code is None]
    return {code: named[name] for name, code in found.items() if code is not None}


def _from_xml(paths: list[Path]) -> dict[str, Any]:
    parts = {name: (path.name, each) for path in paths for name, each in supplements(path).items()}
    wanted = [f"Supplement No. 1 to Part {number}" for number in (738, 740, 774)]
    missing = [name for name in wanted if name not in parts]
    if missing:
        where = paths[0].parent.name
        raise BadInput(Fault(where, None, name, "nothing", "its eCFR text") for name in missing)
    chart, groups, controls = (parts[name] for name in wanted)
    marks, elsewhere = read_chart(chart[1], chart[0])
    return {
        "issued": None,
        "chart": marks,
        "elsewhere": elsewhere,
        "groups": read_groups(groups[1], groups[0]),
        "list": read_list(controls[1]),
    }


def _from_json(folder: Path) -> dict[str, Any]:
    chart = _json(folder, "country-chart.json")
    groups = _json(folder, "country-groups.json")
    controls = _json(folder, "ccl.json")
    return {
        "issued": date.fromisoformat(chart["ecfrIssueDate"]),
        "chart": {name: row["marks"] for name, row in chart["countries"].items()},
        "elsewhere": list(chart["embargoed"]),
        "groups": groups["groups"],
        "list": [
            {
                "eccn": each["eccn"],
                "heading": each["heading"],
                "rows": [(row["control"], row["countryChart"]) for row in each["countryChart"]],
                "exceptions": each["licenceExceptionFlags"],
            }
            for each in controls["entries"]
        ],
    }


def _json(folder: Path, name: str) -> dict[str, Any]:
    plain, packed = folder / name, folder / f"{name}.gz"
    if not plain.is_file() and not packed.is_file():
        raise BadInput(Fault(folder.name, None, name, "no such file", "the US text as JSON or XML"))
    try:
        data = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
        found = json.loads(data.decode("utf-8"))
    except (ValueError, EOFError, OSError) as error:
        raise BadInput(Fault(name, None, "", str(error), "a whole JSON file in UTF-8")) from error
    if not isinstance(found, dict):
        raise BadInput(Fault(name, None, "", type(found).__name__, "an object"))
    return found
