# SPDX-License-Identifier: Apache-2.0
"""The table of the history. Released migrations stay as they are: a change of the model is a new one."""

from django.db import migrations
from django.db import models


class Migration(migrations.Migration):
    """Makes the table."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="PastReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("region", models.CharField(blank=True, max_length=64)),
                ("backup_id", models.CharField(blank=True, max_length=64)),
                ("backup_project_id", models.CharField(blank=True, max_length=64)),
                ("volume_id", models.CharField(blank=True, max_length=64)),
                ("user_id", models.CharField(blank=True, max_length=64)),
                ("user_name", models.CharField(blank=True, max_length=255)),
                ("from_address", models.CharField(blank=True, max_length=255)),
                ("host", models.CharField(blank=True, max_length=255)),
                ("mode", models.CharField(blank=True, max_length=16)),
                ("choice", models.CharField(blank=True, max_length=16)),
                ("from_status", models.CharField(blank=True, max_length=64)),
                ("to_status", models.CharField(blank=True, max_length=64)),
                ("verdict", models.CharField(blank=True, max_length=64)),
                ("refused", models.CharField(blank=True, max_length=64)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                ("seen_locked", models.TextField(blank=True)),
                ("line", models.TextField(blank=True)),
            ],
            options={
                "db_table": "backup_reset_panel_history",
                "indexes": [
                    models.Index(fields=["region", "at", "id"], name="backup_reset_history_page"),
                    models.Index(fields=["backup_id", "at"], name="backup_reset_history_backup"),
                    models.Index(fields=["at"], name="backup_reset_history_age"),
                ],
            },
        ),
    ]
