import django.contrib.postgres.indexes
from django.db import migrations

import pulje.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("pulje", "0015_applicant_contact"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="applicant",
            name="applicant_nearly",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="application_nearly",
        ),
        migrations.AddIndex(
            model_name="applicant",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    pulje.models.fields.Bare("name"), "gin_trgm_ops"
                ),
                name="applicant_nearly",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    pulje.models.fields.Bare("title"), "gin_trgm_ops"
                ),
                name="application_nearly",
            ),
        ),
    ]
