import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_uploads_of_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reading", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pack",
            name="upload",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="pack",
                to="projects.upload",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="replaced_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="replaced_why",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.RemoveConstraint(model_name="assignment", name="one_account_a_reader"),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("pack", "reader"),
                name="one_account_a_reader",
            ),
        ),
    ]
