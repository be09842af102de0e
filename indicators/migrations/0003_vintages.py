from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from accounts.append_only import allow, forbid

TABLE = "indicators_observation"


def put_on_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite adds a column by making the table anew, and the triggers go with the old one."""
    vendor = schema_editor.connection.vendor
    for statement in (*allow(vendor, TABLE), *forbid(vendor, TABLE)):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="vintage",
            field=models.CharField(blank=True, help_text="a code of indicators.vintages.VINTAGES", max_length=12),
        ),
        migrations.AddField(
            model_name="observation",
            name="vintage",
            field=models.CharField(blank=True, help_text="a code of indicators.vintages.VINTAGES", max_length=12),
        ),
        migrations.RunPython(put_on_again, put_on_again),
    ]
