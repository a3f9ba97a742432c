#!/bin/sh
# One real tree through an installed efs-sync: copied, unchanged by a second run, verified, damaged,
# found out, repaired. Judged by rsync, find and cmp.
#
#   test/smoke/smoke.sh BIN SOURCE      BIN is bin/efs-sync.js of any installation; runs under `node` of PATH
set -eu

bin=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
destination=$work/destination

fail() {
  echo "smoke: $*" >&2
  cat "$work/output" >&2
  exit 1
}

efs_sync() {
  wanted=$1
  shift
  status=0
  XDG_STATE_HOME=$work/state node "$bin" "$@" >"$work/output" 2>&1 || status=$?
  [ "$status" -eq "$wanted" ] || fail "efs-sync $* ended with $status, not $wanted"
}

# Inode number and change time of every path, which any write would change.
survey() {
  find "$destination" -printf '%i %C@ %p\0' | sort -z
}

mkdir "$destination"

efs_sync 0 "$source" "$destination"
grep -q Success "$work/output" || fail 'the report does not say Success'
rsync -aHSni --delete "$source/" "$destination/" >"$work/output"
[ ! -s "$work/output" ] || fail 'rsync finds differences'

survey >"$work/before"
efs_sync 0 "$source" "$destination"
survey >"$work/after"
cmp -s "$work/before" "$work/after" || fail 'the second run wrote to the destination'

efs_sync 0 verify "$source" "$destination"

victim=$(find "$destination" -type f -size +0 | LC_ALL=C sort | sed -n '$p')
touch -r "$victim" "$work/mtime"
byte=$(od -An -tu1 -N1 "$victim")
printf "\\$(printf '%o' $((byte ^ 1)))" | dd of="$victim" bs=1 conv=notrunc status=none
touch -r "$work/mtime" "$victim"
efs_sync 40 verify "$source" "$destination"
grep -qF "${victim#"$destination/"}" "$work/output" || fail "verify does not name $victim"

efs_sync 0 --checksum "$source" "$destination"
rsync -aHSnic --delete "$source/" "$destination/" >"$work/output"
[ ! -s "$work/output" ] || fail 'rsync finds differences after the repair'

echo "smoke: node $(node --version), $(find "$source" | wc -l) entries: all as it should be"
