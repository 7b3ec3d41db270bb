"""Every verb the house may do to one case: its action, its form and its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulje.actions.application import application
from pulje.actions.casework import assessment, clarification, handover, recommendation
from pulje.actions.decision import appeal, decision
from pulje.actions.grant import award, control, repayment, report
from pulje.forms import case as forms
from pulje.forms.casework import appeal as appeal_forms
from pulje.forms.casework import clarification as asking
from pulje.forms.casework import judgement
from pulje.forms.casework import on_behalf as keyed
from pulje.forms.casework.handover import GiveCaseForm
from pulje.forms.casework.move_pool import MovePoolForm
from pulje.forms.casework.recommend import RecommendForm, RecommendWholeForm
from pulje.forms.grant.change import AnswerChangeForm
from pulje.states import ANSWER_CONTROL, REQUEST_CHANGE, Verb
from workflow import keyed as keyed_verbs
from workflow import moving, talk
from workflow.hands import Action

V = Verb


@dataclass(frozen=True)
class CaseAction:
    """One verb on the case page: the action it calls, its form and its words."""

    do: Action
    title: str
    button: str
    done: str
    form: type[forms.CaseForm] = forms.ReasonForm
    text: str = ""
    has_letter: bool = False  # it can be read before it is sent
    whole: type[forms.CaseForm] | None = None  # the form on a page of its own, when it has more


ACTIONS: Mapping[str, CaseAction] = {
    V.ACCEPT_FOR_REVIEW: CaseAction(
        assessment.accept_for_review,
        "Send til vurdering",
        "Send til vurdering",
        "Sagen er sendt til vurdering.",
        forms.ReviewersForm,
        "Ansøgningen er komplet, og puljens regler er opfyldt.",
    ),
    V.ASK_FOR_INFORMATION: CaseAction(
        clarification.ask_for_information,
        "Bed om oplysninger",
        "Send til ansøger",
        "Ansøger er bedt om oplysninger.",
        asking.InformationForm,
        has_letter=True,
    ),
    V.REJECT_FORMALLY: CaseAction(
        decision.reject_formally,
        "Giv afslag – reglerne er ikke opfyldt",
        "Giv afslag",
        "Sagen har fået afslag.",
        forms.FormalRejectionForm,
        "Afslaget sendes med det samme. Se brevet først.",
        has_letter=True,
    ),
    V.RECORD_ASSESSMENT: CaseAction(
        assessment.record_assessment,
        "Giv din vurdering",
        "Afgiv vurdering",
        "Din vurdering er afgivet.",
        judgement.AssessmentForm,
        "0 er slet ikke, 3 er i høj grad. Skriv kort hvorfor.",
    ),
    "abstain": CaseAction(
        assessment.abstain,
        "Jeg vurderer ikke sagen",
        "Lad være med at vurdere",
        "Du vurderer ikke sagen.",
    ),
    V.OPEN_HEARING: CaseAction(
        clarification.open_hearing,
        "Send i partshøring",
        "Send til ansøger",
        "Sagen er sendt i partshøring.",
        asking.HearingForm,
        "Når vi har en oplysning fra andre, som taler imod ansøgeren, er væsentlig, og som"
        " ansøgeren ikke kender. Sagen kan ikke afgøres, før ansøgeren har svaret, eller fristen"
        " er gået.",
        has_letter=True,
    ),
    V.RECOMMEND: CaseAction(
        recommendation.recommend,
        "Indstil sagen",
        "Indstil sagen",
        "Sagen er indstillet.",
        RecommendForm,
        whole=RecommendWholeForm,
    ),
    V.UNDO: CaseAction(
        recommendation.undo,
        "Fortryd det seneste skridt",
        "Fortryd",
        "Skridtet er fortrudt.",
        forms.ConfirmForm,
        "Sagen går ét skridt tilbage. Det kan gøres, så længe ingen har handlet på det.",
    ),
    V.SEND_BACK: CaseAction(
        recommendation.send_back,
        "Send indstillingen tilbage",
        "Send tilbage",
        "Indstillingen er sendt tilbage.",
    ),
    V.DECIDE: CaseAction(
        decision.decide,
        "Afgør sagen",
        "Afgør sagen",
        "Sagen er afgjort.",
        judgement.DecideForm,
        "Du afgør sagen for forvaltningen efter delegation.",
    ),
    V.REDECIDE: CaseAction(
        decision.redecide,
        "Afgør sagen på ny",
        "Afgør på ny",
        "Sagen er afgjort på ny.",
        judgement.RedecideForm,
        "Den nye afgørelse træder i stedet for den gamle. Begge bliver på sagen.",
        has_letter=True,
    ),
    V.ANNUL: CaseAction(
        decision.annul,
        "Annullér afgørelsen",
        "Annullér afgørelsen",
        "Afgørelsen er annulleret.",
        text="Afgørelsen gælder ikke længere, pengene går tilbage til rammen, og sagen skal"
        " indstilles igen. Er afgørelsen sendt, får ansøger et brev med din begrundelse.",
        has_letter=True,
    ),
    V.REOPEN: CaseAction(
        decision.reopen,
        "Genåbn sagen",
        "Genåbn sagen",
        "Sagen er genåbnet.",
        text="Sagen går videre dér, hvor den var, med alle dagene igen. Et tilskud bliver sat af på"
        " ny, hvis rammen rækker. Ansøger får et brev med din begrundelse.",
        has_letter=True,
    ),
    V.APPROVE_REPORT: CaseAction(
        report.approve_report,
        "Godkend rapporten",
        "Godkend rapporten",
        "Rapporten er godkendt.",
        judgement.ApproveReportForm,
    ),
    V.RETURN_REPORT: CaseAction(
        report.return_report,
        "Send rapporten retur",
        "Send retur",
        "Rapporten er sendt retur.",
        forms.ReturnReportForm,
    ),
    V.WAIVE_REPORT: CaseAction(
        report.waive_report,
        "Fritag for rapport",
        "Fritag for rapport",
        "Ansøger er fritaget for rapport.",
    ),
    "propose_claim": CaseAction(
        repayment.propose_claim,
        "Kræv penge tilbage",
        "Foreslå kravet",
        "Kravet er foreslået. En anden skal godkende det.",
        judgement.ClaimForm,
    ),
    V.CLAIM_REPAYMENT: CaseAction(
        repayment.claim_repayment,
        "Godkend tilbagebetalingskravet",
        "Godkend kravet",
        "Kravet er sendt.",
        forms.ConfirmForm,
        "En anden har foreslået kravet. Når du godkender, sendes det til ansøger.",
    ),
    V.SETTLE_REPAYMENT: CaseAction(
        repayment.settle_repayment,
        "Afslut tilbagebetalingen",
        "Afslut tilbagebetalingen",
        "Tilbagebetalingen er afsluttet.",
        judgement.SettleForm,
    ),
    "answer_change": CaseAction(
        talk.answer,
        "Svar på ændringen",
        "Send svaret",
        "Svaret er sendt.",
        AnswerChangeForm,
        "Ansøger vil ændre det, der er givet tilskud til. Ved et ja gælder det nye fra nu af.",
    ),
    "extend_deadline": CaseAction(
        clarification.extend,
        "Forlæng fristen",
        "Forlæng fristen",
        "Fristen er forlænget, og ansøger får et brev om det.",
        asking.ExtendForm,
        "Uret begynder forfra med den nye frist.",
        has_letter=True,
    ),
    "select_for_control": CaseAction(
        control.select_for_control,
        "Udtag til stikprøve",
        "Bed om bilagene",
        "Ansøger er bedt om bilagene.",
        asking.ControlForm,
        "Ansøger lægger bilagene på sagen eller sender dem i en besked.",
        has_letter=True,
    ),
    "receive_appeal": CaseAction(
        appeal.receive_appeal,
        "Registrér en klage",
        "Registrér klagen",
        "Klagen er registreret, og ansøger får en kvittering.",
        appeal_forms.ReceiveAppealForm,
        "Afgørelsen gælder, til klagen er besvaret.",
    ),
    "assess_appeal": CaseAction(
        appeal.assess_appeal,
        "Genvurdér klagen",
        "Gem genvurderingen",
        "Genvurderingen er gemt. Klagen kan besvares.",
        appeal_forms.AssessAppealForm,
    ),
    "answer_appeal": CaseAction(
        appeal.answer_appeal,
        "Besvar klagen",
        "Send svaret",
        "Klagen er besvaret.",
        appeal_forms.AnswerAppealForm,
        "En klage kan ikke give et mindre beløb.",
        has_letter=True,
    ),
    "move_pool": CaseAction(
        moving.move_and_tell,
        "Flyt til en anden pulje",
        "Flyt sagen",
        "Sagen er flyttet, og ansøger får besked. Kan ingen dér logge ind, så giv selv besked.",
        MovePoolForm,
        "Når en anden pulje passer bedre, og ansøger har sagt ja. Sagen får nyt nummer og ny frist,"
        " og tjeklisten begynder forfra. Den kan findes på det gamle nummer.",
    ),
    "assign": CaseAction(
        handover.give,
        "Giv sagen videre",
        "Giv sagen videre",
        "Sagen er givet videre.",
        GiveCaseForm,
    ),
}


@dataclass(frozen=True)
class KeyedAction:
    """One of the applicant's verbs as the house keys it in; the form's ``facts`` go along."""

    do: Action
    title: str
    button: str
    done: str
    form: type[keyed.KeyedForm]
    text: str = ""


KEYED_ACTIONS: Mapping[str, KeyedAction] = {
    V.ANSWER_INFORMATION: KeyedAction(
        keyed_verbs.mended_answer,
        "Skriv ansøgers svar ind",
        "Gem svaret",
        "Svaret er skrevet ind, og sagen går videre.",
        keyed.AnswerKeyedForm,
    ),
    V.ANSWER_HEARING: KeyedAction(
        clarification.answer_hearing,
        "Skriv ansøgers bemærkninger ind",
        "Gem bemærkningerne",
        "Bemærkningerne er skrevet ind, og sagen går videre.",
        keyed.RemarksKeyedForm,
    ),
    V.ACCEPT: KeyedAction(
        award.accept,
        "Ansøger siger ja til bevillingen",
        "Gem ansøgers ja",
        "Ansøgers ja er skrevet ind. Pengene udbetales efter planen.",
        keyed.AcceptKeyedForm,
    ),
    V.DECLINE: KeyedAction(
        award.decline,
        "Ansøger siger nej til bevillingen",
        "Gem ansøgers nej",
        "Ansøgers nej er skrevet ind. Pengene går tilbage til puljen.",
        keyed.DeclineKeyedForm,
    ),
    V.SUBMIT_REPORT: KeyedAction(
        keyed_verbs.whole_report,
        "Skriv ansøgers rapport ind",
        "Gem rapporten",
        "Rapporten er skrevet ind og kan læses igennem.",
        keyed.ReportKeyedForm,
    ),
    V.WITHDRAW: KeyedAction(
        application.withdraw,
        "Ansøger trækker ansøgningen",
        "Træk ansøgningen",
        "Ansøgningen er trukket tilbage.",
        keyed.WithdrawKeyedForm,
        "Ansøgningen bliver ikke behandlet mere, og ansøgeren får et brev om det.",
    ),
    REQUEST_CHANGE: KeyedAction(
        keyed_verbs.request_change,
        "Ansøger vil ændre projektet",
        "Gem ønsket",
        "Ønsket er skrevet ind og kan besvares.",
        keyed.ChangeKeyedForm,
        "Felterne viser, hvad der er aftalt. Ret kun det, ansøgeren vil ændre.",
    ),
    ANSWER_CONTROL: KeyedAction(
        control.answer_control,
        "Læg ansøgers bilag til stikprøven på sagen",
        "Gem bilagene",
        "Bilagene er lagt på sagen.",
        keyed.PapersKeyedForm,
    ),
}

# what can stand in the "Næste" panel, the first that may be done
FIRST = (
    V.ACCEPT_FOR_REVIEW,
    V.RECORD_ASSESSMENT,
    V.RECOMMEND,
    V.DECIDE,
    V.CLAIM_REPAYMENT,
    V.APPROVE_REPORT,
    V.SETTLE_REPAYMENT,
    "answer_change",
    "assess_appeal",
    "answer_appeal",
)
