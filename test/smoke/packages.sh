#!/bin/bash
# Packages, installed where there is no Node: a .deb by dpkg in a root of its own, an .rpm into another, a .tar.gz unpacked. In
# each a sync with --delete, verify, and a difference that is found. Then they are removed, and nothing may be left. Of packages
# for the other processor, only what is in them. As root.
#
#   test/smoke/packages.sh DIRECTORY      what `npm run package` built
set -Eeuo pipefail
trap 'echo "packages: failed in line $LINENO" >&2' ERR

packages=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $(uname -m) in
  x86_64) deb=amd64 rpm=x86_64 node=x64 ;;
  aarch64) deb=arm64 rpm=aarch64 node=arm64 ;;
esac
readonly deb rpm node

# What a small Debian has, from this machine's own files.
new_root() {
  local package
  mkdir -p "$1"/{tmp,proc,dev,etc,root,var/log,usr/{bin,sbin,lib,lib64},var/lib/dpkg/{info,updates}}
  for link in bin sbin lib lib64; do ln -s "usr/$link" "$1/$link"; done
  mknod -m 666 "$1/dev/null" c 1 3
  : >"$1/var/log/dpkg.log"
  for package in libc6 libc-bin libgcc-s1 libstdc++6 dash coreutils dpkg tar diffutils grep sed libacl1 libattr1 libbz2-1.0 libgmp10 liblzma5 \
    libmd0 libpcre2-8-0 libselinux1 libzstd1 zlib1g; do
    dpkg -L "$package" | while read -r path; do [[ -d $path && ! -L $path ]] || echo "$path"; done >>"$work/files"
    touch "$1/var/lib/dpkg/info/$package.list" "$1/var/lib/dpkg/info/$package:$deb.list"
    dpkg-query -s "$package" >>"$1/var/lib/dpkg/status"
    echo >>"$1/var/lib/dpkg/status"
  done
  tar -C / -chf - --no-recursion --hard-dereference --ignore-failed-read -T <(grep -v /usr/share/ "$work/files" | sed 's,^/,,; s,^\(bin\|sbin\|lib\|lib64\)/,usr/\1/,') 2>/dev/null |
    tar -C "$1" --keep-directory-symlink -xf -
  rm "$work/files"
}

within() {
  local root=$1
  shift
  # shellcheck disable=SC2016
  unshare --mount sh -c 'root=$1; shift; mount --rbind /proc "$root/proc"; exec env -i PATH=/usr/sbin:/usr/bin HOME=/root chroot "$root" "$@"' sh "$root" "$@"
}

list() {
  (cd "$1" && find . -path ./proc -prune -o -path ./tmp -prune -o -path ./root -prune -o -path './var/lib/dpkg/*' -prune -o -path ./var/lib/rpm -prune -o -print | LC_ALL=C sort)
}

# The main job, by the command that the package has installed at $2 in the root $1.
job() {
  local root=$1 command=$2 status=0
  rm -rf "$root"/tmp/{source,destination}
  mkdir -p "$root"/tmp/{source/a,destination}
  cp -r test/smoke "$root/tmp/source/a"
  echo extra >"$root/tmp/destination/extra"
  [[ ! -e $root/usr/bin/node ]]
  [[ $(within "$root" "$command" --version) == *"$(sed -n 's/.*"version": "\(.*\)".*/\1/p' package.json)"* ]]
  within "$root" "$command" --delete /tmp/source /tmp/destination >"$work/output"
  grep -q Success "$work/output"
  diff -r "$root/tmp/source" "$root/tmp/destination"
  within "$root" "$command" verify --delete /tmp/source /tmp/destination >"$work/output"
  echo changed >>"$root/tmp/destination/a/smoke/smoke.sh"
  within "$root" "$command" verify /tmp/source /tmp/destination >"$work/output" 2>&1 || status=$?
  [[ $status == 40 ]]
  within "$root" "$command" --no-such-option >"$work/output" 2>&1 && return 1
  grep -q "efs-sync --help" "$work/output"
  rm -rf "$root"/tmp/{source,destination} "$root/root/.local"
}

pages() {
  local share=$1
  zcat "$share/man/man1/efs-sync.1.gz" | cmp - man/efs-sync.1
  zcat "$share/man/man5/efs-sync-task.5.gz" | cmp - man/efs-sync-task.5
  bash -c 'source "$1"; complete -p efs-sync' sh "$share/bash-completion/completions/efs-sync" >/dev/null
  grep -q '^#compdef efs-sync' "$share/zsh/vendor-completions/_efs-sync"
  fish --no-execute "$share/fish/vendor_completions.d/efs-sync.fish"
  for file in LICENSE.node copyright README.md examples/efs-sync.{service,timer}; do [[ -s $share/doc/efs-sync/$file ]]; done
}

new_root "$work/root"
list "$work/root" >"$work/before"
cp "$packages"/efs-sync_*_"$deb".deb "$work/root/tmp/efs-sync.deb"
within "$work/root" dpkg -i /tmp/efs-sync.deb >/dev/null
job "$work/root" efs-sync
pages "$work/root/usr/share"
within "$work/root" dpkg --purge efs-sync >/dev/null
list "$work/root" | diff "$work/before" -
echo 'deb: installed, run and purged'

# Its root has no RPM database that tells of a C library, but the directories that belong to the system.
mkdir -p "$work/root"/usr/share/{bash-completion/completions,doc,fish/vendor_completions.d,man/man{1,5},zsh/{site-functions,vendor-completions}}
list "$work/root" >"$work/before"
rpm --root "$work/root" --nodeps -i "$packages"/efs-sync-*."$rpm".rpm
job "$work/root" efs-sync
pages "$work/root/usr/share"
rpm --root "$work/root" --nodeps -e efs-sync
# RPM has no purge: what runs have left stays until somebody removes it.
rm -r "$work/root/var/lib/efs-sync"
list "$work/root" | diff "$work/before" -
echo 'rpm: installed, run and removed'

mkdir "$work/root/tmp/unpacked"
tar -xzf "$packages"/efs-sync_*_"$node".tar.gz -C "$work/root/tmp/unpacked"
job "$work/root" "$(cd "$work/root" && echo /"$(echo tmp/unpacked/*/bin/efs-sync)")"
pages "$(echo "$work"/root/tmp/unpacked/*/share)"
echo 'tar.gz: unpacked and run'

# Byte 18 of an ELF file is its machine: 62 is x86-64, 183 is ARM64.
for each in amd64:62:x64 arm64:183:arm64; do
  IFS=: read -r architecture machine processor <<<"$each"
  mkdir "$work/$architecture"
  dpkg-deb -x "$packages"/efs-sync_*_"$architecture".deb "$work/$architecture"
  mapfile -t binaries < <(cd "$work/$architecture/usr/lib/efs-sync" && find . -name '*.node' -o -name node -type f | LC_ALL=C sort)
  [[ ${binaries[*]} == "./node ./node_modules/@koromix/koffi-linux-$processor/linux_$processor/koffi.node" ]]
  for binary in "${binaries[@]}"; do
    [[ $(od -An -j18 -N2 -tu2 "$work/$architecture/usr/lib/efs-sync/$binary" | tr -d ' ') == "$machine" ]]
  done
  [[ -z $(dpkg-deb -c "$packages"/efs-sync_*_"$architecture".deb | awk '$2 != "root/root" || substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w"') ]]
  if grep -rlF --exclude=node "$PWD/" "$work/$architecture"; then exit 1; fi
done
echo 'amd64 and arm64: Node and koffi are for the processor'
