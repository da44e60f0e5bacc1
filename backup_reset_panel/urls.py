# SPDX-License-Identifier: Apache-2.0
"""URLs of the panel, below ``/admin/backup_reset/``."""

from django.urls import path

from backup_reset_panel import views

urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("<str:backup_id>/update/", views.UpdateStatusView.as_view(), name="update_status"),
    path("<str:backup_id>/outcome/", views.OutcomeView.as_view(), name="outcome"),
]
