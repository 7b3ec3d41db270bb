"""What WeasyPrint leaves open on the way to a file that is both PDF/A-3a and PDF/UA-1.

It writes one variant; we ask for PDF/A-3a and add the rest on pydyf's objects:
 - the PDF/UA-1 mark, described by an extension schema as PDF/A demands, in plain XMP
 - /Scope on header cells, from the HTML's scope attribute
 - text in the page margins becomes an artifact: no screen reader reads it on each page
 - what a line says, where its glyphs do not tell (letters/rendering/tags.py), goes to its tag
 - a glyph that is only part of a character (Devanagari, keycaps) stands for nothing, not for ""
It also refuses a file without words: a font that went away leaves pages blank, and no error.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

from letters.rendering import tags

UA_DESCRIPTIONS = b"""\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 the file follows</pdfaProperty:description></rdf:li>\
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description></rdf:RDF>"""
TO_UNICODE = b"/CIDInit /ProcSet findresource begin"
NOTHING = b" <200b>"  # zero-width space
SCOPES = {"col": "/Column", "row": "/Row", "colgroup": "/Column", "rowgroup": "/Row"}


def finish(document: Any, pdf: Any) -> None:
    """WeasyPrint's ``finisher``: makes the file PDF/UA-1 as well. ValueError for a blank one."""
    if not any(font.to_unicode for font in document.fonts.values()):
        raise ValueError("a paper without a word was made")
    _declare_ua(pdf)
    _give_scope(document)
    _settle_marks(pdf)
    _mean_nothing(pdf)


def _declare_ua(pdf: Any) -> None:
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.compress = False
    (xml,) = metadata.stream
    assert xml.count(b"</rdf:RDF>") == 1, "WeasyPrint's metadata has changed"
    metadata.stream = [xml.replace(b"</rdf:RDF>", UA_DESCRIPTIONS)]


def _give_scope(document: Any) -> None:
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element_tag == "th" and hasattr(box, "mark"):
                box.mark["A"]["Scope"] = SCOPES[box.element.attrib.get("scope", "col")]


def _settle_marks(pdf: Any) -> None:
    """What is marked in a page's content but hangs nowhere in the structure tree is margin text."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    reachable = set(_below(pdf, root))
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    for page, references in zip(_pages(pdf), numbers[1::2], strict=False):
        content = _object(pdf, page["Contents"]).stream
        places = _places(content)
        assert sorted(places) == list(range(len(references))), "WeasyPrint's marks have changed"
        for mark, reference in enumerate(references):
            place = places[mark]
            if _number(reference) not in reachable:
                artifact = pydyf.Dictionary({"Type": "/Pagination"})
                content[place - 1 : place + 1] = ["/Artifact", artifact]
                references[mark] = "null"
            elif "ActualText" in content[place]:
                tags.spell(_object(pdf, reference), content[place])
    for element in pdf.objects:
        if _is_structure(element) and element.number not in reachable:
            element.free = "f"


def _places(content: list[Any]) -> dict[int, int]:
    """The content says ``/P <</MCID 7>> BDC``, three operators in pydyf's list: 7 -> the second."""
    parts = enumerate(content)
    return {part["MCID"]: n for n, part in parts if isinstance(part, dict) and "MCID" in part}


def _mean_nothing(pdf: Any) -> None:
    """WeasyPrint says that such a glyph means ``<>``, which is no text a file may hold."""
    for part in pdf.objects:
        stream = getattr(part, "stream", None)
        if stream and stream[0] == TO_UNICODE:
            part.stream = [
                line[:-3] + NOTHING if line.endswith(b" <>") else line for line in stream
            ]


def _below(pdf: Any, element: Any) -> Iterator[int]:
    kids = element.get("K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid, bytes | str):
            child = _object(pdf, kid)
            yield child.number
            if _is_structure(child):
                yield from _below(pdf, child)


def _pages(pdf: Any) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


def _is_structure(element: Any) -> bool:
    return isinstance(element, dict) and element.get("Type") == "/StructElem"


def _object(pdf: Any, reference: bytes | str) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: bytes | str) -> int:
    return int(reference.split()[0])
