#!/bin/sh
# Installs the peers that Debian and PyPI have, into .build/peers; what is missing afterwards is skipped by run.py.
set -eu
cd "$(dirname "$0")"
if command -v apt-get >/dev/null; then
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq g++ graphviz python3-venv util-linux >/dev/null
fi
[ -x .build/peers/bin/python ] || python3 -m venv .build/peers
.build/peers/bin/pip install -q numpy scikit-learn jax
