"""How an answer reaches us: on the case, or in a letter where nobody of the applicant can log in.

Source: forvaltningsloven § 7 (an authority tells how to answer in a way the person can use).
"""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from letters.facts.base import in_template
from letters.vocabulary.base import Facts, Field, block, holds, link, when


def _where(facts: Facts) -> str:
    is_english = get_language() == "en"
    if facts.get("is_on_paper"):
        return "by letter, or call us" if is_english else "i et brev, eller ring til os"
    return "in your case" if is_english else f"på {in_template(facts)['din']} sag"


def _address(facts: Facts) -> SafeString:
    """The case's own address; to whom cannot open it, ours."""
    if not facts.get("is_on_paper"):
        return link("link")(facts)
    said = {**facts, "is_english": get_language() == "en"}
    return render_to_string("letters/_block_write_to_us.html", said)


ANSWERING = (
    when("på_papir", "Ingen hos ansøgeren kan logge ind.", holds("is_on_paper")),
    Field(
        "på_sagen",
        "”på jeres sag”; ”i et brev, eller ring til os”, når ingen hos ansøgeren kan logge ind.",
        "på jeres sag",
        _where,
    ),
    block(
        "sagslink",
        "Adressen på ansøgerens sag; vores egen adresse, når ingen kan logge ind.",
        "https://…/ansoeg/14/",
        _address,
    ),
)
