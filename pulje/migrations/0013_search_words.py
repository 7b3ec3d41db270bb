import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations

import pulje.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("pulje", "0012_case_workers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="applicant",
            name="applicant_words",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="application_words",
        ),
        migrations.RemoveIndex(
            model_name="attachment",
            name="attachment_words",
        ),
        migrations.AddIndex(
            model_name="applicant",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    pulje.models.fields.Apart("name"), "cvr", config="danish"
                ),
                name="applicant_words",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    pulje.models.fields.Apart("number"),
                    pulje.models.fields.Apart("title"),
                    pulje.models.fields.Apart("summary"),
                    pulje.models.fields.Apart("description"),
                    config="danish",
                ),
                name="application_words",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    pulje.models.fields.Apart("name"), config="danish"
                ),
                name="attachment_words",
            ),
        ),
    ]
