"""Warnings and news of the plugin: `[date time,ms] WARNING: …` on the error stream."""

import logging
import sys

_logger = logging.getLogger("horizon_plugin_pytorch")
_handler = logging.StreamHandler(sys.stderr)
_handler.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)s: %(message)s"))
_logger.addHandler(_handler)
_logger.setLevel(logging.INFO)
_logger.propagate = False


def warning(message):
    _logger.warning("%s", message)


def info(message):
    _logger.info("%s", message)
