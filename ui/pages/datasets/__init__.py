"""The engineer's datasets: pictures to learn from, looked through, labelled and frozen."""
