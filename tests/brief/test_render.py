"""PDF, HTML and JSON: accepted, escaped, complete, loading nothing from outside."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import jsonschema
import pytest
import typst

from brief.conftest import AWKWARD, SOURCE
from narrows.brief import compose, schema
from narrows.brief.reading import blocks_of
from narrows.brief.render.marks import runs_of_numbers
from narrows.brief.render.scripts import within_fonts
from narrows.brief.render.to_html import html
from narrows.brief.render.to_json import record
from narrows.brief.render.to_typst import fits, markup, pdf
from narrows.brief.tree import Figure, Paragraph, Section, Text
from narrows.brief.writing import fitted
from narrows.terms import CouldNotFinish


@pytest.fixture(scope="module")
def page(document):
    return html(document)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "path", "rect", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


# ---------------------------------------------------------------- PDF


def test_typst_accepts_the_brief_as_tagged_pdf_ua(document):
    data = pdf(document).data
    assert data.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in data or b"/MarkInfo" in data
    assert b"pdfuaid:part" in data


def test_the_same_brief_has_the_same_bytes(document):
    assert pdf(document).data == pdf(document).data


def test_a_document_without_a_title_is_refused(document):
    with pytest.raises(CouldNotFinish, match="page could not be set"):
        pdf(replace(document, title=""))


def test_a_picture_without_words_is_refused(document):
    mute = re.sub(r'alt: "(?:[^"\\]|\\.)*", ', "", markup(document))
    with pytest.raises(typst.TypstError, match="alt"):
        typst.compile(mute.encode(), format="pdf", pdf_standards=["ua-1"])


def test_signs_that_no_embedded_font_has_do_not_stop_the_brief(document):
    words = (Paragraph((Text("漢字 and 한국어 and \U0001f600 and \U00010330 and \x00"),)),)
    odd = replace(document, annex=(Section("odd", "Odd", words), *document.annex))
    assert pdf(odd).data


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ärzte – 92 % ← “x”", "Ärzte – 92 % ← “x”"),
        ("华为技术 (Huawei)", "[Chinese characters] (Huawei)"),
        ("サプライ and 공급", "[Japanese] and [Korean]"),
        ("a\x00b", "a b"),
    ],
)
def test_scripts_beyond_the_fonts_are_named(text, shown):
    assert within_fonts(text) == shown


def test_typst_markup_in_names_stays_words(document):
    source = markup(document)
    escaped = AWKWARD.replace("\\", "\\\\").replace('"', '\\"')
    assert escaped in source
    lines = [line for line in source.splitlines() if "#table(1)" in line]
    assert all(re.search(r'"[^"]*#table\(1\)', line) for line in lines)


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("semiconductors", None),
        ("semiconductors", "2019"),
        ("semiconductors", "2025"),
        ("batteries", None),
        ("energy-and-food", None),
    ],
)
def test_the_brief_proper_stands_on_two_pages(bundled, name, period):
    found = fitted(*bundled(name, period))
    assert found.annex[-1].id == "sources"
    assert fits(replace(found, annex=found.annex[-1:]))


def test_the_annex_begins_on_page_three(bundled):
    pages = pdf(fitted(*bundled("batteries")))
    assert (pages.second, pages.annex) == (2, 3)


def test_a_brief_too_long_for_two_pages_is_seen(document):
    long = tuple(Paragraph((Text("Words. " * 60),)) for _ in range(40))
    assert not fits(replace(document, first=(*document.first, Section("long", "Long", long))))


# ---------------------------------------------------------------- HTML


def test_the_page_loads_nothing_from_outside(page):
    for tag, attributes in read(page).tags:
        assert tag not in (
            "script",
            "link",
            "iframe",
            "img",
            "object",
            "embed",
            "base",
            "use",
            "image",
        )
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name == "href":
                assert tag == "a"
                assert re.match(r"#|https?://", value)
            elif name not in ("title", "content", "xmlns"):
                assert "http" not in (value or "")
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in style
    assert "url(" not in style


def test_markup_in_names_is_only_words_on_the_page(page):
    assert "<script>alert" not in page
    assert 'Chip <b>"#1"</b>' not in page
    text = "".join(read(page).texts)
    assert AWKWARD in text
    assert SOURCE.split(" &")[0] in text


def test_the_page_has_language_title_headings_in_order_and_table_heads(page):
    tags = read(page).tags
    assert ("html", {"lang": "en"}) in tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= sooner + 1 for sooner, later in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in tags if tag == "th")
    assert any(attributes.get("scope") == "row" for _, attributes in tags)


def test_every_mark_leads_to_its_source_and_every_id_is_given_once(page):
    tags = read(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in tags if tag == "a" and a["href"].startswith("#")}
    assert targets <= set(ids)
    labelled = " ".join(a.get("aria-labelledby", "") for _, a in tags).split()
    assert set(labelled) <= set(ids)


def test_every_drawing_on_the_page_has_a_title_a_description_and_a_table(page, document):
    tags = read(page).tags
    pictures = [a for tag, a in tags if tag == "svg"]
    figures = [b for s in document.sections for b in blocks_of(s.blocks) if isinstance(b, Figure)]
    assert len(pictures) == len(figures)
    assert all(a["role"] == "img" and a["aria-labelledby"] for a in pictures)
    assert sum(tag == "desc" for tag, _ in tags) == len(figures)
    assert sum(tag == "details" for tag, _ in tags) == len(figures)


def test_assumed_and_derived_figures_carry_a_mark_that_can_be_seen(page):
    assert re.search(r'<abbr class="grade a" title="rests on an assumption of ours">a</abbr>', page)
    assert '<abbr class="grade d"' in page


def test_figures_set_by_the_user_are_marked(plain_case, plain_results):
    changed = plain_case.override({"share.chip.TWN": 50})
    shown = html(compose(changed, plain_results))
    assert '<abbr class="grade u"' in shown
    assert "share.chip.TWN = 50" in shown


def test_numbers_of_sources_in_a_row_are_joined():
    assert runs_of_numbers([1, 2, 3, 5, 6, 9]) == [("1–3", 1), ("5", 5), ("6", 6), ("9", 9)]
    assert runs_of_numbers([]) == []


# ---------------------------------------------------------------- the marking


def test_a_marking_stands_at_the_top_and_the_bottom_of_every_page(document, case, results):
    marked = replace(document, marking="ONLY <b>US</b> & friends")
    page = html(marked)
    assert page.count('class="marking') == 2
    assert page.count("ONLY &lt;b&gt;US&lt;/b&gt; &amp; friends</div>") == 2
    assert 'marking: "ONLY <b>US</b> & friends"' in markup(marked)
    assert pdf(marked).data != pdf(document).data
    made = json.loads(json.dumps(record(marked, case, results), allow_nan=False))
    jsonschema.validate(made, schema())
    assert made["marking"] == marked.marking


def test_without_a_marking_there_is_no_empty_line(document, page, case, results):
    assert 'class="marking' not in page
    assert record(document, case, results)["marking"] == ""


# ---------------------------------------------------------------- JSON


def test_the_numbers_follow_the_published_schema(document, case, results):
    made = json.loads(json.dumps(record(document, case, results), allow_nan=False))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(made, schema())
    assert made["schema"] == "narrows/brief/1"
    assert [answer["id"] for answer in made["answers"]] == ["narrow", "stops", "whom"]
    assert len(made["results"]["concentration"]["rows"]) == len(results.concentration)


def test_each_value_of_a_sentence_is_found_under_its_key(document, case, results):
    made = record(document, case, results)
    rows = {row["item"]: row for row in made["results"]["concentration"]["rows"]}
    checked = 0
    for value in made["answers"][0]["values"]:
        measure, item, column = value["key"].split("/")
        assert measure == "concentration"
        assert value["number"] == pytest.approx(rows[item][column])
        checked += 1
    assert checked
