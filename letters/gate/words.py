"""The gate's lines about what the letter says: reasons, basis, appeal, conditions, its text."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from letters.facts.base import BASES
from letters.gate.found import Found, lacks, ok, unneeded
from letters.gate.matter import Matter, ruling_of
from letters.models import UNMADE_STATES
from letters.texts.parts import PARTS
from pulje.enums import AppealState
from pulje.rules.texts import FEWEST_LETTERS, says_nothing
from pulje.templatetags.words import dato_aar

NO_DECISION = "Brevet giver eller afslår ikke tilskud."
MET = "Der gives det hele, der er søgt om (forvaltningsloven § 22, stk. 1)."
ANEW = "Lav brevet igen."
TEXTS_URL = "/brev/tekster/"
FEWEST_SHARED = 5  # letters of a word that reasons and fact may have in common


def reasons(m: Matter) -> Found:
    """Source: forvaltningsloven § 22, by delegation, too."""
    if (why := _no_reasons_needed(m)) is not None:
        return why
    if m.is_lapse:
        return _missed(m)
    if says_nothing(m.reasons):
        sentence = f"Begrundelsen har ikke {FEWEST_LETTERS} bogstaver."
        return lacks(sentence, *_mend_reasons(m))
    if _plain(m.reasons) not in _plain(m.said):
        return lacks("Brevets begrundelse er en anden end afgørelsens.", ANEW, m.page_url)
    words = len(m.reasons.split())
    return ok(f"Begrundelsen er på {words} ord og står i brevet.")


def _missed(m: Matter) -> Found:
    """A lapse has no other reason than the deadline that ran out."""
    if day := m.facts.get("missed_on"):
        return ok(f"Brevet siger, at fristen {dato_aar(date.fromisoformat(day))} er udløbet.")
    if not says_nothing(m.facts.get("added", "")):
        return ok("Begrundelsen er føjet til brevet.")
    cure = "Ret teksten: skriv, hvilken frist der er udløbet."
    return lacks("Brevet siger ikke, hvilken frist der er udløbet.", cure, f"{m.page_url}#ret")


def grounds(m: Matter) -> Found:
    """Source: forvaltningsloven § 24, stk. 1 (the rules, and the main considerations)."""
    if (why := _no_reasons_needed(m)) is not None:
        return why
    d = m.decision
    if m.is_annulment or m.is_lapse:
        return _rules_named(m)
    if d is not None and d.version_id != m.case.version_id:
        return lacks(
            "Afgørelsen er truffet efter en anden version af puljens regler end sagens.",
            "Afgør sagen på ny efter de regler, sagen bedømmes efter.",
            m.case_url,
        )
    if m.claim is not None or m.change is not None or m.is_about_report:
        return ok("Afgørelsen bygger på vilkårene i bevillingen.")
    if m.appeal is not None and m.appeal.state == AppealState.REJECTED_AS_LATE:
        return _deadline_named(m)
    if d is not None and d.sections.strip():
        return _section_named(m, d.sections)
    if named := _named(m):
        return ok(f"Begrundelsen nævner {named}.")
    return lacks(
        "Brevet siger ikke, hvilket vedtaget kriterium der har været afgørende.",
        "Ret teksten: skriv, hvilket afsnit eller kriterium afgørelsen bygger på.",
        f"{m.page_url}#ret",
    )


def _section_named(m: Matter, sections: str) -> Found:
    told = m.facts.get("sections")
    if told != sections:
        sentence = f"Brevet henviser til {told or 'intet afsnit'}, afgørelsen til {sections}."
        return lacks(sentence, ANEW, m.page_url)
    return ok(f"Brevet henviser til {sections} i de vedtagne retningslinjer.")


def _rules_named(m: Matter) -> Found:
    """What is annulled or has lapsed is told with the rules that the case is treated by."""
    told, adopted_on = m.facts.get("basis"), m.facts.get("guidelines_on")
    if not told or not adopted_on:
        return lacks("Brevet siger ikke, hvilke regler sagen følger.", ANEW, m.page_url)
    day = dato_aar(date.fromisoformat(adopted_on))
    return ok(f"Brevet nævner {told} og retningslinjerne af {day}.")


def _deadline_named(m: Matter) -> Found:
    """A complaint that came too late is refused by the time to complain, and by nothing else."""
    if not m.facts.get("basis"):
        return lacks("Brevet siger ikke, hvilken klagefrist der gælder.", ANEW, m.page_url)
    return ok(f"Brevet nævner klagefristen for afgørelser efter {m.facts['basis']}.")


def facts(m: Matter) -> Found:
    """Source: forvaltningsloven § 24, stk. 2 (the facts that have weighed)."""
    if (why := _no_reasons_needed(m)) is not None:
        return why
    if m.is_lapse:
        return unneeded("Det eneste, der har vejet, er den frist, der er udløbet.")
    if missing := _unsaid_hearing(m):
        return lacks(
            f"Der er hørt om ”{_short(missing)}”, men brevet siger ikke, hvad det har betydet.",
            "Ret teksten: skriv, hvad der kom frem ved partshøringen, og hvad I lagde vægt på.",
            f"{m.page_url}#ret",
        )
    own = _plain(m.said)
    for row in m.letter.grounds:
        own = own.replace(_plain(row["text"]), " ")
    if not says_nothing(own):
        return ok("Begrundelsen siger, hvad der gælder i netop denne sag.")
    if m.facts.get("points") is not None and m.facts.get("max_points"):
        return ok(f"Brevet siger, at ansøgningen fik {m.facts['points']} point.")
    return lacks(
        "Begrundelsen er kun puljens standardtekst.",
        "Ret teksten: skriv, hvilke oplysninger i sagen der har vejet.",
        f"{m.page_url}#ret",
    )


def basis(m: Matter) -> Found:
    """Source: forvaltningsloven § 24, stk. 1 (a reference to the rules decided by)."""
    if not m.decides:
        return unneeded(NO_DECISION)
    d, version = m.decision, m.case.version
    if not version.legal_basis or (d is not None and not d.legal_basis):
        return lacks("Retsgrundlaget er ikke valgt.", "Vælg det på puljen.", m.case_url)
    if d is not None and d.legal_basis != version.legal_basis:
        return lacks(
            f"Afgørelsen siger {d.get_legal_basis_display()}, puljens regler"
            f" {version.get_legal_basis_display()}.",
            "Afgør sagen på ny efter det retsgrundlag, sagen bedømmes efter.",
            m.case_url,
        )
    told = m.facts.get("basis")
    if told is not None and told != BASES[version.legal_basis]:
        return lacks(f"Brevet siger {told}, som ikke er afgørelsens.", ANEW, m.page_url)
    return ok(f"{version.get_legal_basis_display()} i afgørelse, regler og brev.")


def appeal(m: Matter) -> Found:
    """Source: forvaltningsloven § 25."""
    if not m.kind.needs_guidance:
        return unneeded(MET if m.is_ruling else NO_DECISION)
    told, now = m.facts.get("guidance") or {}, m.letter.guidance_version
    named = m.case.version.get_legal_basis_display()
    if now is None:
        sentence = f"Klagevejledningen for {named} er ikke godkendt."
        return lacks(sentence, "Få den godkendt, og lav brevet igen.", TEXTS_URL)
    if not told.get("is_approved") or not told.get("paragraphs"):
        return lacks("Brevet har ingen godkendt klagevejledning.", ANEW, m.page_url)
    if told.get("basis") != named:
        sentence = f"Brevets klagevejledning er for {told.get('basis')}, sagen for {named}."
        return lacks(sentence, ANEW, m.page_url)
    if told.get("version") != now:
        sentence = (
            f"Brevet har version {told.get('version')} af klagevejledningen, nu er det {now}."
        )
        return lacks(sentence, ANEW, m.page_url)
    return ok(f"Klagevejledningen for {named}, version {now}, er godkendt og står i brevet.")


def conditions(m: Matter) -> Found:
    """Source: almindelige forvaltningsretlige regler om vilkår: only what was told binds."""
    if not m.is_award:
        return unneeded("Brevet giver intet tilskud.")
    assert m.decision is not None
    told = {_plain(line) for line in m.facts.get("extra_conditions", ())}
    wanted = [line for line in m.decision.conditions.splitlines() if line.strip()]
    if gone := [line for line in wanted if _plain(line) not in told]:
        return lacks(f"Vilkåret ”{_short(gone[0])}” står ikke i brevet.", ANEW, m.page_url)
    if wrong := _impossible_days(m):
        return wrong
    if not m.facts.get("report") or not m.facts.get("report_due_on"):
        return lacks("Brevet siger ikke, hvilken rapport der kommer hvornår.", ANEW, m.page_url)
    count = {0: "Ingen særlige vilkår", 1: "Det ene særlige vilkår står i brevet"}.get(
        len(wanted), f"Alle {len(wanted)} særlige vilkår står i brevet"
    )
    return ok(f"{count}; rapporten og fristen for den er nævnt.")


def _impossible_days(m: Matter) -> Found | None:
    """It must be able to begin before it ends; one that is over, somebody must look at."""
    starts_on, ends_on = m.facts.get("starts_on"), m.facts.get("ends_on")
    if starts_on and ends_on and starts_on > ends_on:
        return lacks("Brevet lader projektet slutte, før det begynder.", ANEW, m.page_url)
    day = m.case.ends_on
    is_over = day is not None and day.isoformat() < m.facts["issued_on"]
    if day is None or not is_over or not says_nothing(m.facts.get("added", "")):
        return None
    return lacks(
        f"Projektet sluttede {dato_aar(day)}, før brevet er dateret.",
        "Tal med ansøger, og ret teksten: skriv, hvad I har aftalt om projektets dage.",
        f"{m.page_url}#ret",
    )


def text(m: Matter) -> Found:
    """Source: local config: no letter leaves with a text the municipality has not approved."""
    if m.letter.state in UNMADE_STATES:
        return unneeded("Teksten vælges, når brevet laves.")
    written = m.letter.text
    if written is None:
        return lacks("Brevet er lavet uden en godkendt tekst.", ANEW, m.page_url)
    for row in (written, *m.parts):
        if row.approved_at is None:
            return lacks("Brevets tekst er ikke godkendt.", "Få teksten godkendt.", TEXTS_URL)
        if row.valid_until and row.valid_until < m.today:
            sentence = f"Teksten gjaldt til og med {dato_aar(row.valid_until)}."
            return lacks(sentence, f"{ANEW} Så bruges den tekst, der gælder nu.", m.page_url)
        if row.valid_from > m.today:
            sentence = f"Teksten gælder først fra {dato_aar(row.valid_from)}."
            return lacks(sentence, f"{ANEW} Så bruges den tekst, der gælder nu.", m.page_url)
    if newer := _newer(m):
        return lacks(newer, f"{ANEW} Så bruges den tekst, der gælder nu.", m.page_url)
    day = dato_aar(timezone.localdate(written.approved_at))
    return ok(f"Version {written.version}, godkendt {day}.")


def _newer(m: Matter) -> str:
    """That another version has been taken into use since the letter was made; else empty."""
    now = {row["kind"]: row for row in m.letter.texts_now}
    for row in (m.letter.text, *m.parts):
        other = now.get(row.kind)
        if other is not None and other["pk"] != row.pk:
            name = PARTS[row.kind].title if row.kind in PARTS else "Brevets tekst"
            return f"{name} er version {row.version}, nu gælder version {other['version']}."
    return ""


def _no_reasons_needed(m: Matter) -> Found | None:
    if not m.decides:
        return unneeded(NO_DECISION)
    return unneeded(MET) if m.is_full else None


def _mend_reasons(m: Matter) -> tuple[str, str]:
    """What mends reasons that say nothing depends on who decided, and whether it may be mended."""
    d = m.decision
    ruling = ruling_of(m) if m.is_ruling else None
    meeting = d.meeting if d else None
    if meeting is not None and ruling is not None and meeting.minutes_approved_at is None:
        where = f"/udvalg/moede/{meeting.pk}/ret/{ruling['place']}/"
        return "Skriv begrundelsen i referatet.", where
    return "Afgør på ny med en begrundelse, som ansøger kan læse.", m.case_url


def _named(m: Matter) -> str:
    """The first adopted section or criterion that the letter's reasons speak of."""
    said = _plain(m.said)
    adopted = [row["section"] for row in m.letter.grounds]
    adopted += [row["name"] for row in m.letter.criteria]
    return next((name for name in adopted if name and _plain(name) in said), "")


def _unsaid_hearing(m: Matter) -> str:
    """The fact of a hearing before the decision that the letter says nothing of."""
    said = _plain(m.said)
    if re.search(r"\bhør(t|ing)|partshør", said):
        return ""
    for row in _heard_before(m):
        words = set(
            re.findall(rf"\w{{{FEWEST_SHARED},}}", _plain(f"{row['fact']} {row['answer']}"))
        )
        if not any(word in said for word in words):
            return str(row["fact"])
    return ""


def _heard_before(m: Matter) -> Iterable[dict[str, str]]:
    """A claim's letter says itself what was heard (facts: heard_on); a complaint had its own."""
    if not m.is_ruling or m.decision is None:
        return []
    before = m.decision.decided_at
    since = m.decision.replaces.decided_at if m.decision.replaces else None
    return [
        row
        for row in m.letter.hearings
        if _time(row) <= before and (since is None or _time(row) >= since)
    ]


def _time(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["opened_at"])


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57].rstrip()} …"
