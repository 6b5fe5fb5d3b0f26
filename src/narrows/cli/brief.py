"""`narrows brief`: two pages and an annex, as PDF, HTML and JSON; as Word and workbook if asked."""

import os
from pathlib import Path
from typing import Annotated

import typer

from narrows.cli.options import (
    DEFAULT_CASE,
    CaseName,
    Json,
    PeriodOption,
    Seed,
    Settings,
    coded,
    opened,
)
from narrows.cli.printing import print_json, progress, say

__all__ = ["brief"]


def brief(
    case: CaseName = DEFAULT_CASE,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="PDF to write, HTML and JSON beside it; X.docx adds Word."),
    ] = None,
    docx: Annotated[bool, typer.Option("--docx", help="Write a Word document too.")] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write every table as a workbook too.")
    ] = False,
    period: PeriodOption = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Draws of the estimates to see how ranks hold.")
    ] = 200,
    seed: Seed = 1,
    settings: Settings = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="What happens over time: a scenario or a file; none: nothing. "
            "Left out: the one that the case names.",
        ),
    ] = None,
    stress_draws: Annotated[
        int, typer.Option("--stress-draws", min=1, help="Draws of the scenario.")
    ] = 64,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Processes for them; all cores if left out."),
    ] = None,
    plan: Annotated[
        bool | None,
        typer.Option(
            "--plan/--no-plan",
            help="Say what helps; left out: where options and likelihood are known.",
        ),
    ] = None,
    budget: Annotated[
        float, typer.Option("--budget", min=0, help="US dollars in all that a plan may spend.")
    ] = 50e9,
    payers: Annotated[
        str | None, typer.Option("--payers", help="Places that pay, with commas between.")
    ] = None,
    options: Annotated[
        Path | None, typer.Option("--options", help="YAML file; by default that of the case.")
    ] = None,
    likelihood: Annotated[
        float | None,
        typer.Option(
            "--likelihood",
            min=0,
            max=1,
            help="Probability a year that the scenario begins; by default that of the options.",
        ),
    ] = None,
    marking: Annotated[
        str,
        typer.Option("--marking", metavar="TEXT", help="Line at top and bottom of every page."),
    ] = "",
    as_json: Json = False,
) -> int:
    """Write the brief on a case and print its answers."""
    from narrows.brief import FORMATS, write

    more = [name for name, wanted in (("docx", docx), ("xlsx", xlsx)) if wanted]
    found = opened(case, settings)
    path = out or Path(f"{found.name}-brief.pdf")
    with progress("measuring") as tick:
        made = write(
            found,
            scenario,
            path,
            period=period,
            draws=draws,
            seed=seed,
            formats=(*FORMATS, *more),
            marking=marking,
            stress_draws=stress_draws,
            workers=workers or os.cpu_count() or 1,
            plan=plan,
            budget_usd=budget,
            payers=[coded(name.strip()) for name in (payers or "").split(",") if name.strip()],
            options=options,
            likelihood=likelihood,
            progress=tick,
        )
    if as_json:
        files = [str(file) for file in made.files]
        answers = list(made.answers)
        print_json({"schema": "narrows/brief-written/1", "answers": answers, "files": files})
        return 0
    for sentence in made.answers:
        say(sentence)
    for file in made.files:
        say(f"written: {file}", style="dim")
    return 0
