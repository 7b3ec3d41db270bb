from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pulje", "0024_earlier_minutes")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="attendance_kept",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="fremmøde ved mødets slutning"
            ),
        ),
    ]
