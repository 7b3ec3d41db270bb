"""The procedure, read from top to bottom: the table (pulje/states.py) says where a case is,
the flow in whose hands.

Every task leads back to the hub ``route``, which reads the state and opens the next task. Nothing
about the case is kept here. Node names stand in the database: never rename one without a data
migration of viewflow_task.
"""

from viewflow import this
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.nodes import End, Join, StartHandle, Switch

from pulje.enums import PaymentState
from pulje.models import Application, User
from pulje.states import CaseState, Verb
from workflow.models import CaseLink, GrantProcess
from workflow.nodes import FanOut, Hand, Review, Wait, stands

S = CaseState


def is_delegated(application: Application) -> bool:
    """True when the leader may decide alone (written on the recommendation when it was made)."""
    return application.recommendations.filter(is_current=True, is_delegated=True).exists()


def has_payment_now(application: Application) -> bool:
    """True while money is to be paid: before the report, or all of it once reported."""
    waiting = application.payments.exclude(
        state__in=[PaymentState.CONFIRMED, PaymentState.CANCELLED]
    )
    if application.state == S.ACCEPTED:
        waiting = waiting.filter(after_report=False)
    return waiting.exists()


def the_case(process: GrantProcess) -> Application:
    """What an applicant's task asks permission on: membership is a permission on the one case."""
    return process.coerced.application


def the_caseworker(activation) -> User | None:
    """The case's own case worker; without one the task is anybody's with the role."""
    return activation.process.application.caseworker


class GrantFlow(Flow):
    """Fra ansøgning til lukket sag"""

    process_class = GrantProcess
    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)  # waits; hands.py sets how long

    start = StartHandle(this.take_in).Next(this.route)

    # 1 Modtaget
    screen = (
        Hand()
        .Does(Verb.ACCEPT_FOR_REVIEW, Verb.ASK_FOR_INFORMATION, Verb.REJECT_FORMALLY)
        .Permission("pulje.accept_for_review")
        .Assign(the_caseworker)
        .Annotation(title="Screen ansøgningen")
        .Next(this.route)
    )
    answer_information = (
        Hand()
        .Does(Verb.ANSWER_INFORMATION)
        .Permission("pulje.answer_information", obj=the_case)
        .Annotation(title="Send det, der mangler")
        .Next(this.route)
    )

    # 2 Behandles
    assess = FanOut().Next(this.review)
    review = (
        Review()
        .Does(Verb.RECORD_ASSESSMENT)
        .Permission("pulje.record_assessment")
        .Assign(this.the_reviewer)
        .Annotation(title="Vurdér ansøgningen")
        .Next(this.all_reviewed)
    )
    all_reviewed = Join().Next(this.route)
    answer_hearing = (
        Hand()
        .Does(Verb.ANSWER_HEARING)
        .Permission("pulje.answer_hearing", obj=the_case)
        .Annotation(title="Svar på partshøringen")
        .Next(this.route)
    )
    recommend = (
        Hand()
        .Does(Verb.RECOMMEND, Verb.ASK_FOR_INFORMATION, Verb.OPEN_HEARING)
        .Permission("pulje.recommend")
        .Assign(the_caseworker)
        .Annotation(title="Skriv indstillingen")
        .Next(this.route)
    )

    # 3 Afgørelse
    decide = (
        Hand()
        .Does(Verb.DECIDE, Verb.SEND_BACK)
        .Permission("pulje.decide")
        .Annotation(title="Afgør sagen")
        .Next(this.route)
    )
    await_meeting = (
        Wait()
        .Does(Verb.DECIDE, Verb.SEND_BACK)
        .Annotation(title="Venter på udvalgets møde")
        .Next(this.route)
    )
    accept = (
        Hand()
        .Does(Verb.ACCEPT, Verb.DECLINE)
        .Permission("pulje.accept", obj=the_case)
        .Annotation(title="Svar på bevillingen")
        .Next(this.route)
    )

    # 4 Udbetalt
    pay = (
        Hand()
        .Does(Verb.MARK_PAID)
        .Permission("pulje.mark_paid")
        .Annotation(title="Udbetal pengene")
        .Next(this.route)
    )

    # 5 Rapporteret
    write_report = (
        Hand()
        .Does(Verb.SUBMIT_REPORT)
        .Permission("pulje.submit_report", obj=the_case)
        .Annotation(title="Skriv rapporten")
        .Next(this.route)
    )
    check_report = (
        Hand()
        .Does(Verb.APPROVE_REPORT, Verb.RETURN_REPORT)
        .Permission("pulje.approve_report")
        .Assign(the_caseworker)
        .Annotation(title="Læs rapporten")
        .Next(this.route)
    )
    settle = (
        Hand()
        .Does(Verb.SETTLE_REPAYMENT)
        .Permission("pulje.settle_repayment")
        .Annotation(title="Følg tilbagebetalingen")
        .Next(this.route)
    )
    await_close = (
        Wait().Does(Verb.CLOSE).Annotation(title="Venter på at blive lukket").Next(this.route)
    )
    end = End()

    # the hub: the first case that holds
    route = (
        Switch()
        .Case(this.screen, stands(S.SUBMITTED))
        .Case(this.answer_information, stands(S.RETURNED))
        .Case(this.assess, stands(S.IN_REVIEW))
        .Case(this.answer_hearing, stands(S.IN_HEARING))
        .Case(this.recommend, stands(S.REVIEWED))
        .Case(this.decide, stands(S.RECOMMENDED, also=is_delegated))
        .Case(this.await_meeting, stands(S.RECOMMENDED))
        .Case(this.accept, stands(S.APPROVED))
        .Case(this.pay, stands(S.ACCEPTED, S.REPORTED, also=has_payment_now))
        .Case(this.write_report, stands(S.ACCEPTED, S.PAID, S.REPORT_RETURNED))
        .Case(this.check_report, stands(S.REPORT_SUBMITTED))
        .Case(this.settle, stands(S.IN_RECOVERY))
        .Case(this.await_close, stands(S.REPORTED, S.REJECTED, S.WITHDRAWN, S.DECLINED, S.LAPSED))
        .Case(this.end, stands(S.CLOSED))
    )

    def take_in(self, activation, application: Application) -> GrantProcess:
        """The process and its link to the case are born together."""
        activation.process.save()
        CaseLink.objects.create(process=activation.process, application=application)
        activation.process.application = application
        return activation.process

    def the_reviewer(self, activation) -> User:
        return User.objects.get(pk=activation.task.data["reviewer"])
