#!/usr/bin/env bash
# Compiles the finite element forms of a case where a compiler is at hand (the login node), so that
# compute nodes without one find them in the cache:
#
#   scripts/cluster/precompile.sh cases/dual_layer.toml [--set key=value ...]
#
# Give the same --set as the job: the forms depend on level, dimension, layers and order, not on the
# mesh, so a coarse one on one rank compiles them all. The cache is $XDG_CACHE_HOME/zinterphase/forms
# (~/.cache/zinterphase/forms); both kinds of node must see it.
set -euo pipefail
if (($# == 0)); then
    echo "usage: ${0##*/} CASE [--set key=value ...]" >&2
    exit 2
fi
export OPENBLAS_NUM_THREADS=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
zinterphase run "$@" --set "mesh.lateral_size=5 um" --set "mesh.far_size=10 um" \
    --set output.fields=none -o "$scratch/run"
echo "forms compiled into ${ZINTERPHASE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/zinterphase}/forms"
