"""One class per mail beside the letters: its subject, the facts it needs, the link it carries.

A new mail: a class here and templates/mails/<code in small letters>.txt, which is its HTML too;
queue it with ``queue_mail`` of actions.py. No mail tells what stands in a case. ``{{ du }}``,
``{{ Din }}`` follow the case's applicant where the mail has a case; else the reader is one person,
"du".
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings

from pulje.actions.link import make_token

Facts = Mapping[str, Any]


def link(path: str, purpose: str = "", pk: int = 0) -> str:
    """A full address; ``{token}`` in the path becomes the signed id of what it is about."""
    token = make_token(purpose, pk) if purpose else ""
    return str(settings.SITE["url"]) + path.replace("{token}", token)


class MailKind:
    """A kind of mail. ``subject`` may name facts, as {pool}, but tells nothing about anybody.

    ``name`` is what the house calls it, ``action`` what its link says.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    subject: ClassVar[str]
    action: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()
    needs_case: ClassVar[bool] = False  # its text names the pool, or speaks as the case does

    @classmethod
    def template(cls) -> str:
        return f"mails/{cls.code.lower()}.txt"

    @classmethod
    def link(cls, facts: Facts) -> str:
        """Where the mail leads; made when it is sent, never stored."""
        return link(facts["path"])

    @classmethod
    def unsubscribe(cls, facts: Facts) -> str:
        """An address that ends such mails by one click; empty where somebody must be told."""
        return ""

    @classmethod
    def headers(cls, facts: Facts) -> dict[str, str]:
        """One click in the reader's mail program is enough (RFC 8058)."""
        url = cls.unsubscribe(facts)
        if not url:
            return {}
        return {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


class Courtesy(MailKind):
    """A notice that a person may do without; ``what`` names the wish that ends it.

    ``person``: whose wish; a contact without an account has none, and no address to end it.
    """

    what: ClassVar[str]  # of pulje.actions.applicant.preferences.MAILS

    @classmethod
    def unsubscribe(cls, facts: Facts) -> str:
        if "person_id" not in facts:
            return ""
        return link(f"/afmeld/{cls.what}/{{token}}/", f"mail-{cls.what}", facts["person_id"])


class ConfirmEmail(MailKind):
    """Somebody wants to begin a draft: is the address theirs?"""

    code = "CONFIRM_EMAIL"
    name = "Bekræft e-mail"
    subject = "Bekræft din e-mail, og begynd ansøgningen"
    action = "Bekræft din e-mail"
    needs = frozenset({"user", "slug"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/start/{token}/", "start", facts["user"]) + f"?pulje={facts['slug']}"


class ConfirmAddress(ConfirmEmail):
    """Somebody who came by MitID says that we may write to them here."""

    code = "CONFIRM_ADDRESS"
    name = "Bekræft adresse"
    subject = "Bekræft, at vi må skrive til dig her"


class UseLogIn(MailKind):
    """Asked for a link, but the person's cases are opened by nothing less than their log-in."""

    code = "USE_LOG_IN"
    name = "Brug log ind"
    subject = "Log ind for at gå videre"
    action = "Log ind"
    needs = frozenset({"slug"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        onward = f"?next=/ansoeg/ny/{facts['slug']}/" if facts["slug"] else ""
        return link(f"/log-ind/{onward}")


class Invitation(MailKind):
    """Come and join an applicant, perhaps a draft."""

    code = "INVITATION"
    name = "Invitation"
    subject = "Du er inviteret til at søge tilskud sammen med andre"
    action = "Sig ja til invitationen"
    needs = frozenset({"invitation", "applicant", "inviter"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/invitation/{token}/", "invitation", facts["invitation"])


class SignRequest(MailKind):
    """A second person must sign."""

    code = "SIGN_REQUEST"
    name = "Bed om underskrift"
    subject = "En ansøgning venter på din underskrift"
    action = "Læs ansøgningen, og skriv under"
    needs = frozenset({"application", "signer"})
    needs_case = True

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/underskrift/{token}/", "signature", facts["application"])


class SignReturned(MailKind):
    """The second person has not signed, but asks for a change; the words stand on the page."""

    code = "SIGN_RETURNED"
    name = "Ikke skrevet under"
    subject = "En ansøgning er kommet tilbage uden underskrift"
    action = "Ret ansøgningen"
    needs = frozenset({"application"})
    needs_case = True

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link(f"/ansoeg/{facts['application']}/send/")


class ReportSignRequest(MailKind):
    """A second person must sign the report; it is read and sent on its own page."""

    code = "REPORT_SIGN_REQUEST"
    name = "Underskrift på rapport"
    subject = "En rapport venter på din underskrift"
    action = "Læs rapporten"
    needs = frozenset({"application"})
    needs_case = True

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link(f"/ansoeg/{facts['application']}/rapport/")


class PartnerConfirmation(MailKind):
    """To the leader of a municipal institution: is the agreement right?"""

    code = "PARTNER_CONFIRMATION"
    name = "Bekræft samarbejde"
    subject = "Vil du bekræfte et samarbejde?"
    action = "Læs om samarbejdet, og svar"
    needs = frozenset({"partner", "name", "leader", "applicant", "title"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/samarbejde/{token}/", "partner", facts["partner"])


class GuardianConsent(MailKind):
    """To the guardian of an applicant of 15-17 years."""

    code = "GUARDIAN_CONSENT"
    name = "Værges samtykke"
    subject = "Vil du give samtykke til en ansøgning?"
    action = "Læs om ansøgningen, og svar"
    needs = frozenset({"consent", "name", "applicant", "title"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/samtykke/{token}/", "guardian", facts["consent"])


class SubscriptionMail(MailKind):
    """A mail somebody asked for, with one click to be free of it again (RFC 8058)."""

    @classmethod
    def unsubscribe(cls, facts: Facts) -> str:
        return link("/abonnement/{token}/afmeld/", "subscription", facts["subscription"])


class SubscriptionConfirm(SubscriptionMail):
    """Did you ask to hear when the pool opens?"""

    code = "SUBSCRIPTION_CONFIRM"
    name = "Bekræft abonnement"
    subject = "Bekræft, at du vil have besked om {pool}"
    action = "Ja, giv mig besked"
    needs = frozenset({"subscription", "pool"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link("/abonnement/{token}/", "subscription", facts["subscription"])


class PoolOpens(SubscriptionMail):
    """The pool has opened. ``deadline``: a moment as ISO text, or empty for a continuous one."""

    code = "POOL_OPENS"
    name = "Puljen åbner"
    subject = "{pool} er åben for ansøgninger"
    action = "Se puljen"
    needs = frozenset({"subscription", "pool", "slug", "deadline"})

    @classmethod
    def link(cls, facts: Facts) -> str:
        return link(f"/pulje/{facts['slug']}/")


class NewMessage(Courtesy):
    """There is a message in the case; what it says stands there."""

    code = "NEW_MESSAGE"
    name = "Ny besked"
    subject = "Ny besked i sag {number}"
    action = "Læs beskeden"
    what = "beskeder"
    needs = frozenset({"number", "path"})
    needs_case = True


class ChangeAnswered(Courtesy):
    """The wish to change the project is answered; the answer stands in the case."""

    code = "CHANGE_ANSWERED"
    name = "Svar på ændring"
    subject = "Svar på ændring i sag {number}"
    action = "Læs svaret"
    what = "beskeder"
    needs = frozenset({"number", "path"})
    needs_case = True


class MemberQuestion(Courtesy):
    """A member of the committee has asked about a case; the question stands on it."""

    code = "MEMBER_QUESTION"
    name = "Spørgsmål fra udvalget"
    subject = "Spørgsmål fra udvalget i sag {number}"
    action = "Læs spørgsmålet"
    what = "beskeder"
    needs = frozenset({"number", "path"})
    needs_case = True


class MemberAnswer(Courtesy):
    """The administration has answered a member; the answer stands on the agenda."""

    code = "MEMBER_ANSWER"
    name = "Svar til udvalget"
    subject = "Svar fra forvaltningen i sag {number}"
    action = "Læs svaret"
    what = "beskeder"
    needs = frozenset({"number", "path"})
    needs_case = True


class DraftDeadline(Courtesy):
    """The round of a draft closes soon. ``deadline``: a moment as ISO text."""

    code = "DRAFT_DEADLINE"
    name = "Frist for kladde"
    subject = "{pool} lukker snart – ansøgningen er ikke sendt"
    action = "Gør ansøgningen færdig"
    what = "frister"
    needs = frozenset({"pool", "path", "deadline"})
    needs_case = True


class DraftLapses(Courtesy):
    """A draft nobody sent is about to lapse. ``deadline``: a day as ISO text."""

    code = "DRAFT_LAPSES"
    name = "Kladde lukkes"
    subject = "En kladde til {pool} bliver snart lukket"
    action = "Åbn kladden"
    what = "frister"
    needs = frozenset({"pool", "path", "deadline"})
    needs_case = True


class BoardConfirmation(MailKind):
    """Once a year: are you still the board?"""

    code = "BOARD_CONFIRMATION"
    name = "Bekræft bestyrelsen"
    subject = "Er I stadig de samme i bestyrelsen?"
    action = "Se listen igennem"
    needs = frozenset({"applicant", "path"})


class MemberRequest(MailKind):
    """Somebody says to act for an applicant and asks a member to confirm it."""

    code = "MEMBER_REQUEST"
    name = "Bekræft medlem"
    subject = "Kender du en, der vil skrive for foreningen?"
    action = "Svar på spørgsmålet"
    needs = frozenset({"applicant", "person", "path"})


MAILS: dict[str, type[MailKind]] = {
    kind.code: kind
    for kind in (
        ConfirmEmail,
        ConfirmAddress,
        UseLogIn,
        Invitation,
        SignRequest,
        SignReturned,
        ReportSignRequest,
        PartnerConfirmation,
        GuardianConsent,
        SubscriptionConfirm,
        PoolOpens,
        NewMessage,
        ChangeAnswered,
        MemberQuestion,
        MemberAnswer,
        DraftDeadline,
        DraftLapses,
        BoardConfirmation,
        MemberRequest,
    )
}
