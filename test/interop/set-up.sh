#!/bin/sh
# Puts the clients that the tests of this folder drive into .venv beside this file: needs Python 3.11 or newer.
set -eu
cd "$(dirname "$0")"
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --requirement requirements.txt
