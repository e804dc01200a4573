"""Manufactured solution for case 10. All SI. numpy only."""
# Generated, as it came with the reference.
# ruff: noqa

import numpy as np
from numpy import sin, cos, exp, pi

L = 5e-09
c0 = 10.0
Dp = 7.03e-10
Dm = 1.065e-09
Dh = 9.311e-09
t0 = 2.5e-08
eps = 6.941683245235201e-10
VT = 0.025692579121085843
F = 96485.33212331001
k0 = 0.02
CS = 0.2
V = 0.0
alpha = 0.5


def A2(x, y, t):
    """returns dict: exact fields c_*, phi, fluxes Nx_*,Ny_*, displacement Dx,Dy, sources f_*"""
    x0 = 1 / L
    x1 = pi * x0
    x2 = x1 * y
    x3 = x2 + 3 / 10
    x4 = sin(x3)
    x5 = x * x0
    x6 = pi * x5
    x7 = cos(x6)
    x8 = 1 / t0
    x9 = t * x8
    x10 = exp(-x9)
    x11 = x10 * x7
    x12 = x11 * x4
    x13 = x10 * x4
    x14 = x13 * sin(x6)
    x15 = 2 * x12 + 5
    x16 = (1 / 2) * x6
    x17 = sin(3 * x9)
    x18 = x17 + 2
    x19 = cos(x2)
    x20 = x18 * x19
    x21 = pi * x20
    x22 = x21 * cos(x16) + 1
    x23 = (1 / 5) * x22
    x24 = c0 * x0
    x25 = (2 / 5) * Dp
    x26 = x11 * cos(x3)
    x27 = sin(x16)
    x28 = x15 * x27
    x29 = sin(x2)
    x30 = x18 * x29
    x31 = c0 * x1
    x32 = 5 * x12
    x33 = pi**2
    x34 = x27 * x30
    x35 = x20 * x27
    x36 = 2 * x35
    x37 = L ** (-2)
    x38 = Dp * x37
    x39 = 2 * x2
    x40 = cos(x39)
    x41 = 2 * x9
    x42 = cos(x41)
    x43 = x6 + 1 / 5
    x44 = sin(x43)
    x45 = x42 * x44
    x46 = x40 * x45
    x47 = x40 * x42 * cos(x43)
    x48 = 3 * x46
    x49 = x48 + 10
    x50 = (2 / 5) * x49
    x51 = x45 * sin(x39)
    x52 = 15 * x46
    x53 = Dm * x37
    x54 = (1 / 5) * VT
    x55 = eps * x0
    x56 = x21 + 1
    return dict(
        c_p=c0 * ((2 / 5) * x12 + 1),
        Nx_p=-x24 * x25 * (-pi * x14 + x15 * x23),
        Ny_p=x25 * x31 * (-x26 + (2 / 5) * x28 * x30),
        f_p=(2 / 25)
        * c0
        * (
            -x32 * x8
            + x33 * x38 * (x15 * x36 + 4 * x26 * x34 + x32)
            + (1 / 2) * pi * x38 * (10 * pi * x12 + 4 * x14 * x22 + x21 * x28)
        ),
        c_m=c0 * ((3 / 10) * x46 + 1),
        Nx_m=(1 / 10) * Dm * x24 * (x22 * x50 - 3 * pi * x47),
        Ny_m=-1 / 5 * Dm * x31 * (x34 * x50 - 3 * x51),
        f_m=(1 / 50)
        * c0
        * (
            4 * x33 * x53 * (6 * x34 * x51 - x35 * x49 + x52)
            - 30 * x40 * x44 * x8 * sin(x41)
            + pi * x53 * (-x21 * x27 * x49 + 6 * x22 * x47 + pi * x52)
        ),
        phi=x54 * (x36 + x5),
        f_phi=-1 / 5 * F * c0 * (4 * x10 * x4 * x7 - x48)
        + (1 / 2) * VT * eps * x18 * x19 * x27 * x33 * x37,
        Dx=-VT * x23 * x55,
        Dy=(4 / 5) * VT * eps * x1 * x27 * x29 * ((1 / 2) * x17 + 1),
        g_BV=(2 / 25) * Dp * x24 * x56 * (2 * x13 + 5) - 2 / 5 * k0 * x13,
        g_S=-x54 * x55 * x56,
    )


def H2(x, y, t):
    """returns dict: exact fields c_*, phi, fluxes Nx_*,Ny_*, displacement Dx,Dy, sources f_*"""
    x0 = 1 / L
    x1 = x0 * y
    x2 = pi * x1
    x3 = x2 + 3 / 10
    x4 = sin(x3)
    x5 = x * x0
    x6 = pi * x5
    x7 = cos(x6)
    x8 = 1 / t0
    x9 = t * x8
    x10 = exp(-x9)
    x11 = x10 * x7
    x12 = x11 * x4
    x13 = x10 * x4 * sin(x6)
    x14 = 2 * x12 + 5
    x15 = (1 / 2) * x6
    x16 = sin(3 * x9)
    x17 = x16 + 2
    x18 = x17 * cos(x2)
    x19 = pi * x18
    x20 = x19 * cos(x15) + 1
    x21 = (1 / 5) * x20
    x22 = 2 * x1 + 3
    x23 = Dp * x22
    x24 = c0 * x0
    x25 = (2 / 25) * x23 * x24
    x26 = x11 * cos(x3)
    x27 = sin(x15)
    x28 = x14 * x27
    x29 = sin(x2)
    x30 = x17 * x29
    x31 = x28 * x30
    x32 = 5 * x12
    x33 = 3 * x5 + 5
    x34 = x33 * x8
    x35 = L ** (-2)
    x36 = pi * x35
    x37 = Dp * x36
    x38 = x27 * x30
    x39 = x18 * x27
    x40 = 2 * x39
    x41 = pi**2
    x42 = x35 * x41
    x43 = 4 * x20
    x44 = 2 * x2
    x45 = cos(x44)
    x46 = 2 * x9
    x47 = cos(x46)
    x48 = x6 + 1 / 5
    x49 = sin(x48)
    x50 = x47 * x49
    x51 = x45 * x50
    x52 = x45 * x47 * cos(x48)
    x53 = 3 * x51
    x54 = x53 + 10
    x55 = (2 / 5) * x54
    x56 = Dm * x22
    x57 = x24 * x56
    x58 = x50 * sin(x44)
    x59 = Dm * x36
    x60 = 15 * x51
    x61 = VT * eps
    x62 = x35 * x61
    x63 = x0 * x61 * (1 - 2 / 5 * x5)
    return dict(
        c_p=c0 * ((2 / 5) * x12 + 1),
        Nx_p=-x25 * (-pi * x13 + x14 * x21),
        Ny_p=pi * x25 * (-x26 + (2 / 5) * x31),
        f_p=(1 / 125)
        * c0
        * (
            x22 * x37 * (10 * pi * x12 + x13 * x43 + x19 * x28)
            + 2 * x23 * x42 * (x14 * x40 + 4 * x26 * x38 + x32)
            - x32 * x34
            + 4 * x37 * (-5 * x26 + 2 * x31)
        ),
        c_m=c0 * ((3 / 10) * x51 + 1),
        Nx_m=(1 / 50) * x57 * (x20 * x55 - 3 * pi * x52),
        Ny_m=-1 / 25 * pi * x57 * (x38 * x55 - 3 * x58),
        f_m=(1 / 250)
        * c0
        * (
            x22 * x59 * (-x19 * x27 * x54 + 6 * x20 * x52 + pi * x60)
            - 15 * x34 * x45 * x49 * sin(x46)
            + 4 * x42 * x56 * (6 * x38 * x58 - x39 * x54 + x60)
            - 4 * x59 * (2 * x38 * x54 - 15 * x58)
        ),
        phi=(1 / 5) * VT * (x40 + x5),
        f_phi=-1 / 50 * F * c0 * x33 * (4 * x10 * x4 * x7 - x53)
        + (1 / 10) * x39 * x41 * x62 * (5 - 2 * x5)
        + (1 / 50) * x43 * x62,
        Dx=-x21 * x63,
        Dy=(4 / 5) * pi * x27 * x29 * x63 * ((1 / 2) * x16 + 1),
    )


def A3(x, y, t):
    """returns dict: exact fields c_*, phi, fluxes Nx_*,Ny_*, displacement Dx,Dy, sources f_*"""
    x0 = 1 / L
    x1 = pi * x0
    x2 = x1 * y
    x3 = x2 + 3 / 10
    x4 = sin(x3)
    x5 = x * x0
    x6 = pi * x5
    x7 = 1 / t0
    x8 = t * x7
    x9 = exp(-x8)
    x10 = x9 * cos(x6)
    x11 = x10 * x4
    x12 = x4 * x9 * sin(x6)
    x13 = 2 * x11 + 5
    x14 = (1 / 2) * x6
    x15 = sin(3 * x8)
    x16 = x15 + 2
    x17 = cos(x2)
    x18 = x16 * x17
    x19 = pi * x18
    x20 = x19 * cos(x14) + 1
    x21 = (1 / 5) * x20
    x22 = c0 * x0
    x23 = (2 / 5) * Dp
    x24 = x10 * cos(x3)
    x25 = sin(x14)
    x26 = x13 * x25
    x27 = sin(x2)
    x28 = x16 * x27
    x29 = c0 * x1
    x30 = 5 * x11
    x31 = x25 * x28
    x32 = x18 * x25
    x33 = 2 * x32
    x34 = pi**2
    x35 = L ** (-2)
    x36 = x34 * x35
    x37 = 4 * x20
    x38 = pi * x35
    x39 = (1 / 2) * x38
    x40 = 2 * x2
    x41 = cos(x40)
    x42 = 2 * x8
    x43 = cos(x42)
    x44 = x6 + 1 / 5
    x45 = sin(x44)
    x46 = x43 * x45
    x47 = x41 * x46
    x48 = x41 * x43 * cos(x44)
    x49 = 3 * x47 + 10
    x50 = (2 / 5) * x49
    x51 = x46 * sin(x40)
    x52 = 15 * x47
    x53 = x19 * x25
    x54 = x2 + 1 / 2
    x55 = cos(x54)
    x56 = 2 * x6
    x57 = exp(-x42)
    x58 = x57 * cos(x56)
    x59 = x55 * x58
    x60 = x55 * x57 * sin(x56)
    x61 = x59 + 4
    x62 = x58 * sin(x54)
    x63 = 2 * x31
    x64 = (1 / 40) * c0
    x65 = 5 * x59
    x66 = VT * eps
    return dict(
        c_p=c0 * ((2 / 5) * x11 + 1),
        Nx_p=-x22 * x23 * (-pi * x12 + x13 * x21),
        Ny_p=x23 * x29 * (-x24 + (2 / 5) * x26 * x28),
        f_p=(2 / 25)
        * c0
        * (
            Dp * x36 * (x13 * x33 + 4 * x24 * x31 + x30)
            + Dp * x39 * (10 * pi * x11 + x12 * x37 + x19 * x26)
            - x30 * x7
        ),
        c_m=c0 * ((3 / 10) * x47 + 1),
        Nx_m=(1 / 10) * Dm * x22 * (x20 * x50 - 3 * pi * x48),
        Ny_m=-1 / 5 * Dm * x29 * (x31 * x50 - 3 * x51),
        f_m=(1 / 50)
        * c0
        * (
            4 * Dm * x36 * (6 * x31 * x51 - x32 * x49 + x52)
            + Dm * x38 * (6 * x20 * x48 - x49 * x53 + pi * x52)
            - 30 * x41 * x45 * x7 * sin(x42)
        ),
        c_h=(1 / 2) * c0 * ((1 / 4) * x59 + 1),
        Nx_h=-1 / 20 * Dh * x22 * ((1 / 2) * x20 * x61 - 5 * pi * x60),
        Ny_h=Dh * x1 * x64 * (x61 * x63 + 5 * x62),
        f_h=x64
        * (
            Dh * x36 * (x33 * x61 - x62 * x63 + x65)
            + Dh * x39 * (x37 * x60 + x53 * x61 + 40 * pi * x59)
            - 10 * x59 * x7
        ),
        phi=(1 / 5) * VT * (x33 + x5),
        f_phi=-1 / 40 * F * c0 * (32 * x11 - 24 * x47 + x65 + 20)
        + (1 / 2) * VT * eps * x16 * x17 * x25 * x34 * x35,
        Dx=-x0 * x21 * x66,
        Dy=(4 / 5) * x1 * x25 * x27 * x66 * ((1 / 2) * x15 + 1),
    )
