//! What a metric measures, told by its name.
