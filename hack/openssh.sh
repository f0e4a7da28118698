#!/bin/sh
# OpenSSH for the tests: its client, and its server as a program that a test starts for itself.
# Installs both where that is allowed; the system's own ssh service is neither started nor changed.
set -eu

PATH="$PATH:/usr/sbin"
command -v ssh >/dev/null && command -v ssh-keygen >/dev/null && command -v sshd >/dev/null && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "error: the tests need OpenSSH's client and server. On Debian:" \
        "apt-get install openssh-client openssh-server" >&2
    exit 1
fi

echo "installing openssh-client and openssh-server, without starting a service"
mkdir -p /etc/ssh
touch /etc/ssh/sshd_not_to_be_run # Debian's own switch
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends openssh-client openssh-server >/dev/null
