"""Pages of the house: cases at /sag/, meetings at /udvalg/, payments at /udbetaling/."""

from django.urls import include, path

from workflow.views import (
    bulk,
    case,
    case_actions,
    case_right,
    inbox,
    meeting_prepare,
    meetings,
    payments,
    pool_form,
    preview,
)

app_name = "staff"
POOL_FORM = [
    path("", pool_form.show, name="pool_form"),
    path("vis/", pool_form.preview, name="preview_form"),
    path("version/<int:number>/", pool_form.set_version, name="set_version"),
    path("krav/", pool_form.demands, name="demands"),
    path("spoergsmaal/", pool_form.question, name="new_question"),
    path("spoergsmaal/<int:pk>/", pool_form.question, name="question"),
    path("betingelse/", pool_form.gate, name="new_gate"),
    path("betingelse/<int:pk>/", pool_form.gate, name="gate"),
    path("<slug:part>/<int:pk>/flyt/", pool_form.move, name="move_part"),
    path("<slug:part>/<int:pk>/slet/", pool_form.delete, name="delete_part"),
]
urlpatterns = [
    path("sag/", inbox.inbox, name="inbox"),
    path("sag/alle/", inbox.all_cases, name="all_cases"),
    path("sag/overblik/", inbox.dashboard, name="dashboard"),
    path("sag/handling/", bulk.bulk, name="bulk"),
    path("sag/arbejde/", bulk.mine, name="jobs"),
    path("sag/arbejde/<int:pk>/", bulk.show, name="job"),
    path("sag/arbejde/<int:pk>/styr/", bulk.steer, name="steer_job"),
    path("sag/<int:pk>/", case.case, name="case"),
    path("sag/<int:pk>/bilag/<int:attachment>/", case.attachment, name="attachment"),
    path(
        "sag/<int:pk>/bilag/<int:attachment>/billede/", preview.of_case, name="attachment_picture"
    ),
    path("sag/<int:pk>/tag/", inbox.claim, name="claim"),
    path("sag/<int:pk>/note/", case_actions.write_note, name="write_note"),
    path("sag/<int:pk>/besked/", case_actions.write_message, name="write_message"),
    path("sag/<int:pk>/inhabil/", case_actions.disqualify, name="disqualify"),
    path("sag/<int:pk>/ret/<int:seat>/", case_right.confirm, name="confirm_right"),
    path("sag/<int:pk>/ret/<int:seat>/dokument/", case_right.proof, name="proof"),
    path("sag/<int:pk>/samarbejde/<int:partner>/", case_right.ask_partner, name="ask_partner"),
    path("sag/<int:pk>/<slug:verb>/", case_actions.act, name="act"),
    path("sag/puljer/", pool_form.pools, name="pool_forms"),
    path("sag/puljer/<slug:slug>/skema/", include(POOL_FORM)),
    path("udvalg/", meetings.meeting_list, name="meetings"),
    path("udvalg/nyt/", meeting_prepare.plan, name="plan_meeting"),
    path("udvalg/moede/<int:pk>/", meetings.meeting, name="meeting"),
    path("udvalg/moede/<int:pk>/forbered/", meeting_prepare.prepare, name="prepare_meeting"),
    path("udvalg/moede/<int:pk>/fremmoede/", meetings.attendance, name="attendance"),
    path("udvalg/moede/<int:pk>/foelg/", meetings.follow, name="follow"),
    path("udvalg/moede/<int:pk>/inhabil/", meetings.conflict, name="conflict"),
    path("udvalg/moede/<int:pk>/luk/", meetings.close, name="close_meeting"),
    path("udvalg/moede/<int:pk>/sag/<int:position>/", meetings.item, name="agenda_item"),
    path("udbetaling/", payments.payable, name="payments"),
    path("udbetaling/<int:pk>/", payments.batch, name="batch"),
    path("udbetaling/<int:pk>/godkend/", payments.approve, name="approve_batch"),
    path("udbetaling/<int:pk>/send/", payments.export, name="export_batch"),
    path("udbetaling/<int:pk>/fil.csv", payments.file, name="batch_file"),
    path("udbetaling/<int:pk>/bekraeft/", payments.confirm_all, name="confirm_all"),
    path("udbetaling/<int:pk>/bekraeft/<int:payment>/", payments.confirm, name="confirm_payment"),
    path("udbetaling/<int:pk>/afvis/<int:payment>/", payments.reject, name="reject_payment"),
]
