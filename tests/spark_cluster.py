"""Spark's own master and two workers on this machine, on loopback, with bounded memory: started, and stopped again."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

WORKERS, MEMORY, PATIENCE = 2, "1g", 120.0
LEAN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java starts sooner and takes less of a machine that does other things too."""
SETTINGS = {
    "spark.driver.extraJavaOptions": LEAN,
    "spark.executor.extraJavaOptions": LEAN,
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.cores.max": str(WORKERS),
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than few rows do
    "spark.ui.showConsoleProgress": "false",
}
DAEMONS = {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": LEAN}


def why_not() -> str:
    """Why no cluster can be started here; empty if one can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    if (
        shutil.which("java") is None
        or subprocess.run(["java", "-version"], capture_output=True, check=False).returncode
    ):
        return "no Java runs here"
    return ""


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a master that has two workers, spark://127.0.0.1:PORT."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        local = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_PUBLIC_DNS": "127.0.0.1"}
        environment = {**os.environ, **local, **DAEMONS, "SPARK_LOCAL_DIRS": str(folder)}
        log = folder / "cluster.log"
        output = ends.enter_context(log.open("wb"))

        def start(role: str, *words: str) -> None:
            """Start a daemon of Spark, which is ended with the cluster."""
            process = subprocess.Popen(
                [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", *words],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=folder,
            )
            ends.callback(process.wait)
            ends.callback(process.terminate)

        start("master.Master", "--port", str(port), "--webui-port", "0")
        for number in range(WORKERS):
            work = folder / f"worker{number}"
            sizes = ("--cores", "1", "--memory", MEMORY, "--webui-port", "0", "--work-dir", str(work))
            start("worker.Worker", *sizes, address)
        _wait(log)
        yield address


def _wait(log: Path) -> None:
    """Until the master has registered every worker."""
    begun = time.monotonic()
    while len(re.findall(rb"Registering worker", log.read_bytes())) < WORKERS:
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(
                f"no cluster of Spark after {PATIENCE:.0f} s:\n{log.read_text(errors='replace')[-2000:]}"
            )
        time.sleep(0.2)
