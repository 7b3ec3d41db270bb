"""What a reader gets out of a PDF."""

from io import BytesIO

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The text of all pages, in the order of the page's content."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages) + "\n"
