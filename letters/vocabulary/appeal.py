"""More fields: a complaint and what we answer."""

from letters.vocabulary import base as t
from letters.vocabulary.base import Field, day

COMPLAINT = (
    t.REASONS,
    t.DECIDED_ON,
    t.ANSWER_ON,
    Field("klage_modtaget", "Den dag, klagen kom.", "28. januar 2027", day("received_on")),
    Field(
        "ja_senest", "Fristen for et ja, når tilskuddet venter.", "12. marts 2027", day("accept_by")
    ),
    t.FORSINKET,
)
UPHELD = (
    *t.DECISION,
    *COMPLAINT,
    Field("besvaret_den", "Den dag, klagen blev besvaret.", "12. februar 2027", day("answered_on")),
)
