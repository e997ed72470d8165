"""NPZ, NumPy's archive, taken apart without trusting it.

1. The ZIP's directory is read, within bounds, and its members are held against it.
2. Each array's header is matched, never evaluated, and held against the member's size.
3. The caller looks at shapes and types, and asks for the arrays that it wants.

No path leads to pickle, and no array takes more room than its header was allowed.
"""

from reportgen.npz.archive import Npz, open_npz
from reportgen.npz.header import MAGIC, Header, UnsoundError

__all__ = ["MAGIC", "Header", "Npz", "UnsoundError", "open_npz"]
