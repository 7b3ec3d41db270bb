"""Who added words to a letter is kept on it: somebody else must read them."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("letters", "0011_batch_size"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="words_by",
            field=models.ForeignKey(
                settings.AUTH_USER_MODEL, PROTECT, related_name="+", null=True, blank=True
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=Q(approved_by=None) | Q(words_by=None) | ~Q(approved_by=F("words_by")),
                name="letter_words_two_readers",
                violation_error_message="Det, der er føjet til brevet, skal læses af en anden.",
            ),
        ),
    ]
