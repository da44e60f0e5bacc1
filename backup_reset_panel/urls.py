# SPDX-License-Identifier: Apache-2.0
"""URLs of the panel, below ``/admin/backup_reset/``."""

from django.urls import path

from backup_reset_panel import bulk_views
from backup_reset_panel import stuck_views
from backup_reset_panel import views

urlpatterns = [
    path("", stuck_views.StuckBackupsView.as_view(), name="index"),
    path("bulk/", bulk_views.BulkPlanView.as_view(), name="bulk"),
    path("bulk/plan/", bulk_views.PlanChunkView.as_view(), name="bulk_plan"),
    path("bulk/apply/", bulk_views.ApplyChunkView.as_view(), name="bulk_apply"),
    path("bulk/look/", bulk_views.LookChunkView.as_view(), name="bulk_look"),
    path("<str:backup_id>/update/", views.UpdateStatusView.as_view(), name="update_status"),
    path("<str:backup_id>/outcome/", views.OutcomeView.as_view(), name="outcome"),
]
