#!/usr/bin/env bash
#SBATCH --job-name=zinterphase
#SBATCH --nodes=1
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --time=02:00:00
#SBATCH --output=%x-%j.log
#
# From the checkout, on the login node, with the conda environment active or .venv made by
# scripts/setup.sh:
#
#   scripts/cluster/precompile.sh cases/dual_layer.toml      # if compute nodes lack a compiler
#   sbatch scripts/cluster/slurm.sh cases/dual_layer.toml [--set key=value ...]
#
# The environment's own mpirun reads SLURM's allocation, on several nodes too. Where the environment
# was built on the site's MPI, use `srun --mpi=pmi2` (or what `srun --mpi=list` offers) instead.
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-$(dirname "${BASH_SOURCE[0]}")/../..}"
case_file=${1:-cases/dual_layer.toml}
shift || true

if ! command -v zinterphase >/dev/null; then
    # shellcheck source=/dev/null
    . .venv/bin/activate
fi
export OPENBLAS_NUM_THREADS=1 # one rank per core
name=$(basename "$case_file" .toml)

mpirun -n "${SLURM_NTASKS:-2}" zinterphase run "$case_file" "$@" \
    -o "results/$name-${SLURM_JOB_ID:-local}"
