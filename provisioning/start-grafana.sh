#!/bin/sh
# Grafana refuses to start when a provisioned app is not installed. What an installation lacks is left out here
# instead, so that the rest of Grafana comes up.
set -eu
source=/etc/signalbox/provisioning
target=/tmp/signalbox-provisioning
rm -rf "$target"
mkdir -p "$target"
cp -r "$source/datasources" "$source/dashboards" "$target/"
if [ -f "${GF_PATHS_PLUGINS:-/var/lib/grafana/plugins}/signalbox-agents-app/plugin.json" ]; then
  cp -r "$source/plugins" "$target/"
else
  echo "signalbox: the app is not installed, so it is not provisioned" >&2
fi
export GF_PATHS_PROVISIONING="$target"
exec /run.sh "$@"
