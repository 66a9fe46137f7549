from django.db import migrations, models

_STATES = ["received", "kept", "refused", "erased", "pack"]


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("kept", "Kept"),
                    ("refused", "Refused"),
                    ("erased", "Erased"),
                    ("pack", "Pack"),
                ],
                default="received",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="upload", name="known_state_of_an_upload"),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", _STATES)), name="known_state_of_an_upload"
            ),
        ),
    ]
