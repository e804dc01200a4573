"""`schema`: the JSON schema of a case file."""

import json

import typer
from mpi4py import MPI

from zinterphase.case.json_schema import case_schema
from zinterphase.cli.door_options import SchemaOptions
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root


def write_schema(options: SchemaOptions) -> None:
    """Print the schema, or write it to a file."""
    text = json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n"
    output = options.output

    def write() -> None:
        if output is None:
            typer.echo(text, nl=False)
            return
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as temporary:
            temporary.write_text(text, encoding="utf-8")

    on_root(MPI.COMM_WORLD, write)
