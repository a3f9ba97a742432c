#!/bin/sh
# nightly.sh SOURCE DESTINATION [OPTION...]: syncs, and does what each end of it asks for.
set -eu

status=0
efs-sync --quiet "$@" || status=$?

case $status in
0)
  echo 'All is there, and verified.'
  ;;
24 | 41)
  echo 'All is there but what changed in the source meanwhile; the next run has it.'
  ;;
25)
  echo 'More is gone from the source than may be deleted. Somebody must look.' >&2
  exit "$status"
  ;;
30 | 75)
  echo 'A file system hangs, or another sync is at work. Try again later.' >&2
  exit "$status"
  ;;
40)
  echo 'The destination differs from the source. Do not cut over.' >&2
  exit "$status"
  ;;
*)
  echo "The sync failed with exit status $status." >&2
  exit "$status"
  ;;
esac
