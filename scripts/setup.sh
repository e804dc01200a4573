#!/usr/bin/env bash
# Prepares the environment that runs Zinterphase and prints the directory of its programs:
#
#   PATH="$(scripts/setup.sh):$PATH"
#
# An activated conda environment that holds DOLFINx (environment.yml) is used as it is. Otherwise
# the pinned wheels go to .venv in the checkout, by their hashes where scripts/wheels/ has them; that
# takes Python >= 3.12 (PYTHON=... chooses one) or uv, and a few system packages, which root gets
# through apt-get or dnf and others are told to. With pyproject.toml and the pins unchanged, a second
# call does nothing. Messages go to standard error.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
manager=$(for name in apt-get dnf; do ! command -v "$name" || break; done) # of system packages
manager=${manager##*/}

log() { printf 'setup: %s\n' "$*" >&2; }
die() {
    log "$*"
    exit 1
}

# This system's name for a package that Debian (and Ubuntu) and Fedora (and its kin) call $1 and $2.
named() {
    if [[ $manager == dnf ]]; then echo "$2"; else echo "$1"; fi
}

# Packages that are missing: the libraries `import gmsh` and off-screen pictures load, and a C
# compiler for the finite element forms.
missing_packages() {
    local loadable library debian fedora
    loadable=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    while read -r library debian fedora; do
        [[ $loadable == *"$library "* ]] || named "$debian" "$fedora"
    done <<'LIBRARIES'
libGLU.so.1 libglu1-mesa mesa-libGLU
libGL.so.1 libgl1 mesa-libGL
libEGL.so.1 libegl1 mesa-libEGL
libXft.so.2 libxft2 libXft
libXcursor.so.1 libxcursor1 libXcursor
libXinerama.so.1 libxinerama1 libXinerama
libgomp.so.1 libgomp1 libgomp
LIBRARIES
    if ! echo '#include <stdlib.h>' | "${CC:-gcc}" -x c -fsyntax-only - 2>/dev/null; then
        echo gcc
        named libc6-dev glibc-devel
    fi
}

# The same for an interpreter: its venv module (apart in Debian) and its C headers.
missing_python_packages() {
    local minor missing
    read -r minor missing < <("$1" - <<'PYTHON'
import importlib.util, pathlib, sys, sysconfig

headers = pathlib.Path(sysconfig.get_path("include")) / "Python.h"
venv = importlib.util.find_spec("ensurepip")
print(sys.version_info.minor, *["venv"] * (not venv), *["headers"] * (not headers.exists()))
PYTHON
    )
    [[ $missing != *venv* ]] || named "python3.$minor-venv" "python3.$minor"
    [[ $missing != *headers* ]] || named "python3.$minor-dev" "python3.$minor-devel"
}

install_packages() {
    (($#)) || return 0
    [[ -n $manager ]] || die "missing packages, by Debian's names: $*"
    ((EUID == 0)) || die "missing packages: sudo $manager install $*"
    log "installing $*"
    install_by_"$manager" "$@" </dev/null >/dev/null || die "$manager could not install $*"
}

install_by_apt-get() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq &&
        apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

install_by_dnf() {
    dnf install -q -y --setopt=install_weak_deps=False "$@"
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
        pip_install --editable '.[fem]' --group dev --constraint scripts/constraints.txt
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
