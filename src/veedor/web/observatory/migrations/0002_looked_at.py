from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observatory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="publication", name="look", field=models.BigIntegerField(null=True)
        ),
    ]
