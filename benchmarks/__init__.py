"""Speed and memory beside a named peer or a plain floor of the same run; accuracy beside goals."""
