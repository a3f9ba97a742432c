#!/bin/sh
# nightly.sh SOURCE DESTINATION [OPTION...]: syncs, and does what each end of it asks for.
set -eu

status=0
efs-sync --quiet "$@" || status=$?

case $status in
0)
  echo 'Everything is there, and verified.'
  ;;
24 | 41)
  echo 'Everything is there except what changed in the source during the run. The next run copies it.'
  ;;
25)
  echo 'More files are gone from the source than may be deleted. Somebody must look.' >&2
  exit "$status"
  ;;
30 | 75)
  echo 'A file system hangs, or another sync is running. Try again later.' >&2
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
