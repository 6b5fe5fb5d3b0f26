"""The error tree: exit codes, and messages that say what was found and what is allowed."""

import pytest

from narrows import terms
from narrows.terms import BadInput, CaseError, CouldNotFinish, CouldNotWrite, Fault, UnknownName


@pytest.mark.parametrize(
    ("error", "code"),
    [(BadInput, 2), (CaseError, 2), (UnknownName, 2), (CouldNotWrite, 2), (CouldNotFinish, 3)],
)
def test_every_error_has_its_exit_code_and_is_one_of_narrows(error, code):
    assert error.exit_code == code
    assert issubclass(error, terms.NarrowsError)


def test_a_fault_is_one_line_with_file_row_field_found_and_expected():
    fault = Fault("items.csv", 7, "kind", "'gass'", "one of gas, tool")
    assert str(fault) == "items.csv:7: kind: found 'gass'; expected one of gas, tool"
    assert str(Fault("a.csv", None, "", "nothing", "a file")) == (
        "a.csv: found nothing; expected a file"
    )


def test_bad_input_tells_every_fault_on_a_line_of_its_own():
    faults = [Fault("a.csv", row, "", "x", "y") for row in (2, 3)]
    error = BadInput(faults)
    assert error.faults == tuple(faults)
    assert str(error).splitlines() == [str(fault) for fault in faults]
    assert BadInput(faults[0]).faults == (faults[0],)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (["logic-lt10nm", "dram"], "nearest: logic-lt10nm"),
        (["dram", "nand"], "one of dram, nand"),
        ([], "nothing: there is none"),
        ([f"x{number}" for number in range(40)], "one of 40 known names, such as x0, x1"),
    ],
)
def test_an_unknown_name_offers_the_nearest_or_what_there_is(known, told):
    error = UnknownName("item", "logic-lt10", known)
    assert told in str(error)
    assert "logic-lt10" in str(error)


def test_what_is_exported_can_be_imported_and_is_sorted():
    assert all(hasattr(terms, name) for name in terms.__all__)
    assert len(set(terms.__all__)) == len(terms.__all__)
