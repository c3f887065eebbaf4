"""urlwatch as its command runs it, with one job for each feed; it keeps each page's ETag by itself."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from urlwatch.config import CommandConfig
from urlwatch.main import Urlwatch
from urlwatch.storage import CacheMiniDBStorage, UrlsYaml, YamlConfigStorage

from benchmarks.rivals.running import given_options, measured

QUIET = "report:\n  stdout: {enabled: false}\n"


def opened(folder: Path, feeds: list[str]) -> Urlwatch:
    """What ``urlwatch.cli.main`` puts together, with all its files in one folder."""
    urls, config, cache = (str(folder / name) for name in ("urls.yaml", "urlwatch.yaml", "cache.db"))
    Path(urls).write_text("---\n".join(f"url: {feed}\n" for feed in feeds), encoding="utf-8")
    Path(config).write_text(QUIET, encoding="utf-8")
    arguments = [f"--urls={urls}", f"--config={config}", f"--cache={cache}"]
    hooks = str(folder / "hooks.py")
    command = CommandConfig(arguments, "urlwatch", str(folder), sys.prefix, config, urls, hooks, cache, False)
    return Urlwatch(command, YamlConfigStorage(config), CacheMiniDBStorage(cache), UrlsYaml(urls))


def main() -> None:
    logging.getLogger("urlwatch").setLevel(logging.ERROR)  # or it warns that nobody is told
    options = given_options()
    watch = opened(options.folder, options.feed)

    def read() -> int:
        watch.run_jobs()
        verbs = [state.verb for state in watch.report.job_states]
        watch.close()
        if failed := set(verbs) - {"new", "changed", "unchanged"}:
            raise RuntimeError(f"urlwatch reports {failed}")
        return sum(verb != "unchanged" for verb in verbs)

    measured(read)


if __name__ == "__main__":
    main()
