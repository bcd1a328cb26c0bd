//! The published comparison of Qwen3-8B on SQuAD comes out of runs with its numbers.
