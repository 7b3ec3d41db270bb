"""Pages that set a pool up, under /sag/puljer/."""

from django.urls import include, path

from workflow.views.pool import form, money, new, parts, setup

FORM = [
    path("", form.show, name="pool_form"),
    path("vis/", form.preview, name="preview_form"),
    path("version/<int:number>/", form.set_version, name="set_version"),
    path("krav/", form.demands, name="demands"),
    path("spoergsmaal/", form.question, name="new_question"),
    path("spoergsmaal/<int:pk>/", form.question, name="question"),
    path("betingelse/", form.gate, name="new_gate"),
    path("betingelse/<int:pk>/", form.gate, name="gate"),
    path("<slug:part>/<int:pk>/flyt/", form.move, name="move_part"),
    path("<slug:part>/<int:pk>/slet/", form.delete, name="delete_part"),
]
SETUP = [
    path("", setup.show, name="pool_setup"),
    path("offentlig/", setup.publish, name="publish_pool"),
    path("proev/", setup.try_out, name="try_pool"),
    path("vis/", setup.preview, name="preview_pool"),
    path("versioner/", setup.versions, name="pool_versions"),
    path("ramme/", money.frame, name="pool_frame"),
    path("ramme/flyt/", money.transfer, name="transfer"),
    path("<slug:part>/", parts.part, name="pool_part"),
    path("<slug:part>/ny/", parts.row, name="new_row"),
    path("<slug:part>/<int:pk>/", parts.row, name="pool_row"),
    path("<slug:part>/<int:pk>/flyt/", parts.move, name="move_row"),
    path("<slug:part>/<int:pk>/slet/", parts.delete, name="delete_row"),
]
urlpatterns = [
    path("ny/", new.new, name="new_pool"),
    path("<slug:slug>/skema/", include(FORM)),
    path("<slug:slug>/opsaet/", include(SETUP)),
]
