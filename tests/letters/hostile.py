"""Contents that want to break a letter of any kind: what people write, paste and leave out."""

from typing import Any

Facts = dict[str, Any]

LONG = "Foreningen" * 25  # 250 characters without a space
EMOJI = "🎉👩‍👩‍👧‍👦🇩🇰❤️ 𝕲𝖗𝖆𝖙𝖎𝖘"
SCRIPTS = "نادي الواجبات المدرسية 2027, שיעורי בית, 宿題カフェ 作业, Ελληνικά, Кирилица, ไทย, ẞ ǿ"
SIGNS = "<b>&amp; {{ du }} {% if %} ## * 1. ``` \x0b \u202e bagfra \u200b &#0; \ufffe"
SENTENCE = f"{SCRIPTS}. {EMOJI} {SIGNS} Udvalget har lagt vægt på, at idéen er åben for alle. "
REASONS = (SENTENCE * 40)[:3_990]
PARAGRAPHS = "\n\n".join(REASONS[n : n + 665] for n in range(0, len(REASONS), 665))
CONDITIONS = [f"{n}. {SCRIPTS} {EMOJI} {LONG[:120]}" for n in range(1, 13)]
WITHOUT_REASONS = ("AWARD", "CHANGE_APPROVED")  # the others ask for words before there is a letter
WORDS = ("reasons", "reason", "missing", "fact", "wish", "answer")
LINES = ("project", "pool", "recipient", "source", "sections", "decider", "committee")
KEPT = {"kind", "title", "issued_on", "issued_at", "link", "privacy_link", "check_link"}
KEPT |= {"is_one_person"}
# a letter has these whatever happens: codes, flags, what the frame counts with
NEEDED = {"wants_english", "state", "was", "payment_plan", "guidance", "rates", "sender", "number"}
NEEDED |= {"claimed_on", "due_on", "decided_on", "guidelines_on"}


def long_and_strange(told: Facts) -> Facts:
    """Names of 250 characters, every script, 12 conditions, 4,000 characters wherever we write."""
    facts = dict(told)
    facts |= {name: PARAGRAPHS for name in WORDS if name in told}
    facts |= {name: f"{told[name]} {SCRIPTS} {EMOJI} {SIGNS}" for name in LINES if name in told}
    facts |= {"recipient": LONG, "project": f"{EMOJI} {LONG} {SCRIPTS}"}
    facts["address"] = [LONG, f"Att. {SCRIPTS}", f"{EMOJI} {SIGNS}", "3460 Birkerød"]
    facts["sender"] = told["sender"] | {"name": LONG[:200], "place": SCRIPTS, "title": EMOJI}
    if "extra_conditions" in told:
        facts["extra_conditions"] = CONDITIONS
    if "rates" in told:
        facts["rates"] = [told["rates"][n % 2] | {"number": n + 1} for n in range(12)]
    return facts


def empty(told: Facts) -> Facts:
    """Nothing where nothing must be: no address, no sender's name, no reasons, hardly a date."""
    kept = KEPT | NEEDED | (set() if told["kind"] in WITHOUT_REASONS else set(WORDS))
    bare = {name: _nothing(value) for name, value in told.items() if name not in kept}
    sender = told["sender"] | {"name": "", "title": "", "place": "", "hours": ""}
    rates = {"rates": told["rates"][:1]} if "rates" in told else {}
    return told | bare | rates | {"sender": sender}


def _nothing(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    return type(value)()
