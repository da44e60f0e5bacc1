# SPDX-License-Identifier: Apache-2.0
"""URLs of the panel, below ``/admin/backup_reset/``."""

from django.urls import path
from django.urls import re_path

from backup_reset_panel.bulk import views as bulk
from backup_reset_panel.dialog import reading
from backup_reset_panel.dialog import views as dialog
from backup_reset_panel.history import views as history
from backup_reset_panel.hosts import views as hosts
from backup_reset_panel.leftovers import stored as left_on_store
from backup_reset_panel.leftovers import views as leftovers
from backup_reset_panel.stuck import on_store
from backup_reset_panel.stuck import views as stuck

urlpatterns = [
    path("", stuck.StuckBackupsView.as_view(), name="index"),
    path("hosts/", hosts.HostsView.as_view(), name="hosts"),
    path("left_overs/", leftovers.LeftOversView.as_view(), name="left_overs"),
    re_path(
        "^left_overs/(?P<table>volumes|snapshots)/(?P<record_id>[^/]+)/$",
        leftovers.ReleaseView.as_view(),
        name="left_over",
    ),
    path("left_overs/stored/", left_on_store.UnrecordedView.as_view(), name="unrecorded"),
    path("stored/", on_store.OnStoreView.as_view(), name="stored"),
    path("history/", history.HistoryView.as_view(), name="history"),
    path("bulk/", bulk.BulkPlanView.as_view(), name="bulk"),
    path("bulk/plan/", bulk.PlanChunkView.as_view(), name="bulk_plan"),
    path("bulk/apply/", bulk.ApplyChunkView.as_view(), name="bulk_apply"),
    path("bulk/look/", bulk.LookChunkView.as_view(), name="bulk_look"),
    path("<str:backup_id>/update/", dialog.UpdateStatusView.as_view(), name="update_status"),
    path("<str:backup_id>/read/", reading.ReadView.as_view(), name="read"),
    path("<str:backup_id>/outcome/", dialog.OutcomeView.as_view(), name="outcome"),
]
