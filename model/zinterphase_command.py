"""The `zinterphase` command."""


def main() -> None:
    """Load the package, which takes seconds, and run the command line."""
    from zinterphase.cli import main as run

    run()


if __name__ == "__main__":
    main()
