"""Commands of the documentation, shortened where they take long, in surroundings of the test's.

Every fenced ``bash`` block is run as it stands, but for words that :data:`SHORTER` puts behind some
of its commands. What a test must not do, or has not, is done by stand-ins: installing, containers,
a batch system.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
DOCUMENTS = ("README.md", *(f"docs/{file.name}" for file in sorted((ROOT / "docs").glob("*.md"))))
NARROW = (
    "--set 'geometry.width=10 um' --set 'mesh.far_size=20 um' --set output.errors=false "
    "--set output.fields=none"
)
SMALL = f"--set level=secondary {NARROW}"
"""A cell on which a solve takes a fraction of a second."""

TINY = (
    "--set 'geometry.width=10 um' --set 'mesh.far_size=20 um' --set 'mesh.lateral_size=0.6 um' "
    "--set time.rtol=0.01 --set 'protocol=[{steps=[\"plate at 1 mA/cm^2 for 60 s\"]}]'"
)
"""A cell in time on few cells, through one step."""
SOON = (
    "--set 'geometry.width=10 um' --set 'mesh.far_size=20 um' --set 'mesh.lateral_size=0.6 um' "
    "--set time.rtol=0.01 --set cycles=1 --set 'capacity=0.01 mAh/cm^2'"
)
"""An experiment on such a cell that is soon over."""


CORNER = (
    "--set 'geometry.width=6 um' --set 'geometry.depth=6 um' --set 'mesh.lateral_size=0.375 um' "
    "--set output.fields=none"
)
"""Of a rough foil in three dimensions."""

COARSE = "'mesh.lateral_size=0.62 um' 'mesh.first_cell=20 nm' mesh.growth=2 'mesh.far_size=20 um'"
COARSE_SET = (
    "--set 'geometry.width=10 um' --set output.fields=none --set 'mesh.lateral_size=0.62 um' "
    "--set 'mesh.first_cell=20 nm' --set mesh.growth=2 --set 'mesh.far_size=20 um'"
)
"""Double layers in three dimensions on few cells."""
LINE = (
    "--set time.rtol=0.01 "
    '--set \'protocol=[{label="cycling", steps=["plate at 1 mA/cm^2 for 60 s"]}]\''
)
"""A cell on a line, through one step."""


@dataclass(frozen=True)
class Shorter:
    """What is put behind commands that begin with ``command``, and what they have to leave."""

    command: str
    words: str = ""
    leaves: str | None = None


PATCH = "--set 'geometry.width=200 nm' --set level=secondary"
"""A patch of few particles."""

FULL = (
    "--set time.rtol=0.01 "
    '--set \'protocol=[{steps=["discharge at 2 C for 60 s", "charge at 2 C for 60 s"]}]\''
)
"""A full cell, through one step of each kind."""

SHORTER = (
    Shorter(
        "zinterphase run cases/particles_2d.toml",
        f"{PATCH} --set output.errors=false --set output.fields=none --set output.pictures=false",
    ),
    Shorter("zinterphase mesh cases/particles_2d.toml", "--set 'geometry.width=200 nm'"),
    Shorter(
        "zinterphase upscale cases/particles_2d.toml",
        "--seeds 1 --size 3 --layer titania",
        "results/particles.toml",
    ),
    Shorter("zinterphase levels cases/particles_2d.toml", PATCH),
    Shorter("zinterphase run cases/zinc_iodine.toml", FULL),
    Shorter("zinterphase sweep cases/zinc_iodine.toml", FULL, "results/shuttle/sweep.csv"),
    Shorter(
        "zinterphase experiment self_discharge",
        "--set time.rtol=0.01 --set c_rate=60 --set 'lower=1.3 V' --set 'duration=1 s'",
    ),
    Shorter(
        "zinterphase experiment rate_capability",
        "--set time.rtol=0.01 --set c_rates=60 --set 'lower=1.3 V'",
    ),
    Shorter("scripts/run", f"--seeds 1 {NARROW}", "results/pnp_0.05M/comparison.png"),
    Shorter("scripts/test", "tests/unit/test_units.py"),
    Shorter("scripts/zinterphase check"),
    Shorter("RANKS=2 scripts/zinterphase run", SMALL, "results/dual_layer/results.json"),
    Shorter("zinterphase check cases/rough_3d.toml", CORNER),
    Shorter(
        "mpirun -n 2 zinterphase run cases/rough_3d.toml --set mesh.divisions=1",
        f"{CORNER} --set level=secondary --set output.pictures=false",
        "results/rough_3d/results.json",
    ),
    Shorter(
        "mpirun -n 2 zinterphase run cases/rough_3d.toml", CORNER, "results/rough_3d/fields.png"
    ),
    Shorter("zinterphase check"),
    Shorter("zinterphase init", leaves="results/my_anode.toml"),
    Shorter("zinterphase explain"),
    Shorter("zinterphase materials"),
    Shorter("zinterphase schema", leaves="results/case.schema.json"),
    Shorter("zinterphase run cases/dual_layer.toml -o results/report_dual", SMALL),
    Shorter("zinterphase run cases/bare.toml -o results/report_bare", SMALL),
    Shorter("zinterphase report results/report_dual results", leaves="results/both.html"),
    Shorter(
        "zinterphase run cases/bare.toml -o results/foil",
        "--set output.errors=false --set output.pictures=false --set 'mesh.far_size=20 um'",
    ),
    Shorter("zinterphase report results/foil --scene", leaves="results/foil/scene.html"),
    Shorter("zinterphase report", leaves="results/report_dual/report.html"),
    Shorter("zinterphase watch"),
    Shorter("zinterphase run cases/corrosion.toml", SMALL),
    Shorter(
        "zinterphase run cases/symmetric_cell.toml -o results/formed",
        LINE,
        "results/formed/cycles.csv",
    ),
    Shorter(
        "zinterphase run cases/symmetric_cell.toml -o results/aged",
        "--set time.rtol=0.01",
        "results/aged/spectra.png",
    ),
    Shorter(
        "zinterphase run cases/symmetric_cell.toml -o results/jumped",
        LINE,
        "results/jumped/cycles.csv",
    ),
    Shorter(
        "zinterphase run cases/symmetric_cell.toml", leaves="results/symmetric_cell/cycles.csv"
    ),
    Shorter(
        "zinterphase run cases/protrusion_growth.toml",
        "--set mesh.lateral_size='0.5 um' --set time.rtol=0.01 "
        "--set 'protocol=[{steps=[\"plate at 1 mA/cm^2 for 600 s\"]}]'",
        "results/protrusion_growth/front.png",
    ),
    Shorter(
        "zinterphase run cases/protrusion_growth.toml --set front.remesh=true "
        "-o results/protrusion_remeshed",
        "--set mesh.lateral_size='0.5 um' --set time.rtol=0.01 "
        "--set 'protocol=[{steps=[\"plate at 1 mA/cm^2 for 600 s\"]}]'",
        "results/protrusion_remeshed/front.png",
    ),
    Shorter(
        "zinterphase impedance results/formed", leaves="results/formed_impedance/impedance.png"
    ),
    Shorter(
        "zinterphase impedance cases/impedance_cell.toml --set reference=Zn",
        "--from '10 Hz' --to '1 kHz'",
        "results/warm/temperatures.csv",
    ),
    Shorter(
        "zinterphase impedance cases/impedance_cell.toml --set",
        leaves="results/impedance_5mA/impedance.png",
    ),
    Shorter("zinterphase impedance cases", leaves="results/impedance/impedance.png"),
    Shorter("zinterphase resume", leaves="results/stopped/cycles.csv"),
    Shorter(
        "zinterphase compare cases/bare.toml cases/silver.toml cases/titania.toml "
        "cases/dual_layer.toml --about corrosion",
        f"--seeds 1 {SMALL}",
        "results/corrosion_of_four/comparison.png",
    ),
    Shorter("zinterphase compare", f"--seeds 1 {TINY}", "results/deposits/comparison.png"),
    Shorter("zinterphase experiment tafel"),
    Shorter(
        "zinterphase experiment lsv",
        "--set time.rtol=0.01 --set 'rate=200 mV/s'",
        "results/experiments/lsv.png",
    ),
    Shorter(
        "zinterphase run cases/dual_layer.toml -o results/covered",
        LINE,
        "results/covered/cycles.csv",
    ),
    Shorter(
        "zinterphase experiment cycle cases/bare.toml cases", SOON, "results/experiments/cycle.png"
    ),
    Shorter("zinterphase experiment cycle", SOON, "results/fast/cycle.png"),
    Shorter("mpirun -n 2 zinterphase run", SMALL, "results/dual_layer/results.json"),
    Shorter("scripts/cluster/precompile.sh cases/dual_layer.toml --set level=pnp", COARSE_SET),
    Shorter("scripts/cluster/precompile.sh", SMALL),
    Shorter("sbatch scripts/cluster/strong.sh", f"10um --set {COARSE}", "results/strong.jsonl"),
    Shorter(
        "LAUNCHER='srun --mpi=pmi2 -n' sbatch scripts/cluster/weak.sh",
        f"10um --set {COARSE}",
        "results/weak.jsonl",
    ),
    Shorter("python benchmarks/scaling_model.py"),
    Shorter("sbatch --array", SMALL, "results/array/part-1-of-2/sweep.csv"),
    Shorter("sbatch", SMALL, "results/dual_layer-7/results.json"),
    Shorter("zinterphase sweep cases/titania.toml", leaves="results/polarisation/sweep.png"),
    Shorter("zinterphase sweep cases/dual_layer.toml", SMALL),
    Shorter("mpirun -n 2 zinterphase sweep", SMALL, "results/paired/sweep.png"),
    Shorter("zinterphase levels cases/symmetric_cell.toml", LINE),
    Shorter("zinterphase converge cases/symmetric_cell.toml", f"--set 'accuracy=50 %' {LINE}"),
    Shorter(
        "zinterphase study mechanisms cases/dual_layer.toml --only i0,spread --no-tornado "
        "--dry-run --set 'control={}'",
        f"--only i0 {TINY}",
    ),
    Shorter(
        "mpirun -n 2 zinterphase study mechanisms cases/dual_layer.toml -o "
        "results/mechanisms_in_time",
        f"--only i0 --dry-run {TINY}",
    ),
    Shorter(
        "zinterphase study mechanisms cases/dual_layer.toml --about corrosion -o "
        "results/corrosion_in_time",
        "--only nucleation --dry-run --set 'protocol=[{steps=[\"plate at 1 mA/cm^2 for 1 s\"]}]'",
    ),
    Shorter("zinterphase study mechanisms", f"--only i0 --no-tornado {SMALL}"),
    Shorter(
        "mpirun -n 2 zinterphase study mechanisms cases/dual_layer.toml --about corrosion",
        f"--only silver_exposed --no-tornado {SMALL}",
        "results/corrosion/mechanisms.png",
    ),
    Shorter(
        "mpirun -n 2 zinterphase study mechanisms",
        f"--only i0 --no-tornado --current '-1 mA/cm^2' {SMALL}",
        "results/mechanisms/study.txt",
    ),
    Shorter("python scripts/mechanisms.py", leaves="docs/mechanisms.png"),
    Shorter("zinterphase study sensitivity", f"--dry-run {SMALL}"),
    Shorter("zinterphase converge", f"--meshes 3 --set 'accuracy=50 %' {SMALL}"),
    Shorter("zinterphase verify --list"),
    Shorter("zinterphase verify stack distribution.hull", "--list"),
    Shorter("zinterphase verify", "diffuse-layer --list"),
    Shorter("mpirun -n 2 zinterphase verify", "--list"),
    *(Shorter(tool) for tool in ("conda", "pip", "docker", "apptainer", "pvbatch")),
)
"""By the beginning of a command; the first that fits counts, and a command without one is an error
of the test: it is to be said here how it is run."""
COPIED = ("scripts",)
LINKED = (
    "README.md",
    "benchmarks",
    "cases",
    "environment.yml",
    "meshes",
    "model",
    "pyproject.toml",
    "tests",
)
STAND_INS = {
    "conda": """
        case "$*" in
            "env create -f "*) grep -q "^name: zinterphase$" "$4" ;;
            *) [[ $* == "activate zinterphase" ]] ;;
        esac""",
    "pip": """
        case "$1" in
            wheel) mkdir -p dist && touch dist/zinterphase-0-py3-none-any.whl ;;
            *) [[ $* == *"-e ." || $* == *"dist/zinterphase-0-py3-none-any.whl[fem]" ]] ;;
        esac""",
    "docker": """
        case "$1" in
            build) test -f "$5" ;;
            *) shift 4 && [[ $1 == zinterphase ]] && shift && zinterphase "$1" --help ;;
        esac""",
    "apptainer": """
        case "$1" in
            build) test -f "$3" ;;
            *) zinterphase "$3" --help ;;
        esac""",
    "pvbatch": """
        test -f "$1" && grep -q -e "$3" "$1" """,
    "srun": """
        [[ $1 == --mpi=* && $2 == -n ]] && shift && exec mpirun "$@" """,
    # SLURM runs a copy of the script, here where no compiler is; two ranks are what it grants.
    # An array is its first job.
    "sbatch": """
        export SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MAX=1
        if [[ $1 == --array=1-* ]]; then SLURM_ARRAY_TASK_MAX=${1#--array=1-} && shift; fi
        directive='^#SBATCH --(job-name|nodes|ntasks|cpus-per-task|time|output)=[^ ]+$'
        ! grep "^#SBATCH" "$1" | grep -vE "$directive|^#SBATCH$" || exit 1
        grep -q "^#SBATCH --ntasks=[0-9]*$" "$1" && cp "$1" spooled && shift
        export SLURM_NTASKS=2 SLURM_JOB_ID=7 SLURM_SUBMIT_DIR=$PWD CC=no-compiler
        cd / && bash "$SLURM_SUBMIT_DIR/spooled" "$@" """,
}


def blocks(document: str, language: str) -> list[str]:
    """Fenced blocks of one language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def shortened(command: str) -> Shorter:
    """How a command is run; raises :class:`LookupError` for one that is not known."""
    for entry in SHORTER:
        if command.startswith(entry.command):
            return entry
    raise LookupError(f"{command!r} begins with nothing that SHORTER knows")


SETTING = re.compile(
    r"""\s--set\s+(?P<text>'(?P<a>[\w.]+)=[^']*'|"(?P<b>[\w.]+)=[^"]*"|(?P<c>[\w.]+)=\S*)"""
)


def without_settings(command: str, words: str) -> str:
    """A command without the settings that the words behind it replace: no key may come twice."""

    def key(found: re.Match[str]) -> str:
        return next(filter(None, found.group("a", "b", "c")))

    replaced = {key(found) for found in SETTING.finditer(f" {words}")}
    return SETTING.sub(lambda found: "" if key(found) in replaced else found[0], command)


def script(block: str) -> tuple[str, list[str]]:
    """The commands of a block as they are run, and the files they have to leave."""
    lines, files = ["set -euo pipefail"], []
    for line in block.splitlines():
        command = re.sub(r"\s+# .*$", "", line)
        entry = shortened(command)
        lines.append(f"{without_settings(command, entry.words)} {entry.words}")
        files += [entry.leaves] if entry.leaves else []
    return "\n".join(lines), files


def checkout(folder: Path) -> Path:
    """A checkout whose environment is that of the test, with the stand-ins in `tools`."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / "docs").mkdir()
    (folder / "scripts/setup.sh").write_text(f'#!/bin/bash\necho "{PROGRAMS}"\n')
    (folder / "tools").mkdir()
    for name, text in STAND_INS.items():
        (folder / "tools" / name).write_text(f"#!/bin/bash\nset -eu{text}\n")
        (folder / "tools" / name).chmod(0o755)
    return folder


def run_block(block: str, folder: Path, **variables: str) -> tuple[str, list[str]]:
    """Run a block in a checkout; what it printed, and the files it has to leave."""
    text, files = script(block)
    path = os.pathsep.join([str(folder / "tools"), str(PROGRAMS), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        env=os.environ
        | {"PATH": path, "PYTHONPATH": str(ROOT / "model"), "RANKS": "1"}
        | variables,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout, files
