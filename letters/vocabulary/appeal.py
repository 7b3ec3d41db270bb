"""More fields: a complaint and what we answer."""

from letters.vocabulary import base as t
from letters.vocabulary.base import Field, day, said

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
ANSWERED_ON = Field(
    "besvaret_den", "Den dag, klagen blev besvaret.", "12. februar 2027", day("answered_on")
)
UPHELD = (*t.DECISION, *COMPLAINT, ANSWERED_ON)
LATE = (
    *COMPLAINT,
    ANSWERED_ON,
    Field("retsgrundlag", "Den lov, puljen bygger på.", "serviceloven § 18", said("basis")),
    Field("klagefrist", "Den sidste dag at klage.", "11. februar 2027", day("late_after")),
)
