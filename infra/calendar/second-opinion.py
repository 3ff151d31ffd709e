"""Asks another package, in another language, what the working days are, and counts deadlines by its answers.

    python3 -m pip install chinesecalendar==1.11.0
    python3 infra/calendar/second-opinion.py > libs/calendar/test-data/chinesecalendar.json

The specs of libs/calendar compare. Deadlines are kept as a SHA-256 of one line each: `2024-01-01 1 2024-01-02`, or `-` where
the deadline would lie after the last covered day.
"""

import datetime
import hashlib
import json
from importlib.metadata import version

from chinese_calendar import is_workday

FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)
COUNTS = [1, 3, 5, 13, 15]
ONE_DAY = datetime.timedelta(days=1)

days = [FIRST + ONE_DAY * i for i in range((LAST - FIRST).days + 1)]


def deadline(day, count):
    while count > 0:
        day += ONE_DAY
        if day > LAST:
            return "-"
        count -= is_workday(day)
    return day.isoformat()


lines = [f"{day.isoformat()} {count} {deadline(day, count)}\n" for day in days for count in COUNTS]
opinion = {
    "package": f"chinesecalendar {version('chinesecalendar')}",
    "from": FIRST.isoformat(),
    "to": LAST.isoformat(),
    "weekdaysOff": [day.isoformat() for day in days if day.weekday() < 5 and not is_workday(day)],
    "weekendsWorked": [day.isoformat() for day in days if day.weekday() >= 5 and is_workday(day)],
    "deadlines": {"counts": COUNTS, "lines": len(lines), "sha256": hashlib.sha256("".join(lines).encode()).hexdigest()},
}
print(json.dumps(opinion, indent=2))
