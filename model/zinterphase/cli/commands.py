"""The commands; what each does is loaded when it is called."""

from collections.abc import Callable
from importlib.metadata import version
from inspect import signature
from typing import Annotated, Any

import typer

from zinterphase.cli.door_options import (
    ExplainOptions,
    InitOptions,
    MaterialsOptions,
    ReportOptions,
    SchemaOptions,
    WatchOptions,
)
from zinterphase.cli.options import (
    CheckOptions,
    ImpedanceOptions,
    MeshingOptions,
    ResumeOptions,
    RunOptions,
    VerifyOptions,
)
from zinterphase.cli.series_options import (
    CompareOptions,
    ConvergeOptions,
    ExperimentOptions,
    LevelsOptions,
    MechanismOptions,
    SensitivityOptions,
    SweepOptions,
    UpscaleOptions,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
study = typer.Typer(no_args_is_help=True, help="Which mechanism, or which parameter, does what.")
app.add_typer(study, name="study")


def say_version(asked: bool) -> None:
    """Print the version and stop, where it is asked for."""
    if asked:
        typer.echo(f"zinterphase {version('zinterphase')}")
        raise typer.Exit


@app.callback()
def program(
    version_asked: Annotated[
        bool,
        typer.Option("--version", callback=say_version, is_eager=True, help="Say it and stop."),
    ] = False,
) -> None:
    """Continuum electrochemistry of metal-anode interphases. Also under mpirun -n N."""


type Action[T] = Callable[[T], None]


def command[T](group: typer.Typer, options: Callable[..., T]) -> Callable[[Action[T]], Action[T]]:
    """Make a function of ``options`` a command of ``group``: their fields are its parameters."""

    def add(action: Action[T]) -> Action[T]:
        def called(**given: Any) -> None:
            action(options(**given))

        called.__name__, called.__doc__ = action.__name__, action.__doc__
        called.__signature__ = signature(options)  # type: ignore[attr-defined]
        group.command()(called)
        return action

    return add


@command(app, InitOptions)
def init(options: InitOptions) -> None:
    """Write a case file to begin with: bare, coated, symmetric, protrusion or own_mesh.

    Example: zinterphase init coated -o my_anode.toml
    """
    from zinterphase.cli.init_command import write_template

    write_template(options)


@command(app, RunOptions)
def run(options: RunOptions) -> None:
    """Mesh if needed, solve, and write metrics and fields to a run folder.

    With `accuracy` in the case the mesh is refined until potential or current, CV and maximum of
    the current density are known to it, or --time or --memory is spent.

    The folder holds the unknowns in state.npz: of the solution, or the last good ones of a run that
    failed. --start takes such a file, of a run on the same mesh, in place of the cell at rest.

    Example: zinterphase run cases/dual_layer.toml -o results/dual --set level=secondary
    """
    from zinterphase.cli.run_command import run_case

    run_case(options)


@command(app, ResumeOptions)
def resume(options: ResumeOptions) -> None:
    """Go on with a run in time from its last saved state, on any number of ranks.

    A run with a protocol saves its state in march.npz once a minute, at the end, and when it is
    stopped by a signal or by --time.

    Example: zinterphase resume results/symmetric_cell
    """
    from zinterphase.cli.march_command import resume_run

    resume_run(options)


@command(app, MeshingOptions)
def mesh(options: MeshingOptions) -> None:
    """Make the mesh only: a report of its quality, and a .msh file with -o.

    Example: zinterphase mesh cases/bare.toml -o meshes/bare.msh
    """
    from zinterphase.cli.check_command import make_mesh

    make_mesh(options)


@command(app, CheckOptions)
def check(options: CheckOptions) -> None:
    """Validate a case and say in which regime it runs and which level of theory is valid.

    Example: zinterphase check cases/dual_layer.toml --set "electrolyte.concentration=0.05 mol/L"
    """
    from zinterphase.cli.check_command import check_case

    check_case(options)


@command(app, ExplainOptions)
def explain(options: ExplainOptions) -> None:
    """What a key of the case means: unit, default, bounds, and the library's value with its source.

    Example: zinterphase explain layers.titania.porosity
    """
    from zinterphase.cli.explain_command import explain_key

    explain_key(options)


@command(app, MaterialsOptions)
def materials(options: MaterialsOptions) -> None:
    """What the material library has: values with range, source and confidence.

    Example: zinterphase materials TiO2
    """
    from zinterphase.cli.materials_command import show_materials

    show_materials(options)


@command(app, SchemaOptions)
def schema(options: SchemaOptions) -> None:
    """The JSON schema of a case file, with which editors complete and check it.

    Example: zinterphase schema -o case.schema.json
    """
    from zinterphase.cli.schema_command import write_schema

    write_schema(options)


@command(app, CompareOptions)
def compare(options: CompareOptions) -> None:
    """Same mean current, same seeds: the homogenisation table against the first case.

    Example: zinterphase compare cases/bare.toml cases/silver.toml --seeds 10 --current "-1 mA/cm^2"
    """
    from zinterphase.cli.compare_command import compare_cases

    compare_cases(options)


@command(app, ExperimentOptions)
def experiment(options: ExperimentOptions) -> None:
    """Put anodes through an experiment of a laboratory: its protocol, numbers and figure.

    Without a case it says what the experiment is and which parameters --set takes.

    Example: zinterphase experiment cycle cases/bare.toml cases/silver.toml --set cycles=2
    """
    from zinterphase.cli.experiment_command import perform_experiments

    perform_experiments(options)


@command(app, ImpedanceOptions)
def impedance(options: ImpedanceOptions) -> None:
    """The impedance about a state: its spectrum, what it is made of, and what it comes to.

    About the steady state of a case, the state at the end of its protocol, or the last one of a run
    whose folder is given. Frequencies follow from the cell's times, and from where Z bends.

    Example: zinterphase impedance my_cell.toml --to "100 kHz" --measured my_cell.csv
    """
    from zinterphase.cli.impedance_command import measure_impedance

    measure_impedance(options)


@command(app, ConvergeOptions)
def converge(options: ConvergeOptions) -> None:
    """Solve on ever finer meshes: observed orders, extrapolated values, errors, a verdict for each.

    With --adaptive the meshes follow the estimated error of one goal, until it is within the
    accuracy of the case.

    Example: zinterphase converge cases/dual_layer.toml --meshes 4 --time "10 min"
    """
    from zinterphase.cli.converge_command import converge_case

    converge_case(options)


@command(app, SweepOptions)
def sweep(options: SweepOptions) -> None:
    """One case over lists of values: a table and a figure; goes on with what is already done.

    Over control.current_density or control.potential it is the polarisation curve, each point
    started from the one before, to the limiting current.

    Example: zinterphase sweep cases/dual_layer.toml --set layers.titania.porosity=0.3,0.5
    """
    from zinterphase.cli.sweep_command import sweep_case

    sweep_case(options)


@command(app, LevelsOptions)
def levels(options: LevelsOptions) -> None:
    """Solve one case at several levels of theory and say how far apart their answers are.

    With --against, a case of particles beside the same patch in porous layers.

    Example: zinterphase levels cases/dual_layer.toml --level concentrated --level secondary
    """
    from zinterphase.cli.levels_command import compare_case_levels

    compare_case_levels(options)


@command(app, UpscaleOptions)
def upscale(options: UpscaleOptions) -> None:
    """Turn resolved particles into the effective numbers of a porous layer.

    Example: zinterphase upscale cases/particles_2d.toml -o results/particles.toml
    """
    from zinterphase.cli.upscale_command import upscale_case

    upscale_case(options)


@study.callback()
def studies() -> None:
    """Which mechanism, or which parameter, does what."""


@command(study, MechanismOptions)
def mechanisms(options: MechanismOptions) -> None:
    """Each mechanism alone, all pairs, all together, on the same seeds: H with intervals.

    Example: zinterphase study mechanisms cases/dual_layer.toml --seeds 10 --only i0,spread
    """
    from zinterphase.cli.study_command import study_mechanisms

    study_mechanisms(options)


@command(study, SensitivityOptions)
def sensitivity(options: SensitivityOptions) -> None:
    """Which uncertain number matters over all of its range, the others in theirs.

    Example: zinterphase study sensitivity cases/dual_layer.toml --samples 10
    """
    from zinterphase.cli.study_command import study_sensitivity

    study_sensitivity(options)


@command(app, ReportOptions)
def report(options: ReportOptions) -> None:
    """One HTML file of runs and studies, side by side; it needs no network and no server.

    Example: zinterphase report results/dual results/bare -o results/both.html
    """
    from zinterphase.cli.report_command import write_report

    write_report(options)


@command(app, WatchOptions)
def watch(options: WatchOptions) -> None:
    """Follow a running job in the terminal by what it writes to its folder.

    Example: zinterphase watch results/symmetric_cell
    """
    from zinterphase.cli.watch_command import watch_folder

    watch_folder(options)


@command(app, VerifyOptions)
def verify(options: VerifyOptions) -> None:
    """Solve built-in problems with known solutions; fails where an error exceeds its tolerance.

    Example: zinterphase verify --suite fast -o results/verification
    """
    from zinterphase.cli.verify_command import verify_problems

    verify_problems(options)
