"""The applicant's pages, mounted at /ansoeg/."""

from django.urls import path

from workflow.views import applicant, applicant_case, applicant_form, applicant_report

app_name = "applicant"
urlpatterns = [
    path("", applicant.mine, name="mine"),
    path("ny/<slug:slug>/", applicant_form.new, name="new"),
    path("<int:pk>/", applicant_case.case, name="case"),
    path("<int:pk>/kladde/", applicant_form.edit, name="edit"),
    path("<int:pk>/kvittering/", applicant.receipt, name="receipt"),
    path("<int:pk>/bilag/<int:attachment>/", applicant.attachment, name="attachment"),
    path("<int:pk>/svar/", applicant_case.answer_information, name="answer_information"),
    path("<int:pk>/bemaerkninger/", applicant_case.answer_hearing, name="answer_hearing"),
    path("<int:pk>/besked/", applicant_case.write_message, name="write_message"),
    path("<int:pk>/ja-tak/", applicant_case.accept, name="accept"),
    path("<int:pk>/nej-tak/", applicant_case.decline, name="decline"),
    path("<int:pk>/traek-tilbage/", applicant_case.withdraw, name="withdraw"),
    path("<int:pk>/rapport/", applicant_report.report, name="report"),
]
