#!/usr/bin/env bash
#SBATCH --job-name=zinterphase-sweep
#SBATCH --nodes=1
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --time=02:00:00
#SBATCH --output=%x-%A-%a.log
#
# A sweep as a job array, each job on its part of the members; from the checkout, on the login node,
# with the conda environment active or .venv made by scripts/setup.sh:
#
#   sbatch --array=1-4 scripts/cluster/sweep.sh cases/dual_layer.toml \
#       --set layers.titania.porosity=0.3,0.4,0.5,0.6 [--ranks-per-member K] [-o DIR]
#
# When all are over, the same words behind `zinterphase sweep` make one table of all. Submitted again,
# jobs go on from what is there.
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-$(dirname "${BASH_SOURCE[0]}")/../..}"

if ! command -v zinterphase >/dev/null; then
    # shellcheck source=/dev/null
    . .venv/bin/activate
fi
export OPENBLAS_NUM_THREADS=1 # one rank per core

mpirun -n "${SLURM_NTASKS:-2}" zinterphase sweep "$@" \
    --part "${SLURM_ARRAY_TASK_ID:-1}/${SLURM_ARRAY_TASK_MAX:-1}"
