"""Tables fit the window: no number is cut, text runs over, spare columns give way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.cli.tables import Column, number, print_table, print_tables, text

COLUMNS = [text("item", 10), text("name", 12, spare=2), number("share"), text("source", spare=1)]
ROWS = [
    ["hydrogen-fluoride-hp", "Hydrogen fluoride, high purity", "55.25 %", "narrows-assumption"],
    ["eda", "Design software", "8 %", "sia-2021-strengthening"],
]


@pytest.fixture
def printed(capsys, monkeypatch):
    def shown(rows, columns, room=None, title=""):
        if room:
            monkeypatch.setenv("COLUMNS", str(room))
        else:
            monkeypatch.delenv("COLUMNS", raising=False)
        print_table(rows, columns, title=title)
        return capsys.readouterr().out.splitlines()

    return shown


def test_in_a_pipe_a_row_is_one_line(printed):
    lines = printed(ROWS, COLUMNS)
    assert len(lines) == 3
    assert lines[1].split("  ")[:2] == ["hydrogen-fluoride-hp", "Hydrogen fluoride, high purity"]
    assert lines[1].endswith("narrows-assumption")


def test_numbers_are_set_to_the_right(printed):
    rows = [[row[0], row[2]] for row in ROWS]
    _, first, second = printed(rows, [text("item"), number("share")])
    assert first.endswith("55.25 %")
    assert second.endswith("    8 %")


def test_text_runs_over_in_a_narrow_window(printed):
    lines = printed(ROWS, COLUMNS, 72)
    assert max(map(len, lines)) <= 72
    assert "Left out" not in " ".join(lines)
    assert "55.25 %" in "\n".join(lines)


def test_spare_columns_give_way_and_are_named(printed):
    lines = printed(ROWS, COLUMNS, 40)
    assert max(map(len, lines)) <= 40
    assert "Hydrogen" not in "\n".join(lines)
    assert "Left out, the window is narrow: name" in " ".join(lines)
    assert "55.25 %" in "\n".join(lines)


def test_an_arrow_stays_with_what_it_points_from(printed):
    reason = "smartphone <- logic-lt10nm <- TWN 92 %"
    lines = printed([[reason]], [text("because", 20)], 24)
    assert " ".join(" ".join(lines[1:]).split()) == reason
    assert not any(line.rstrip().endswith("<-") for line in lines)
    assert any("TWN 92 %" in line for line in lines)


def test_tables_of_one_kind_share_their_widths(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    columns = [text("item"), number("share")]
    print_tables([("One", [["a", "1 %"]]), ("Two", [["a-long-name", "100 %"]])], columns)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("item")] == ["item         share"] * 2
    assert lines.index("Two") == 4


def test_letters_of_two_columns_are_counted_as_two(printed):
    lines = printed([["台湾", "1 %"], ["Taiwan", "2 %"]], [text("name"), number("share")])
    assert lines[1:] == ["台湾      1 %", "Taiwan    2 %"]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="ascii", categories=("L", "N", "Zs", "P")), max_size=60),
            st.floats(0, 100).map(lambda value: f"{value:.4g} %"),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(30, 140),
)
def test_every_number_is_whole_at_any_width(rows, room):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(room))
        written = []
        patch.setattr(
            "narrows.cli.printing._Console.print", lambda self, it="", **k: written.append(str(it))
        )
        print_table(rows, [Column("id", least=8), number("share")])
    lines = "\n".join(written).splitlines()
    assert max(map(len, lines)) <= room
    for _, share in rows:
        assert any(line.endswith(share) for line in lines)
