FROM quay.io/airshipit/horizon:2026.1-ubuntu_noble
USER root
RUN python -m pip install --no-cache-dir backup-reset-panel \
    && cd "$(python -c "from sysconfig import get_path; print(get_path('platlib'))")" \
    && cp backup_reset_panel/enabled/_2235_*.py openstack_dashboard/local/enabled/
