"""Pages that set a pool up, under /sag/puljer/."""

from django.urls import include, path

from workflow.views import pool_form, pool_money, pool_new, pool_parts, pool_setup

FORM = [
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
SETUP = [
    path("", pool_setup.show, name="pool_setup"),
    path("offentlig/", pool_setup.publish, name="publish_pool"),
    path("proev/", pool_setup.try_out, name="try_pool"),
    path("vis/", pool_setup.preview, name="preview_pool"),
    path("versioner/", pool_setup.versions, name="pool_versions"),
    path("ramme/", pool_money.frame, name="pool_frame"),
    path("ramme/flyt/", pool_money.transfer, name="transfer"),
    path("<slug:part>/", pool_parts.part, name="pool_part"),
    path("<slug:part>/ny/", pool_parts.row, name="new_row"),
    path("<slug:part>/<int:pk>/", pool_parts.row, name="pool_row"),
    path("<slug:part>/<int:pk>/flyt/", pool_parts.move, name="move_row"),
    path("<slug:part>/<int:pk>/slet/", pool_parts.delete, name="delete_row"),
]
urlpatterns = [
    path("ny/", pool_new.new, name="new_pool"),
    path("<slug:slug>/skema/", include(FORM)),
    path("<slug:slug>/opsaet/", include(SETUP)),
]
