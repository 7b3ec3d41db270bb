from django.apps import AppConfig


class PuljeConfig(AppConfig):
    name = "pulje"
    verbose_name = "Puljer"
    default_auto_field = "django.db.models.BigAutoField"
