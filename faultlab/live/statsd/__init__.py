"""A StatsD daemon with real sockets."""
