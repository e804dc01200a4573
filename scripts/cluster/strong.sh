#!/usr/bin/env bash
#SBATCH --job-name=zinterphase-strong
#SBATCH --nodes=1
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --output=%x-%j.log
#
# One problem on 1, 2, 4, ... ranks, as many as the job has;
# from the checkout, on the login node, with the conda environment active or .venv made by
# scripts/setup.sh:
#
#   sbatch scripts/cluster/strong.sh [WIDTH [--set key=value ...]]
#
# WIDTH is that of the cell, 20um without. LAUNCHER takes the place of the environment's
# mpirun: LAUNCHER="srun --mpi=pmi2 -n" where it was built on the site's MPI.
# Measurements are added to results/strong.jsonl; benchmarks/scaling_model.py fits a model to them.
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-$(dirname "${BASH_SOURCE[0]}")/../..}"
exec scripts/cluster/measure.sh results/strong.jsonl "${1:-20um}" "${@:2}"
