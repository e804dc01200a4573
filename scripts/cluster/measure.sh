#!/usr/bin/env bash
# What strong.sh and weak.sh do in their jobs: measures a cell in 3D on 1, 2, 4, ... ranks, as many as
# the job has.
#
#   scripts/cluster/measure.sh FILE WIDTH [words of benchmarks/scaling.py ...]
set -euo pipefail
output=$1 width=$2
shift 2

if ! command -v zinterphase >/dev/null; then
    # shellcheck source=/dev/null
    . .venv/bin/activate
fi
ranks=()
for ((n = 1; n <= ${SLURM_NTASKS:-2}; n *= 2)); do ranks+=("$n"); done

python benchmarks/scaling.py 3 "$width" --ranks "${ranks[@]}" --output "$output" \
    --launcher "${LAUNCHER:-}" "$@"
