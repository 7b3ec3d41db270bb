"""The applicant's pages, mounted at /ansoeg/."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from workflow.views import preview
from workflow.views.applicant import (
    award,
    case,
    cases,
    change,
    draft,
    draft_attachments,
    draft_budget,
    draft_copy,
    draft_idea,
    draft_review,
    draft_who,
    membership,
    preferences,
    report,
)

app_name = "applicant"
urlpatterns = [
    path("", cases.mine, name="mine"),
    path("indstillinger/", preferences.preferences, name="preferences"),
    path("indstillinger/kalender/", preferences.calendar, name="calendar"),
    path("foreninger/", membership.mine, name="accounts"),
    path("foreninger/<int:pk>/", membership.one, name="account"),
    path("foreninger/<int:pk>/bevis/<int:seat>/", membership.proof, name="proof"),
    path("foreninger/<int:pk>/<slug:verb>/", membership.manage, name="manage"),
    path("ny/<slug:slug>/", login_required(draft_who.new, login_url="/start/"), name="new"),
    path("<int:pk>/", case.case, name="case"),
    path("<int:pk>/kladde/", draft.edit, name="edit"),
    path("<int:pk>/hvem/", draft_who.who, name="draft_who"),
    path("<int:pk>/hvem/skift/", draft_who.change, name="draft_change"),
    path("<int:pk>/ide/", draft_idea.idea, name="draft_idea"),
    path("<int:pk>/budget/", draft_budget.budget, name="draft_budget"),
    path("<int:pk>/bilag/", draft_attachments.attachments, name="draft_attachments"),
    path("<int:pk>/send/", draft_review.review, name="draft_review"),
    path("<int:pk>/kopier/", draft_copy.copy, name="copy"),
    path("<int:pk>/kvittering/", cases.receipt, name="receipt"),
    path("<int:pk>/bilag/<int:attachment>/", cases.attachment, name="attachment"),
    path("<int:pk>/bilag/<int:attachment>/billede/", preview.own, name="attachment_picture"),
    path(
        "<int:pk>/bilag/<int:attachment>/fjern/", draft_attachments.remove, name="remove_attachment"
    ),
    path("<int:pk>/svar/", case.answer_information, name="answer_information"),
    path("<int:pk>/stikproeve/", case.answer_control, name="answer_control"),
    path("<int:pk>/bemaerkninger/", case.answer_hearing, name="answer_hearing"),
    path("<int:pk>/samarbejde/<int:partner>/", membership.ask_partner, name="ask_partner"),
    path("<int:pk>/besked/", case.write_message, name="write_message"),
    path("<int:pk>/afgoerelse/", award.open_decision, name="open_decision"),
    path("<int:pk>/ja-tak/", award.accept, name="accept"),
    path("<int:pk>/nej-tak/", award.decline, name="decline"),
    path("<int:pk>/traek-tilbage/", award.withdraw, name="withdraw"),
    path("<int:pk>/aendring/", change.change, name="change"),
    path("<int:pk>/rapport/", report.report, name="report"),
]
