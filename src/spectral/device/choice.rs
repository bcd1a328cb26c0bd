//! What the user may choose about the arithmetic.

/// The device to compute with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Device {
    /// An NVIDIA card for the larger matrices of a scan that is worth starting it; else the
    /// processor
    #[default]
    Auto,
    /// The processor
    Cpu,
    /// An NVIDIA card, for every matrix
    Cuda,
}

/// How singular values are computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Compute {
    /// Where.
    pub device: Device,
}
