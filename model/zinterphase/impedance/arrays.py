"""Arrays of numbers."""

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]
type Complex = npt.NDArray[np.complex128]
