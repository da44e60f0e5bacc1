# SPDX-License-Identifier: Apache-2.0
from django.urls import path
from openstack_dashboard.dashboards.admin.backups import views as stock

from tests.extension.neighbour.replacing import views

urlpatterns = [
    path("", views.BackupsView.as_view(), name="index"),
    path("<str:backup_id>/", views.BackupDetailView.as_view(), name="detail"),
    path("<str:backup_id>/restore/", stock.AdminRestoreBackupView.as_view(), name="restore"),
    path("<str:backup_id>/update_status", stock.UpdateStatusView.as_view(), name="update_status"),
]
