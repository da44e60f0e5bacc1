# SPDX-License-Identifier: Apache-2.0
"""What is stuck, told to machines: for cron, a monitoring plugin, or Prometheus' textfile collector."""
