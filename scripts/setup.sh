#!/usr/bin/env bash
# Prepares the environment that runs Zinterphase and prints the directory of its programs:
#
#   PATH="$(scripts/setup.sh):$PATH"
#
# An activated conda environment that holds DOLFINx (environment.yml) is used as it is. Otherwise
# the pinned wheels go to .venv in the checkout, by their hashes where scripts/wheels/ has them; that
# takes Python >= 3.12 (PYTHON=... chooses one) or uv, and a few Debian packages, which root gets
# through apt-get. With pyproject.toml and the pins unchanged, a second call does nothing. Messages
# go to standard error.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv

log() { printf 'setup: %s\n' "$*" >&2; }
die() {
    log "$*"
    exit 1
}

# Debian packages that are missing: the libraries `import gmsh` and off-screen pictures load, and
# a C compiler for the finite element forms.
missing_packages() {
    local loadable library package
    loadable=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    while read -r library package; do
        [[ $loadable == *"$library "* ]] || echo "$package"
    done <<'LIBRARIES'
libGLU.so.1 libglu1-mesa
libGL.so.1 libgl1
libEGL.so.1 libegl1
libXft.so.2 libxft2
libXcursor.so.1 libxcursor1
libXinerama.so.1 libxinerama1
libgomp.so.1 libgomp1
LIBRARIES
    echo '#include <stdlib.h>' | "${CC:-gcc}" -x c -fsyntax-only - 2>/dev/null ||
        printf '%s\n' gcc libc6-dev
}

# The same for an interpreter: Debian keeps its venv module and its C headers apart.
missing_python_packages() {
    "$1" - <<'PYTHON'
import importlib.util, pathlib, sys, sysconfig

name = f"python3.{sys.version_info.minor}"
if importlib.util.find_spec("ensurepip") is None:
    print(f"{name}-venv")
if not (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists():
    print(f"{name}-dev")
PYTHON
}

install_packages() {
    (($#)) || return 0
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        die "missing Debian packages: $*"
    fi
    log "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update -qq &&
            apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
    } </dev/null >/dev/null || die "apt-get could not install $*"
}

# Prints the first interpreter >= 3.12, past any virtual environment or shim.
find_python() {
    local candidate
    local candidates=(
        python3.12 python3.13 python3
        "${PYENV_ROOT:-${HOME:-/root}/.pyenv}"/versions/3.1[2-9]*/bin/python
    )
    [[ -z ${PYTHON:-} ]] || candidates=("$PYTHON")
    for candidate in "${candidates[@]}"; do
        "$candidate" -c 'import sys
assert sys.version_info >= (3, 12)
print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null && return
    done
    return 1
}

# A virtual environment made for this very place, with pip, and not left by an interrupted call.
venv_is_usable() {
    [[ $(cat "$stamp" 2>/dev/null) != installing ]] &&
        "$venv/bin/python" -c 'import pip, sys; assert sys.version_info >= (3, 12)' 2>/dev/null &&
        head -n 3 "$venv/bin/pip" 2>/dev/null | grep -qF "$venv/bin/"
}

make_venv() {
    local python packages
    if [[ -e $venv ]]; then
        log "replacing .venv, which is incomplete or was made elsewhere"
        rm -rf "$venv"
    fi
    if python=$(find_python); then
        packages=$(missing_python_packages "$python")
        # shellcheck disable=SC2086  # one word per package
        install_packages $packages
        "$python" -m venv "$venv" >&2
    elif [[ -n ${PYTHON:-} ]]; then
        die "PYTHON=$PYTHON is not Python >= 3.12"
    elif command -v uv >/dev/null; then
        uv venv --quiet --seed --python 3.12 "$venv" >&2
    else
        die "neither Python >= 3.12 nor uv found: install one, or name it with PYTHON=..."
    fi
}

# pip_install ARGUMENTS: with the environment's pip; the stamp of a clean failure is withdrawn,
# that of an interrupted one stays and makes the next call start afresh.
pip_install() {
    "$programs/python" -m pip --disable-pip-version-check --no-input install --quiet "$@" >&2 || {
        rm -f "$stamp"
        die "pip could not install $*"
    }
}

# The wheels with the hashes pinned for this interpreter and platform (scripts/pin_wheels.py), else
# those of the pinned versions.
install_pinned() {
    local wheels
    wheels=scripts/wheels/$("$programs/python" -c 'import sys, sysconfig
print("cp%d%d-%s.txt" % (*sys.version_info[:2], sysconfig.get_platform()))')
    if [[ -f $wheels ]]; then
        pip_install --require-hashes --no-deps --only-binary :all: --requirement "$wheels"
        pip_install --no-deps --no-build-isolation --editable .
    else
        pip_install 'pip>=25.1' # the first that knows --group
        pip_install --editable . --group fem --group dev --constraint scripts/constraints.txt
    fi
}

install() {
    log "installing into $environment (the first time this takes minutes)"
    echo installing >"$stamp"
    if [[ $environment == "$venv" ]]; then
        install_pinned
    else
        pip_install --no-deps --editable .
    fi
    "$programs/python" -c 'from mpi4py import MPI; import dolfinx, gmsh' >&2 || {
        rm -f "$stamp"
        die "the installed packages do not load"
    }
    echo "$fingerprint" >"$stamp"
}

cd "$root"
environment=$venv
if [[ -n ${CONDA_PREFIX:-} ]] && "$CONDA_PREFIX/bin/python" -c \
    'import importlib.util; assert importlib.util.find_spec("dolfinx")' 2>/dev/null; then
    environment=$CONDA_PREFIX
fi
programs=$environment/bin
stamp=$environment/.zinterphase-setup
fingerprint=$({ cat pyproject.toml scripts/constraints.txt scripts/wheels/* && echo "$root"; } |
    sha256sum)

exec 9>"$root/.venv.lock" # calls at the same time wait for each other
flock 9
if [[ $environment == "$venv" ]]; then
    # shellcheck disable=SC2046  # one word per package
    install_packages $(missing_packages)
fi
if [[ ! -x $programs/python || $(cat "$stamp" 2>/dev/null) != "$fingerprint" ]]; then
    [[ $environment != "$venv" ]] || venv_is_usable || make_venv
    install
fi
echo "$programs"
