#!/bin/sh
# Installs the peers that Debian and PyPI have, into .build/peers; what is missing afterwards is skipped by run.py.
# PyTorch is gigabytes: only with TORCH=torch (or another version of it, as pip names them) in the environment.
set -eu
cd "$(dirname "$0")"
if command -v apt-get >/dev/null; then
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq g++ graphviz python3-venv util-linux >/dev/null
  $sudo apt-get install -y -qq libadolc-dev >/dev/null || echo "libadolc-dev: not available, ADOL-C is skipped"
fi
[ -x .build/peers/bin/python ] || python3 -m venv .build/peers
pip() { .build/peers/bin/python -m pip install -q "$@"; }
pip numpy scikit-learn jax
pip micrograd || echo "micrograd: not available, skipped"
# Without its dependencies: the headers and the library are all that is needed of it.
pip --no-deps cmeel-cppad || echo "cmeel-cppad: not available, CppAD is skipped"
if [ -n "${TORCH:-}" ]; then
  pip "$TORCH" || echo "$TORCH: not available, PyTorch is skipped"
else
  echo "PyTorch: skipped; TORCH=torch sh install-peers.sh installs it"
fi
