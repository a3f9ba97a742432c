#!/bin/sh
# private-cron.sh DIRECTORY SOURCE: cron(8) in the foreground, for DIRECTORY/cron.d alone. What it would write
# outside of DIRECTORY, its pid and mail and the state of what it runs, goes there or nowhere. Run it by
# `unshare --mount`; SOURCE and DIRECTORY/destination* become mount points.
set -eu
directory=$1
source=$2

mount --bind "$directory/cron.d" /etc/cron.d
mount --bind /dev/null /etc/crontab
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mount -t tmpfs tmpfs /var/spool
mkdir -p /var/spool/cron/crontabs
mount --bind "$source" "$source"
for destination in "$directory"/destination*; do
  mount --bind "$destination" "$destination"
done
# cron needs only itself and its mail program from /usr/sbin.
cp /usr/sbin/cron "$directory/sbin/"
mount --bind "$directory/sbin" /usr/sbin
exec cron -f
