set -e
apt-get install -y python3-pip
cd /usr/share/openstack-dashboard
python3 -m pip install --break-system-packages backup-reset-panel
cp "$(python3 -c 'import backup_reset_panel.enabled as e; print(*e.__path__)')"/_2235_*.py openstack_dashboard/local/enabled/
python3 manage.py collectstatic --noinput
systemctl restart apache2
