#!/bin/sh
# efs-sync with the Node that comes with it. bin/efs-sync says why the signals are ignored and what the port is.
trap '' USR1 USR2; case $NODE_OPTIONS in *--inspect*) unset NODE_OPTIONS ;; esac
self=$0
[ ! -L "$self" ] || self=$(readlink -f -- "$self")
case $self in */*) ;; *) self=./$self ;; esac
library=${self%/*}/../lib/efs-sync
exec "$library/node" --inspect-port=0.0.0.1:9229 "$library/bin/efs-sync" "$@"
