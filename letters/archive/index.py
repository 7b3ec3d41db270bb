"""The package's index: the case and its documents in OIO's words, as XML.

The names are OIO Sag's and OIO Dokument's (urn:oio:sagdok:3.0.0); the file is the house's own and
claims no schema of theirs: an ESDH's import maps it, and every adapter has the same values.
"""

from xml.etree import ElementTree as ET

from letters.archive.papers import Paper
from letters.archive.subject import Subject

NAMESPACE = "urn:puljer:sag:1"
# XML 1.0 knows no other control characters than these
_ALLOWED = {"\t", "\n", "\r"}


def index_xml(subject: Subject, papers: tuple[Paper, ...]) -> bytes:
    """UTF-8; the same case gives the same bytes."""
    root = ET.Element("Sag", {"xmlns": NAMESPACE})
    _put(root, "UUID", str(subject.uuid))
    _put(root, "Brugervendtnoegle", subject.number)
    _put(root, "Sagsnummer", subject.number)
    _put(root, "Titel", subject.title)
    _put(root, "Hjemmel", subject.legal_basis)
    _put(root, "Kassationskode", subject.disposal)
    _put(root, "Fremdrift", subject.progress)
    _put(root, "Oprettet", subject.opened_on.isoformat())
    _put(root, "Afsluttet", subject.closed_on.isoformat() if subject.closed_on else "")
    _put(root, "Primaerklasse", subject.kle, {"register": "KLE"})
    _put(root, "Handlingsklasse", subject.action_facet)
    _put(root, "Ejer", subject.owner)
    _put(root, "Ansvarlig", subject.responsible)
    _put(root, "Primaerbehandler", subject.handler)
    party = ET.SubElement(root, "Primaerpart")
    _put(party, "Navn", subject.party_name)
    _put(party, "CVRnummer", subject.party_cvr)
    posts = ET.SubElement(root, "Journalposter", {"antal": str(len(papers))})
    for paper in papers:
        _document(posts, paper)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _document(posts: ET.Element, paper: Paper) -> None:
    one = ET.SubElement(posts, "Dokument")
    _put(one, "UUID", str(paper.uuid))
    _put(one, "Titel", paper.title)
    _put(one, "Dokumenttype", paper.kind)
    _put(one, "Retning", paper.direction)
    _put(one, "Brevdato", paper.dated.isoformat())
    _put(one, "Fremdrift", "Endeligt")
    _put(one, "Offentlighedundtaget", "ja" if paper.is_exempt else "nej")
    file = ET.SubElement(one, "Del")
    _put(file, "Filnavn", f"dokumenter/{paper.name}")
    _put(file, "Mimetype", paper.media_type)
    _put(file, "Sha256", paper.sha256)
    if paper.proof:
        proof = ET.SubElement(one, "Bevis")
        for name, value in paper.proof:
            _put(proof, name, value)


def _put(parent: ET.Element, name: str, value: str, extra: dict[str, str] | None = None) -> None:
    """An element, also when it is empty: an import sees what was not known."""
    ET.SubElement(parent, name, extra or {}).text = _clean(value)


def _clean(text: str) -> str:
    return "".join(
        sign
        for sign in text
        if sign in _ALLOWED
        or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff")
    )
