#!/usr/bin/env bash
# Compiles the finite element forms of a case where a compiler is at hand (the login node), so that
# compute nodes without one find them in the cache:
#
#   scripts/cluster/precompile.sh cases/dual_layer.toml [--set key=value ...]
#
# It runs the case on one rank into a folder that it removes. Give the same --set as the job: the
# forms depend on level, dimension, layers and order. They do not depend on the mesh, so for a large
# case add a small one (geometry.width, mesh.lateral_size). The cache is in $ZINTERPHASE_CACHE, else
# in $XDG_CACHE_HOME/zinterphase (~/.cache/zinterphase); both kinds of node must see it. What is
# compiled here runs on every processor of the kind; nodes with a compiler make faster code for
# their own.
set -euo pipefail
if (($# == 0)); then
    echo "usage: ${0##*/} CASE [--set key=value ...]" >&2
    exit 2
fi
export OPENBLAS_NUM_THREADS=1 ZINTERPHASE_PORTABLE=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
zinterphase run "$@" -o "$scratch/run"
echo "forms compiled into ${ZINTERPHASE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/zinterphase}"
