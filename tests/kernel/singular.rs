use layerscope::progress::Progress;
use layerscope::spectral::{singular_values, work};
use layerscope::tensor::Matrix;

fn values(rows: usize, cols: usize, entries: &[f64]) -> Vec<f64> {
    let matrix = Matrix::from_f64(rows, cols, entries);
    singular_values(&matrix, 1, &Progress::default()).unwrap()
}

#[test]
fn a_diagonal_matrix_gives_its_entries() {
    assert_eq!(values(2, 3, &[3.0, 0.0, 0.0, 0.0, -4.0, 0.0]), [4.0, 3.0]);
    assert_eq!(values(3, 2, &[3.0, 0.0, 0.0, -4.0, 0.0, 0.0]), [4.0, 3.0]);
}

#[test]
fn an_empty_matrix_has_no_values() {
    assert!(values(0, 5, &[]).is_empty());
    assert!(values(5, 0, &[]).is_empty());
}

#[test]
fn the_work_counted_is_the_work_announced() {
    let progress = Progress::default();
    progress.set_total(1, 2 * work(7, 12));
    let matrix = Matrix::from_f64(7, 12, &[1.0; 84]);
    singular_values(&matrix, 1, &progress).unwrap();
    let half = progress.snapshot().fraction;
    assert!((half - 0.5).abs() < f32::EPSILON, "{half}");
}

#[test]
fn a_value_that_is_not_finite_is_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut entries = [1.0; 12];
        entries[5] = bad;
        let matrix = Matrix::from_f64(4, 3, &entries);
        let error = singular_values(&matrix, 1, &Progress::default()).unwrap_err();
        assert!(error.to_string().contains("row 1, column 2"), "{error}");
    }
}

#[test]
fn a_canceled_job_stops() {
    let progress = Progress::default();
    progress.cancel();
    let matrix = Matrix::from_f64(2, 2, &[1.0; 4]);
    let error = singular_values(&matrix, 1, &progress).unwrap_err();
    assert!(error.is_canceled());
}
