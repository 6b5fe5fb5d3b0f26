"""The look of the Word document: page, styles, header and footer, properties."""

from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Pt, RGBColor

from narrows.brief.reading import plain
from narrows.brief.render.packing import moment
from narrows.brief.render.scripts import clean
from narrows.brief.render.word_elements import Element, field, paragraph, words
from narrows.brief.tree import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle

__all__ = ["FINE", "PLAIN", "TEXT_WIDTH", "WASH", "fresh"]

TEXT_WIDTH = 493.0  # points, as in the PDF
WASH = "F4F6F8"
PLAIN, FINE = 8.0, 7.2  # points of the text of tables
_FONT = "Times New Roman"
_INK, _MUTED = RGBColor(0x1D, 0x26, 0x30), RGBColor(0x5B, 0x65, 0x70)
_DEEP, _ACCENT = RGBColor(0x17, 0x3F, 0x67), RGBColor(0xA8, 0x40, 0x1C)
_MODE = "15"  # that of Word since 2013; an older one opens as a document of the past
_A4 = (Pt(595.28), Pt(841.89))
_TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="BriefTable">
  <w:name w:val="Brief Table"/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:color="1D2630"/>
      <w:bottom w:val="single" w:sz="8" w:color="1D2630"/>
      <w:insideH w:val="single" w:sz="2" w:color="C9D0D6"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="1D2630"/></w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
</w:style>
"""
# name, based on, points, colour, bold, space before, space after
_STYLES = (
    ("Title", "", 20, _INK, True, 0, 4),
    ("Heading 1", "", 14, _DEEP, True, 16, 4),
    ("Heading 2", "", 11.5, _DEEP, True, 11, 3),
    ("Heading 3", "", 10.5, _DEEP, True, 8, 3),
    ("Caption", "", 9, _INK, True, 8, 3),
    ("Header", "", 8, _MUTED, False, 0, 0),
    ("Footer", "", 7.5, _MUTED, False, 0, 0),
    ("List Bullet", "", 10, _INK, False, 0, 2),
    ("Brief Answer", "Normal", 13.5, _INK, False, 0, 5),
    ("Brief Small", "Normal", 8.5, _MUTED, False, 0, 4),
    ("Brief Cell", "Normal", PLAIN, _INK, False, 1, 1),
    ("Brief Fine Cell", "Normal", FINE, _INK, False, 0.5, 0.5),
    ("Brief Source", "Normal", 8.5, _INK, False, 0, 3),
    ("Brief Marking", "Normal", 9, _ACCENT, True, 0, 4),
)


def fresh(tree: Document) -> "WordDocument":
    """Give an empty document with page, styles, header, footer and properties."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Emu(side) for side in _A4)
    section.left_margin = section.right_margin = Pt((_A4[0].pt - TEXT_WIDTH) / 2)
    section.top_margin, section.bottom_margin = Pt(54), Pt(60)
    section.header_distance = section.footer_distance = Pt(22)
    _styles(document, tree.language)
    for part, lines in ((section.header, _header(tree)), (section.footer, _footer(tree))):
        part.is_linked_to_previous = False
        for old in part.paragraphs:
            old._p.getparent().remove(old._p)  # noqa: SLF001 - the library gives no other way
        for line in lines:
            part._element.append(line)  # noqa: SLF001 - the same
    for mode in document.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), _MODE)
    _properties(document, tree)
    return document


def _styles(document: "WordDocument", language: str) -> None:
    styles = document.styles
    normal: ParagraphStyle = styles["Normal"]
    _shaped(normal, 10, _INK, bold=False, before=0, after=5)
    normal.paragraph_format.line_spacing = 1.05
    for name, base, size, colour, bold, before, after in _STYLES:
        if base:
            style: ParagraphStyle = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles[base]
        else:
            style = styles[name]
        _shaped(style, size, colour, bold=bold, before=before, after=after)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption", "Brief Answer"):
        styles[name].paragraph_format.keep_with_next = True
    styles["Brief Marking"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title = styles["Title"].element.pPr
    if title is not None and (line := title.find(qn("w:pBdr"))) is not None:
        title.remove(line)
    styles.element.append(parse_xml(_TABLE))
    for spoken in styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)


def _shaped(
    style: "ParagraphStyle",
    size: float,
    colour: RGBColor,
    *,
    bold: bool,
    before: float,
    after: float,
) -> None:
    font, space = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = _FONT, Pt(size), bold, False
    font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for key in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{key}"), _FONT)
    space.space_before, space.space_after = Pt(before), Pt(after)


def _header(tree: Document) -> list[Element]:
    marking = [paragraph("BriefMarking", [words(tree.marking)])] if tree.marking else []
    return [*marking, paragraph("Header", [words("NARROWS  ·  ", "w:b"), words(tree.subject)])]


def _footer(tree: Document) -> list[Element]:
    pages = [words("  ·  "), field("PAGE", "1"), words(" / "), field("NUMPAGES", "1")]
    line = paragraph("Footer", [words(plain(tree.legend)), *pages])
    return [line, *([paragraph("BriefMarking", [words(tree.marking)])] if tree.marking else [])]


def _properties(document: "WordDocument", tree: Document) -> None:
    known, day = document.core_properties, moment(tree.date)
    known.title, known.subject = clean(tree.title)[:255], clean(tree.subject)[:255]
    known.author = known.last_modified_by = "Narrows"
    known.comments, known.keywords = clean(tree.about)[:255], clean(tree.marking)
    known.language, known.created, known.modified = tree.language, day, day
    known.revision = 1
