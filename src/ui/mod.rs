//! What is drawn. Enters: the state. Leaves: pictures on screen and what the user asked for.

pub mod heatmap;
