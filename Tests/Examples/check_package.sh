#!/usr/bin/env bash
# Makes the archive and the Debian package, installs, uses and removes the package, and runs the hooks and the action's
# command: Tests/Examples/check_package.sh PROGRAM. The package needs root; without, it is unpacked instead.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "check_package: $1" >&2; exit 1; }
version=$("$program" --version)

archive=$("$checkout/Sources/Packaging/archive" "$program" "$folder/dist")
mkdir "$folder/unpacked"
tar -C "$folder/unpacked" --strip-components=1 -xzf "$archive"
[ "$("$folder/unpacked/bin/gradviz" --version)" = "$version" ] || fail "the archive's program says another version"
for file in share/man/man1/gradviz.1 share/bash-completion/completions/gradviz share/zsh/site-functions/_gradviz \
  share/fish/vendor_completions.d/gradviz.fish; do
  [ -s "$folder/unpacked/$file" ] || fail "the archive has no $file"
done

printf 'param a = 3\nloss L = a * a\n' > "$folder/net.grad"
if command -v dpkg-deb > /dev/null; then
  package=$("$checkout/Sources/Packaging/deb" "$program" "$folder/dist")
  dpkg-deb --field "$package" Depends | grep -q libgvc6 || fail "the package does not depend on libgvc6"
  DEBFULLNAME="Ada Lovelace" DEBEMAIL=ada@engine.test "$checkout/Sources/Packaging/deb" "$program" "$folder/own" > "$folder/log"
  [ "$(dpkg-deb --field "$(cat "$folder/log")" Maintainer)" = "Ada Lovelace <ada@engine.test>" ] || fail "the maintainer is another"
  if [ "$(id -u)" = 0 ] && ! dpkg-query -W gradviz > /dev/null 2>&1; then
    dpkg --install "$package" > "$folder/log" || { cat "$folder/log" >&2; fail "the package cannot be installed"; }
    /usr/bin/gradviz draw "$folder/net.grad" --stage backward | grep -q '^<svg' || fail "the installed program draws nothing"
    man -w gradviz > /dev/null 2>&1 || [ -e /etc/dpkg/dpkg.cfg.d/docker ] || fail "there is no manual page"
    files=$(dpkg --listfiles gradviz)
    dpkg --purge gradviz > "$folder/log" || { cat "$folder/log" >&2; fail "the package cannot be removed"; }
    while read -r file; do [ ! -f "$file" ] || fail "$file is left"; done <<< "$files"
  else
    dpkg-deb -x "$package" "$folder/root"
    "$folder/root/usr/bin/gradviz" draw "$folder/net.grad" --stage backward | grep -q '^<svg' || fail "it draws nothing"
  fi
fi

export PATH="$folder/unpacked/bin:$PATH"
mkdir "$folder/pages"
cd "$folder/pages"
printf '# A page\n\n```grad\nparam a = 3\nloss L = a * a\n```\n' > README.md
if gradviz document --check README.md 2> /dev/null; then fail "a page without its figures is accepted"; fi
gradviz document --quiet README.md
gradviz document --check --quiet README.md || fail "a page that was just drawn is refused"
if command -v pre-commit > /dev/null; then
  git init --quiet . && git add --all
  pre-commit try-repo "$checkout" gradviz-document --all-files > "$folder/log" 2>&1 || { cat "$folder/log" >&2; fail "the hook fails"; }
fi
echo "The archive and the package of gradviz $version were used and removed"
