"""What was used lately, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Hashable


class Recent[K: Hashable, V]:
    """A mapping that forgets what was not used for longest, to hold at most `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.n_bytes = 0
        self._known: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: K) -> V | None:
        """What was put there, if it is still known; it counts as used."""
        if key not in self._known:
            return None
        self._known.move_to_end(key)
        return self._known[key][0]

    def put(self, key: K, value: V, n_bytes: int) -> None:
        """Know `value`, which takes `n_bytes`; what alone takes more than all is not kept."""
        self.n_bytes -= self._known.pop(key, (None, 0))[1]
        if n_bytes > self.most_bytes:
            return
        self._known[key] = (value, n_bytes)
        self.n_bytes += n_bytes
        while self.n_bytes > self.most_bytes:
            _, (_, n_freed) = self._known.popitem(last=False)
            self.n_bytes -= n_freed
