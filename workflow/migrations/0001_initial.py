"""The link from process to case, and the partial indexes without which an inbox slows with the years."""

import django.db.models.deletion
from django.db import migrations, models

OPEN_HUMAN = "where finished is null and flow_task_type = 'HUMAN'"
INDEXES = {
    "vf_task_open_human": f"(created) {OPEN_HUMAN}",
    "vf_task_mine": f"(owner_id, created) {OPEN_HUMAN}",
    "vf_task_pool": f"(owner_permission, created) {OPEN_HUMAN}",
    "vf_task_open_node": "(flow_task, created) where finished is null",
    "vf_task_due": "(scheduled) where status = 'SCHEDULED' and flow_task_type = 'TIMER'",
    "vf_task_error": "(created) where status = 'ERROR'",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pulje", "0001_initial"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="GrantProcess",
            fields=[],
            options={
                "verbose_name": "sagsgang",
                "verbose_name_plural": "sagsgange",
                "ordering": ["-created", "-pk"],
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "process",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="pulje.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "sagens sagsgang",
                "verbose_name_plural": "sagernes sagsgange",
            },
        ),
        *[
            migrations.RunSQL(f"create index {name} on viewflow_task {what}", f"drop index {name}")
            for name, what in INDEXES.items()
        ],
    ]
