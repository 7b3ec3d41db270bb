"""The applicant's pages, mounted at /ansoeg/."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from workflow.views import (
    applicant,
    applicant_award,
    applicant_case,
    applicant_change,
    applicant_report,
    draft,
    draft_attachments,
    draft_budget,
    draft_copy,
    draft_idea,
    draft_review,
    draft_who,
    membership,
    preferences,
    preview,
)

app_name = "applicant"
urlpatterns = [
    path("", applicant.mine, name="mine"),
    path("indstillinger/", preferences.preferences, name="preferences"),
    path("indstillinger/kalender/", preferences.calendar, name="calendar"),
    path("foreninger/", membership.mine, name="accounts"),
    path("foreninger/<int:pk>/", membership.one, name="account"),
    path("foreninger/<int:pk>/bevis/<int:seat>/", membership.proof, name="proof"),
    path("foreninger/<int:pk>/<slug:verb>/", membership.manage, name="manage"),
    path("ny/<slug:slug>/", login_required(draft_who.new, login_url="/start/"), name="new"),
    path("<int:pk>/", applicant_case.case, name="case"),
    path("<int:pk>/kladde/", draft.edit, name="edit"),
    path("<int:pk>/hvem/", draft_who.who, name="draft_who"),
    path("<int:pk>/hvem/skift/", draft_who.change, name="draft_change"),
    path("<int:pk>/ide/", draft_idea.idea, name="draft_idea"),
    path("<int:pk>/budget/", draft_budget.budget, name="draft_budget"),
    path("<int:pk>/bilag/", draft_attachments.attachments, name="draft_attachments"),
    path("<int:pk>/send/", draft_review.review, name="draft_review"),
    path("<int:pk>/kopier/", draft_copy.copy, name="copy"),
    path("<int:pk>/kvittering/", applicant.receipt, name="receipt"),
    path("<int:pk>/bilag/<int:attachment>/", applicant.attachment, name="attachment"),
    path("<int:pk>/bilag/<int:attachment>/billede/", preview.own, name="attachment_picture"),
    path(
        "<int:pk>/bilag/<int:attachment>/fjern/", draft_attachments.remove, name="remove_attachment"
    ),
    path("<int:pk>/svar/", applicant_case.answer_information, name="answer_information"),
    path("<int:pk>/stikproeve/", applicant_case.answer_control, name="answer_control"),
    path("<int:pk>/bemaerkninger/", applicant_case.answer_hearing, name="answer_hearing"),
    path("<int:pk>/samarbejde/<int:partner>/", membership.ask_partner, name="ask_partner"),
    path("<int:pk>/besked/", applicant_case.write_message, name="write_message"),
    path("<int:pk>/afgoerelse/", applicant_award.open_decision, name="open_decision"),
    path("<int:pk>/ja-tak/", applicant_award.accept, name="accept"),
    path("<int:pk>/nej-tak/", applicant_award.decline, name="decline"),
    path("<int:pk>/traek-tilbage/", applicant_award.withdraw, name="withdraw"),
    path("<int:pk>/aendring/", applicant_change.change, name="change"),
    path("<int:pk>/rapport/", applicant_report.report, name="report"),
]
