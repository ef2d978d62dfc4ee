"""Independent numbered tasks on an executor: what is missing is done, and what dies is repeated."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Final

from policymix.pool import Crew, StartCrew, StudyError

MOST_DEATHS_OF_A_TASK: Final = 3
Progress = Callable[[int, int], None]
"""Called with (tasks finished, tasks in all)."""


def silent(_done: int, _of: int) -> None:
    """No progress shown."""


def run_missing[T](
    play: Callable[[int], T],
    done: MutableMapping[int, T],
    n_tasks: int,
    start_crew: StartCrew,
    progress: Progress,
) -> None:
    """Call `play` for every number below `n_tasks` that `done` lacks and put there what it gives.

    `play` must be picklable. When workers die, their tasks are played again by a new crew. Raises
    StudyError after `MOST_DEATHS_OF_A_TASK` deaths of one task, and whatever `play` or `done`
    raises.
    """
    missing = dict.fromkeys(number for number in range(n_tasks) if number not in done)
    deaths: Counter[int] = Counter()
    progress(n_tasks - len(missing), n_tasks)
    while missing:
        with start_crew() as crew:
            for number, played in _played(crew, play, list(missing), deaths):
                done[number] = played
                del missing[number]
                progress(n_tasks - len(missing), n_tasks)
        _give_up_on_deadly(deaths)


def _played[T](
    crew: Crew, play: Callable[[int], T], numbers: list[int], deaths: Counter[int]
) -> Iterator[tuple[int, T]]:
    """What tasks give as they finish, until all are done or the pool breaks (`deaths` says how)."""
    waiting = deque(numbers)
    in_flight: dict[Future[T], int] = {}
    lost: list[int] = []
    while not lost:
        try:
            while len(in_flight) < crew.n_at_once and waiting:
                number = waiting.popleft()
                in_flight[crew.executor.submit(play, number)] = number
        except BrokenExecutor:
            break
        if not in_flight:
            return
        for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
            number = in_flight.pop(future)
            try:
                played = future.result()
            except BrokenExecutor:
                lost.append(number)  # others may have finished all the same
            else:
                yield number, played
    deaths.update([*lost, *in_flight.values()])


def _give_up_on_deadly(deaths: Counter[int]) -> None:
    deadly = [number for number, n in deaths.items() if n >= MOST_DEATHS_OF_A_TASK]
    if deadly:
        raise StudyError(
            f"Worker processes died {MOST_DEATHS_OF_A_TASK} times while playing part {min(deadly)} "
            "(killed, or out of memory). Fewer --workers or fewer --people need less memory."
        )
