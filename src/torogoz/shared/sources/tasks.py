"""What the worker may do for this app."""

from collections.abc import Mapping
from datetime import datetime

from torogoz.exchange.readers.contract import UnknownLayout, Unreadable
from torogoz.shared.jobs.worker import TaskFailed
from torogoz.shared.sources.actions import refresh
from torogoz.shared.sources.download import DownloadFailed, UnknownAddress

REFRESH = "refresh_source"


def refresh_source(arguments: Mapping[str, str], now: datetime) -> None:
    """Fetch and import the newest file of the publisher `key`. A broken download may go better later."""
    try:
        refresh(key=arguments["key"], now=now)
    except DownloadFailed as failure:
        raise TaskFailed(str(failure), again=True) from failure
    except (UnknownAddress, UnknownLayout, Unreadable) as failure:
        raise TaskFailed(str(failure), again=False) from failure
