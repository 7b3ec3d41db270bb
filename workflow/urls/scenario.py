"""A round's scenarios, at /sag/puljer/<pulje>/fordeling/."""

from django.urls import path

from workflow.views.casework import scenario as views
from workflow.views.casework.scenario_choose import choose_scenario

urlpatterns = [
    path("", views.scenarios, name="scenarios"),
    path("tabel.<slug:kind>", views.scenarios_file, name="scenarios_file"),
    path("ny/", views.new_scenario, name="new_scenario"),
    path("<int:pk>/", views.scenario, name="scenario"),
    path("<int:pk>/ret/", views.change_scenario, name="change_scenario"),
    path("<int:pk>/kopi/", views.copy_scenario, name="copy_scenario"),
    path("<int:pk>/slet/", views.delete_scenario, name="delete_scenario"),
    path("<int:pk>/vaelg/", choose_scenario, name="choose_scenario"),
    path("<int:pk>/sag/<int:case>/", views.scenario_case, name="scenario_case"),
]
