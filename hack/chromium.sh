#!/bin/sh
# A Chromium without a screen, for the tests that walk the page. Installs Debian's where that is
# allowed: 100 MB, half a minute, once.
set -eu

for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "error: the tests need a Chromium. On Debian: apt-get install chromium-headless-shell" >&2
    exit 1
fi

echo "installing chromium-headless-shell"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends chromium-headless-shell >/dev/null
