# DevStack plugin: installs the package and copies the file that switches it on. Horizon's own set-up, which comes after
# "post-config", collects the static files.

BACKUP_RESET_PANEL_SWITCH=_2235_admin_backup_reset_panel.py

if is_service_enabled horizon && is_service_enabled c-bak; then
    if [[ "$1" == "stack" && "$2" == "install" ]]; then
        echo_summary "Installing backup-reset-panel"
        setup_develop "$BACKUP_RESET_PANEL_DIR"
    elif [[ "$1" == "stack" && "$2" == "post-config" ]]; then
        echo_summary "Configuring backup-reset-panel"
        cp "$BACKUP_RESET_PANEL_DIR/enabled/$BACKUP_RESET_PANEL_SWITCH" "$HORIZON_DIR/openstack_dashboard/local/enabled/"
    elif [[ "$1" == "clean" ]]; then
        rm -f "$HORIZON_DIR/openstack_dashboard/local/enabled/$BACKUP_RESET_PANEL_SWITCH"
    fi
fi
