"""Write a brief: measure, compose, render, and put the files beside each other."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from narrows.brief.about import about
from narrows.brief.annex import annex
from narrows.brief.compose import composed
from narrows.brief.facts import Facts
from narrows.brief.limits import PLAN_STEPS, STEPS, STRESS_STEPS
from narrows.brief.planned import BUDGET_USD, asked_of
from narrows.brief.render.scripts import within_fonts
from narrows.brief.render.to_html import html
from narrows.brief.render.to_json import record
from narrows.brief.render.to_typst import fits, pdf
from narrows.brief.results import Results
from narrows.brief.stress import DRAWS, scenario_of
from narrows.brief.tree import Document
from narrows.brief.wiring import results_of
from narrows.evidence import Case
from narrows.simulate import Scenario
from narrows.terms import BadInput, Fault, write_whole

__all__ = ["FORMATS", "KNOWN", "Brief", "write"]

FORMATS = ("pdf", "html", "json")
KNOWN = (*FORMATS, "docx", "xlsx")
MARKING_MOST = 80  # signs of a marking that fit one line of a page


@dataclass(frozen=True)
class Brief:
    """A brief that was written.

    Attributes
    ----------
    document
        What it says.
    results
        The tables it is made of.
    files
        The files written.
    answers
        The answers, one sentence each.
    pages
        Pages of the PDF on which the second page and the annex begin; None without a PDF.
    """

    document: Document
    results: Results
    files: tuple[Path, ...]
    answers: tuple[str, ...]
    pages: tuple[int, int] | None = None


def write(
    case: Case,
    scenario: Scenario | str | Path | None,
    path: str | Path,
    *,
    period: str | int | None = None,
    draws: int = 200,
    seed: int = 1,
    formats: Sequence[str] = FORMATS,
    marking: str = "",
    stress_draws: int = DRAWS,
    workers: int = 1,
    plan: bool | None = None,
    budget_usd: float = BUDGET_USD,
    payers: Sequence[str] = (),
    options: str | Path | None = None,
    likelihood: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Brief:
    """Write the brief of a case, its formats beside each other.

    Parameters
    ----------
    case
        The case.
    scenario
        What happens over time: a scenario, its name or its file. None: the one that the case
        names under `brief`, if any. ``none``: nothing, the brief has static answers only.
    path
        Where to: ``brief.pdf`` gives brief.pdf, brief.html and brief.json; ``brief.docx`` gives
        those three and the Word document.
    period
        Period shown; the default one of the case where not given.
    draws, seed
        Draws of the estimates to see how often a rank holds.
    formats
        Which of ``pdf``, ``html``, ``json``, ``docx`` and ``xlsx`` to write.
    marking
        A line, such as ``OFFICIAL``, for the top and the bottom of every page.
    stress_draws
        Draws of everything with a range for the answer over time.
    workers
        Processes for these draws; more than 1 needs ``if __name__ == "__main__":`` around the
        main part of a script.
    plan
        Whether to plan against the scenario: True: yes, and say what hinders it; False: no; None:
        where the case has options and the scenario a likelihood.
    budget_usd, payers
        US dollars in all that a plan may spend, and who pays; no payers: whoever the options name.
    options
        File of options; by default ``options.yaml`` of the case.
    likelihood
        Probability a year that the scenario begins; by default that of the options.
    progress
        Called with steps done and steps in all, while measuring and then while drawing.

    Returns
    -------
    Brief
        What was written, with its answers as sentences.

    Raises
    ------
    BadInput
        When the scenario is of another case, a format is unknown, the path is a folder, or the
        marking is no single line that the pages can show.
    UnknownName
        When there is no such scenario.
    CouldNotWrite
        When a file cannot be written; nothing half-written is left.
    CouldNotFinish
        When the page cannot be set.
    """
    stem, wanted, happening = _checked(case, scenario, path, formats, marking)
    asked = None
    if happening is not None and plan is not False:
        asked = asked_of(
            case,
            happening,
            budget_usd=budget_usd,
            payers=payers,
            options=options,
            likelihood=likelihood,
        )
    if plan is True and asked is None:
        raise BadInput(_nothing_to_plan(happening))
    results = results_of(
        case,
        period=period,
        draws=draws,
        seed=seed,
        scenario=happening,
        stress_draws=stress_draws,
        workers=workers,
        asked=asked,
        plan=plan,
        progress=progress,
    )
    document = fitted(case, results, marking.strip())
    pages = pdf(document) if "pdf" in wanted else None
    contents = {"pdf": pages.data} if pages else {}
    contents |= {name: _made(name, document, case, results) for name in wanted if name != "pdf"}
    files = {stem.with_name(f"{stem.name}.{name}"): data for name, data in contents.items()}
    write_whole(files)
    return Brief(
        document=document,
        results=results,
        files=tuple(files),
        answers=document.answers,
        pages=None if pages is None else (pages.second, pages.annex),
    )


def _nothing_to_plan(happening: Scenario | None) -> Fault:
    """Say what a plan lacks."""
    if happening is None:
        return Fault("plan", None, "", "no scenario", "a scenario to plan against")
    found = f"no options, or no likelihood of {happening.name}"
    expected = "options of the case or a file, and a likelihood there or given"
    return Fault("plan", None, "", found, expected)


def _made(name: str, document: Document, case: Case, results: Results) -> bytes:
    """Give the bytes of a format other than PDF; office libraries are loaded where needed."""
    if name == "docx":
        from narrows.brief.render.to_docx import docx

        return docx(document)
    if name == "xlsx":
        from narrows.brief.render.to_xlsx import xlsx

        return xlsx(document, about(document, case, results))
    if name == "html":
        return html(document).encode()
    text = json.dumps(record(document, case, results), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def fitted(case: Case, results: Results, marking: str = "") -> Document:
    """Compose with as much as two pages hold, less step by step until it fits.

    The fit is tried without the long tables of the annex; they do not change with it.
    """
    facts = Facts(case, results)
    back = annex(facts)
    steps = STEPS if results.stress is None else STRESS_STEPS
    steps = PLAN_STEPS if results.help is not None else steps
    document = replace(composed(facts, steps[0], back), marking=marking)
    for limits in steps[1:]:
        if fits(replace(document, annex=document.annex[-1:])):
            break
        document = replace(composed(facts, limits, back), marking=marking)
    return document


def _checked(
    case: Case, scenario: object, path: str | Path, formats: Sequence[str], marking: str
) -> tuple[Path, tuple[str, ...], Scenario | None]:
    target, happening = Path(path), None
    faults = _unfit(marking)
    try:
        happening = scenario_of(case, scenario)
    except BadInput as error:
        faults.extend(error.faults)
    unknown = [name for name in formats if name not in KNOWN]
    if unknown or not formats:
        found = ", ".join(map(repr, unknown)) or "none"
        faults.append(Fault("formats", None, "", found, "one or more of " + ", ".join(KNOWN)))
    if target.is_dir() or not target.name:
        faults.append(Fault("path", None, "", f"the folder {target}", "a file such as brief.pdf"))
    if faults:
        raise BadInput(faults)
    named = target.suffix.lstrip(".")
    stem = target.with_suffix("") if named in KNOWN else target
    more = [named] if named not in FORMATS else []  # brief.docx asks for the Word document too
    return stem, tuple(name for name in KNOWN if name in (*formats, *more)), happening


def _unfit(marking: str) -> list[Fault]:
    """Name what keeps a marking from standing whole on every page."""
    text = marking.strip()
    if len(text) > MARKING_MOST or not text.isprintable():
        found = f"{len(text)} signs" if text.isprintable() else repr(text)
        return [Fault("marking", None, "", found, f"one line of up to {MARKING_MOST} signs")]
    if within_fonts(text) != text:
        return [Fault("marking", None, "", repr(text), "Latin, Greek or Cyrillic letters")]
    return []
