//! Singular values of one matrix on an NVIDIA card.
//!
//! Enters: a stored matrix. Leaves: its singular values, descending, checked against the weights.
//!
//! ```text
//! this machine    read and widen panel p + 1, and what the check needs of it
//! the card        G += P_p·P_pᵀ (cuBLAS)  …  G·x, ‖G‖_F  …  eigenvalues of G (cuSOLVER)
//! ```
//!
//! G never leaves the card. Two matrices are in hand at a time, each on a stream of its own, so
//! that one is read while the other is solved.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use crate::error::Error;
use crate::progress::Progress;
use crate::spectral::device::calls::{
    Blas, Context, Driver, Engine, Fault, Libraries, Solver, Wide, open,
};
use crate::spectral::device::probe::Probe;
use crate::spectral::device::search::{self, Set};
use crate::spectral::gram::{not_finite, scale};
use crate::spectral::parallel;
use crate::tensor::{DType, Matrix};

/// Matrices in hand at a time.
const ENGINES: usize = 2;

/// Values of a widened panel, of which an engine has two on each side: 48 MiB each.
const PANEL: usize = 6 << 20;

/// The largest N: N² values are counted by the libraries in 31 bits.
const LARGEST: usize = 46_340;

/// How often a waiting thread checks whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// Why there is no card to compute with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Absent {
    /// The machine has none, or not all of its software.
    Missing(String),
    /// It is all there and does not work.
    Broken(String),
}

impl Absent {
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Missing(reason) | Self::Broken(reason) => reason,
        }
    }
}

/// Why the card has no values for a matrix.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Its own fault: the processor may do better.
    Card(String),
    /// The matrix's, or the user stopped it: the same on any device.
    Matrix(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Matrix(error)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Card(fault.to_string())
    }
}

/// A card that is ready.
#[derive(Debug)]
pub(super) struct Card {
    /// Its name, and the version of its libraries.
    pub(super) name: String,
    engines: Mutex<Vec<Engine>>,
    returned: Condvar,
    /// Held shared by matrices in hand, and alone by one that found too little memory.
    room: RwLock<()>,
    /// Threads that read for one matrix.
    threads: usize,
}

/// The name of the card that a scan would use; `None` without a driver or a card. Its other
/// libraries are not looked at.
#[must_use]
pub fn card_name() -> Option<String> {
    let (driver, _) = driver().ok()?;
    driver.first_card().ok().map(|(_, name)| name)
}

/// The driver, started, and the newest version of CUDA that it knows.
fn driver() -> Result<(Driver, i32), Absent> {
    let missing = |reason: String| Absent::Missing(format!("there is no NVIDIA driver ({reason})"));
    let library = open(Path::new(search::DRIVER)).map_err(missing)?;
    let driver = Driver::of(library)
        .map_err(|reason| Absent::Broken(format!("the NVIDIA driver is too old: {reason}")))?;
    let (version, cards) = driver
        .start()
        .map_err(|fault| Absent::Missing(format!("the NVIDIA driver finds no card ({fault})")))?;
    if cards < 1 {
        return Err(Absent::Missing(
            "the NVIDIA driver finds no card".to_owned(),
        ));
    }
    Ok((driver, version / 1000))
}

/// Opens cuBLAS and cuSOLVER. The error says whether they are there.
fn libraries(set: &Set) -> Result<(Blas, Solver, Option<Wide>), (bool, String)> {
    for path in &set.before {
        // What really is missing is told by the next two.
        drop(open(path));
    }
    // What is in a folder is there; a bare name may just not be.
    let open = |path: &Path| open(path).map_err(|reason| (path.is_absolute(), reason));
    let broken = |reason: String| (true, reason);
    let blas = Blas::of(open(&set.blas)?).map_err(broken)?;
    let library = open(&set.solver)?;
    let solver = Solver::of(library).map_err(broken)?;
    Ok((blas, solver, Wide::of(library).ok()))
}

impl Card {
    /// Takes the first card into use, to be read for by `threads` threads.
    pub(super) fn open(threads: usize) -> Result<Self, Absent> {
        let (_, newest) = driver()?;
        let mut reasons = Vec::new();
        for set in search::sets(newest) {
            let (blas, solver, wide) = match libraries(&set) {
                Ok(libraries) => libraries,
                Err((is_there, reason)) => {
                    reasons.extend(is_there.then_some(reason));
                    continue;
                }
            };
            match Self::with(blas, solver, wide, threads) {
                Ok(card) => return Ok(card),
                Err(absent) => reasons.push(absent.reason().to_owned()),
            }
        }
        reasons.dedup();
        let reasons = reasons.join("; ");
        Err(if reasons.is_empty() {
            Absent::Missing(format!(
                "there is a card, but neither cuBLAS nor cuSOLVER of CUDA 11 to {newest} is found; \
                 set CUDA_HOME to the folder of a CUDA toolkit, or `pip install nvidia-cublas-cu12 \
                 nvidia-cusolver-cu12` in the active Python environment"
            ))
        } else {
            Absent::Broken(format!("the card's libraries do not work ({reasons})"))
        })
    }

    fn with(
        blas: Blas,
        solver: Solver,
        wide: Option<Wide>,
        threads: usize,
    ) -> Result<Self, Absent> {
        // The driver's own table is small; each set has one.
        let (driver, _) = driver()?;
        let broken = |fault: Fault| Absent::Broken(fault.to_string());
        let (card, name) = driver.first_card().map_err(broken)?;
        let libraries = Libraries {
            driver,
            blas,
            solver,
            wide,
        };
        let context = Arc::new(Context::new(libraries, card).map_err(broken)?);
        let mut engine = Engine::new(&context, PANEL).map_err(broken)?;
        let version = engine.version().map_err(broken)?;
        let mut engines = vec![engine];
        for _ in 1..ENGINES {
            // One is enough where memory is short.
            engines.extend(Engine::new(&context, PANEL));
        }
        Ok(Self {
            name: format!("{name}, cuBLAS {}", text_of(version)),
            engines: Mutex::new(engines),
            returned: Condvar::new(),
            room: RwLock::new(()),
            threads: threads.div_ceil(ENGINES),
        })
    }

    /// Whether a matrix of that size can be computed on a card.
    pub(super) fn fits(matrix: &Matrix) -> bool {
        matrix.rows().min(matrix.cols()) <= LARGEST
    }

    /// The singular values of `matrix`, which has some and [`Self::fits`], descending. `threads`
    /// read at least.
    pub(super) fn singular_values(
        &self,
        matrix: &Matrix,
        threads: usize,
        progress: &Progress,
    ) -> Result<Vec<f64>, Trouble> {
        let mut engine = self.take(progress)?;
        // Others that wait for an engine do not use theirs.
        let threads = threads.max(self.threads);
        let outcome = self.with_engine(&mut engine, matrix, threads, progress);
        self.engines().push(engine);
        self.returned.notify_all();
        outcome
    }

    fn with_engine(
        &self,
        engine: &mut Engine,
        matrix: &Matrix,
        threads: usize,
        progress: &Progress,
    ) -> Result<Vec<f64>, Trouble> {
        let short = {
            let _shared = self.room.read().unwrap_or_else(PoisonError::into_inner);
            match engine.begin(matrix.rows().min(matrix.cols())) {
                Ok(()) => match compute(engine, matrix, threads, progress) {
                    Err(Failure::Fault(fault)) if fault.is_memory => fault,
                    outcome => return outcome.map_err(Trouble::from),
                },
                Err(fault) if fault.is_memory => fault,
                Err(fault) => return Err(fault.into()),
            }
        };
        // Once more with the card to itself.
        let _alone = self.room.write().unwrap_or_else(PoisonError::into_inner);
        for engine in self.engines().iter_mut() {
            engine.release();
        }
        engine.release();
        engine
            .begin(matrix.rows().min(matrix.cols()))
            .map_err(|again| Trouble::from(if again.is_memory { short } else { again }))?;
        compute(engine, matrix, threads, progress).map_err(Trouble::from)
    }

    /// Waits for an engine.
    fn take(&self, progress: &Progress) -> Result<Engine, Error> {
        let mut engines = self.engines();
        loop {
            progress.check()?;
            if let Some(engine) = engines.pop() {
                return Ok(engine);
            }
            // The time-out is for canceling, which nobody announces.
            let waited = self.returned.wait_timeout(engines, LOOK);
            engines = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn engines(&self) -> std::sync::MutexGuard<'_, Vec<Engine>> {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A version as NVIDIA numbers it: 130100 is 13.1.0, and 11 was counted in thousands.
fn text_of(version: i32) -> String {
    let unit = if version >= 100_000 { 10_000 } else { 1000 };
    let (major, rest) = (version / unit, version % unit);
    let (minor, patch) = (rest / 100, rest % 100);
    format!("{major}.{minor}.{patch}")
}

/// What stops a computation.
enum Failure {
    Fault(Fault),
    Check(String),
    Matrix(Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Matrix(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => fault.into(),
            Failure::Check(sentence) => Self::Card(sentence),
            Failure::Matrix(error) => Self::Matrix(error),
        }
    }
}

fn compute(
    engine: &mut Engine,
    matrix: &Matrix,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<f64>, Failure> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let (short, long) = (rows.min(cols), rows.max(cols));
    let is_tall = rows > cols;
    let scale = scale(matrix, progress)?;
    let mut probe = Probe::new(short);
    let most = (PANEL / short).max(1);
    let mut start = 0;
    while start < long {
        progress.check()?;
        let width = most.min(long - start);
        let panel = engine.panel()?;
        let panel = &mut panel[..short * width];
        read(matrix, start, width, threads, panel)?;
        if *matrix.dtype() == DType::F64 {
            for value in panel.iter_mut() {
                *value /= scale;
            }
        }
        if !probe.take(panel, is_tall, threads) {
            return Err(not_finite(panel_of(panel, short, width, is_tall), start, is_tall).into());
        }
        engine.add_panel(width, is_tall)?;
        start += width;
    }
    let product = engine.multiply(probe.vector())?;
    probe.check_product(&product).map_err(Failure::Check)?;
    let (half, diagonal) = engine.norms()?;
    progress.check()?;
    let values = engine.eigenvalues()?;
    let values =
        values.ok_or_else(|| Failure::Check("its eigenvalues were not found".to_owned()))?;
    let norm = 2.0 * half * half - diagonal * diagonal;
    probe
        .check_eigenvalues(&values, norm)
        .map_err(Failure::Check)?;
    let roots = values.iter().rev();
    Ok(roots.map(|value| value.max(0.0).sqrt() * scale).collect())
}

/// The panel as the N × `width` matrix that it is.
fn panel_of(panel: &[f64], short: usize, width: usize, is_tall: bool) -> faer::MatRef<'_, f64> {
    if is_tall {
        faer::MatRef::from_column_major_slice(panel, short, width)
    } else {
        faer::MatRef::from_row_major_slice(panel, short, width)
    }
}

/// Reads `width` rows or columns along the long side, from `start` on, as they are stored.
fn read(
    matrix: &Matrix,
    start: usize,
    width: usize,
    threads: usize,
    panel: &mut [f64],
) -> Result<(), Error> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let is_tall = rows > cols;
    let (first, cols) = if is_tall {
        (start, 0..cols)
    } else {
        (0, start..start + width)
    };
    let length = cols.len();
    let count = panel.len() / length;
    let each = count.div_ceil(threads.max(1)).max(1);
    let failed: Mutex<Option<Error>> = Mutex::default();
    let blocks = panel.chunks_mut(each * length).enumerate().collect();
    parallel::for_each(threads, blocks, |(block, out): (usize, &mut [f64])| {
        let from = first + block * each;
        let rows = from..from + out.len() / length;
        let mut raw = Vec::new();
        if let Err(error) = matrix.read_block(rows, cols.clone(), &mut raw, out) {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn versions_are_told_as_nvidia_numbers_them() {
        assert_eq!(text_of(130_100), "13.1.0");
        assert_eq!(text_of(120_903), "12.9.3");
        assert_eq!(text_of(11_205), "11.2.5");
    }
}
