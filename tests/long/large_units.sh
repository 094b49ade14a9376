#!/usr/bin/env bash
# The unit tests of the draw and the matching with their large numbers (MQ_LONG=1): statistics, enumeration, random instances.
cd "$(dirname "$0")/../.." && MQ_LONG=1 exec meson test -C "$MQ_BUILD_DIR" --no-rebuild -t 30 draw_stat_test draw_test match_test staff_test year_test
