"""What an item is under each control list: met, open or not met, and what to ask next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.screen.items.customs_codes import HsHint, triage
from narrows.screen.items.entries import ControlEntry, ControlList
from narrows.screen.items.reading import bundled_lists, control_list
from narrows.screen.items.trying import ItemTrial, values_around
from narrows.screen.rules.conditions import atoms
from narrows.screen.rules.leaves import Atom, Leaf
from narrows.screen.rules.notice import NOTICE
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.rules.truth import Truth
from narrows.screen.rules.vocabulary import vocabulary

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Classification", "EntryAnswer", "Question", "classify"]

_NEVER = "no entry held here is met; the list has entries that are not held"


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """Whether an item meets one control entry.

    Parameters
    ----------
    met
        True, False, or None where a parameter is missing.
    leaves
        The comparisons that decide it, or that are open.
    """

    list_: ControlList
    entry: ControlEntry
    met: Truth
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A parameter that can change the answer.

    Parameters
    ----------
    decides
        How many entries it leaves open.
    """

    fact: str
    ask: str
    unit: str
    choices: tuple[str, ...]
    decides: int


@dataclass(frozen=True)
class Classification:
    """What an item is under the control lists held here.

    Parameters
    ----------
    answers
        One an entry in force.
    questions
        The parameters that can change the answer, the most decisive first.
    hints
        What its customs code points to: where to look, never what it is.
    """

    item: Shipment
    on: date
    lists: tuple[ControlList, ...]
    answers: tuple[EntryAnswer, ...]
    questions: tuple[Question, ...]
    hints: tuple[HsHint, ...]
    notice: str = NOTICE

    def met(self, name: str) -> tuple[str, ...]:
        """Give the entries of a list that the item meets."""
        return tuple(a.entry.id for a in self.answers if a.list_.id == name and a.met is True)

    def open(self, name: str) -> tuple[str, ...]:
        """Give the entries of a list that a missing parameter leaves open."""
        return tuple(a.entry.id for a in self.answers if a.list_.id == name and a.met is None)

    def answer(self, name: str) -> str:
        """Give one word for a list: controlled, open or no_entry_met.

        `no_entry_met` speaks of the entries held here; no word says that an item is free.
        """
        if self.met(name):
            return "controlled"
        return "open" if self.open(name) else "no_entry_met"

    def to_frame(self) -> "pd.DataFrame":
        """Give one row an entry that is met or open, and one a list where there is none."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of `to_frame`."""
        out = []
        for each in self.lists:
            shown = [a for a in self.answers if a.list_ is each and a.met is not False]
            found = [self._row(a) for a in sorted(shown, key=lambda a: a.met is None)]
            out += found or [{**self._empty(each), "because": _NEVER}]
        return out

    def _empty(self, list_: ControlList) -> dict[str, Any]:
        names = ("entry", "title", "spine", "because", "missing", "cite", "read", "note")
        empty = dict.fromkeys(names, "")
        return {
            "list": list_.id,
            "answer": "no_entry_met",
            **empty,
            "on": self.on.isoformat(),
            "list_as_of": list_.as_of.isoformat(),
        }

    def _row(self, answer: EntryAnswer) -> dict[str, Any]:
        entry = answer.entry
        words = "; ".join(dict.fromkeys(leaf.words() for leaf in answer.leaves))
        return {
            **self._empty(answer.list_),
            "answer": "meets" if answer.met else "open",
            "entry": entry.id,
            "title": entry.title,
            "spine": entry.spine,
            "because": words if answer.met else "",
            "missing": "" if answer.met else words,
            "cite": entry.cite,
            "read": entry.read,
            "note": entry.note,
        }

    def as_json(self) -> dict[str, Any]:
        """Give the JSON form; its schema is `narrows.screen.decision_schema("item")`."""
        return {
            "schema": "narrows/screen-item/1",
            "notice": self.notice,
            "on": self.on.isoformat(),
            "item": {"name": self.item.name, "facts": dict(self.item.facts)},
            "answers": {each.id: self.answer(each.id) for each in self.lists},
            "rows": self.rows(),
            "questions": [
                {
                    "fact": each.fact,
                    "ask": each.ask,
                    "unit": each.unit,
                    "choices": list(each.choices),
                    "decides": each.decides,
                }
                for each in self.questions
            ],
            "hints": [each.as_row() for each in self.hints],
        }


def classify(
    given: str | Path | Mapping[str, Any] | Shipment,
    *,
    on: date | None = None,
    lists: Sequence[str | ControlList] | None = None,
) -> Classification:
    """Say which control entries an item meets, and which parameters would settle the rest.

    Parameters
    ----------
    given
        A YAML file or a mapping with the parameters of the item (``item: {kind: scanner, ...}``);
        other facts may be there and do not count.
    on
        The day; by default the one that the file names, else the present day.
    lists
        Names of bundled control lists, or lists; all bundled ones by default.

    Returns
    -------
    Classification
        Per entry whether it is met, is open or is not met, with the comparisons that decide; and
        the questions. While a parameter is missing no entry that asks for it counts as not met.

    Raises
    ------
    BadInput
        When a parameter is unknown or of the wrong type.

    Examples
    --------
    >>> found = classify(
    ...     {"item": {"kind": "scanner", "wavelength_nm": 13.5}}, on=date(2026, 1, 1), lists=["us"]
    ... )
    >>> found.met("us"), found.answer("us")
    (('3B001.f.1.a',), 'controlled')
    """
    item = read_shipment(given)
    day = on or item.on or datetime.now(tz=UTC).date()
    chosen = tuple(
        each if isinstance(each, ControlList) else control_list(each)
        for each in (bundled_lists() if lists is None else lists)
    )
    answers = _answers(chosen, item.facts, day)
    code = item.facts.get("item.hs")
    return Classification(
        item=item,
        on=day,
        lists=chosen,
        answers=answers,
        questions=_questions(chosen, item.facts, day, answers),
        hints=triage(str(code)) if code is not None else (),
    )


def _answers(
    lists: tuple[ControlList, ...], facts: Mapping[str, Any], day: date
) -> tuple[EntryAnswer, ...]:
    trial = ItemTrial(facts)
    return tuple(
        EntryAnswer(each, entry, *entry.when.test(trial))
        for each in lists
        for entry in each.in_force(day)
    )


def _questions(
    lists: tuple[ControlList, ...],
    facts: Mapping[str, Any],
    day: date,
    answers: tuple[EntryAnswer, ...],
) -> tuple[Question, ...]:
    """Try every missing parameter on both sides of every bound; keep what moves an answer.

    What kind of thing it is comes first and alone: it settles most entries at once.
    """
    if "item.kind" not in facts:
        return (_question("item.kind", sum(each.met is None for each in answers)),)
    open_ = [each for each in answers if each.met is None]
    counted = Counter(fact for each in open_ for fact in {leaf.fact for leaf in each.leaves})
    now = [each.met for each in answers]
    asked = [leaf for each in open_ for leaf in atoms(each.entry.when) if isinstance(leaf, Atom)]
    out = []
    for name, decides in counted.most_common():
        values = values_around(vocabulary()[name], [leaf for leaf in asked if leaf.name == name])
        if any(
            [each.met for each in _answers(lists, {**facts, name: value}, day)] != now
            for value in values
        ):
            out.append(_question(name, decides))
    return tuple(out)


def _question(name: str, decides: int) -> Question:
    fact = vocabulary()[name]
    return Question(name, fact.ask, fact.unit, fact.choices, decides)
