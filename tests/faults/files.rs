//! Files that are cut short, replaced or removed while they are read, and what is no file.

use std::fs::{self, File};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use layerscope::open;
use layerscope::report::Spectra;
use layerscope::source::ModelFiles;
use layerscope::spectral::FileIdentity;
use layerscope::tensor::Model;

use crate::support::{Folder, bits, options, scanned, tamper, varied};

/// A scan during which `change` befalls the weight file once, after some of it was read: the
/// results as bits, and what was said of the modules without one.
fn changed_meanwhile(
    folder: &Folder,
    change: impl Fn() + Send + Sync + 'static,
) -> layerscope::Result<(Vec<String>, Vec<String>)> {
    let mut model = folder.open();
    let first = AtomicBool::new(true);
    let once = Once::new();
    tamper(&mut model, move |_, _| {
        if !first.swap(false, Ordering::Relaxed) {
            once.call_once(&change);
        }
        Ok(())
    });
    let mut options = options(&model);
    options.threads = 1;
    let (results, _) = scanned(&model, &options)?;
    let problems = results.iter();
    let problems = problems.filter_map(|(_, result)| result.problem.clone());
    Ok((bits(&results), problems.collect()))
}

fn undisturbed(folder: &Folder) -> Vec<String> {
    let model = folder.open();
    bits(&scanned(&model, &options(&model)).unwrap().0)
}

/// Values of two states are never mixed, whatever of them was read before.
fn is_refused(found: layerscope::Result<(Vec<String>, Vec<String>)>) {
    let error = found.unwrap_err().to_string();
    assert!(
        error.contains("model.safetensors") && error.contains("was changed while it was read"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn a_file_cut_short_during_its_scan_is_refused() {
    let folder = Folder::new(&varied());
    let path = folder.weights();
    is_refused(changed_meanwhile(&folder, move || {
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(2000)
            .unwrap();
    }));
}

#[test]
#[cfg(unix)]
fn a_file_removed_or_replaced_by_rename_during_its_scan_is_read_to_its_end() {
    let folder = Folder::new(&varied());
    let expected = undisturbed(&folder);
    let copy = fs::read(folder.weights()).unwrap();
    let path = folder.weights();
    let (found, problems) =
        changed_meanwhile(&folder, move || fs::remove_file(&path).unwrap()).unwrap();
    assert_eq!((found, problems.len()), (expected.clone(), 0));

    fs::write(folder.weights(), &copy).unwrap();
    let (path, other) = (folder.weights(), folder.path("other"));
    let (found, problems) = changed_meanwhile(&folder, move || {
        fs::write(&other, b"something else").unwrap();
        fs::rename(&other, &path).unwrap();
    })
    .unwrap();
    assert_eq!((found, problems.len()), (expected, 0));
}

#[test]
fn a_file_overwritten_in_place_during_its_scan_is_refused() {
    let folder = Folder::new(&varied());
    let path = folder.weights();
    let length = fs::metadata(&path).unwrap().len();
    // All ones: NaN wherever it is read as F32.
    is_refused(changed_meanwhile(&folder, move || {
        fs::write(&path, vec![0xff; length as usize]).unwrap();
    }));
}

#[test]
fn a_file_that_goes_between_finding_and_opening_is_told() {
    let folder = Folder::new(&varied());
    let found = ModelFiles::find(&folder.model()).unwrap();
    fs::remove_file(folder.weights()).unwrap();
    let error = Model::of_files(found).unwrap_err().to_string();
    assert!(
        error.contains("model.safetensors") && error.contains("is missing"),
        "{error}"
    );
}

#[test]
fn spectra_cut_short_after_they_were_opened_are_an_error() {
    let folder = Folder::new(&varied());
    let model = folder.open();
    let (results, _) = scanned(&model, &options(&model)).unwrap();
    let identity = FileIdentity::of(model.files[0].as_ref()).unwrap();
    let bytes = Spectra::new(&model, vec![identity], results)
        .to_bytes()
        .unwrap();
    let path = folder.path("x.spectra.safetensors");
    fs::write(&path, &bytes).unwrap();
    let spectra = Spectra::read(&path).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(bytes.len() as u64 - 4).unwrap();
    let values = |name: &str| spectra.values(name);
    let outcomes: Vec<_> = spectra
        .entries()
        .iter()
        .map(|entry| values(&entry.name))
        .collect();
    let errors: Vec<String> = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.err().map(|error| error.to_string()))
        .collect();
    assert_eq!(
        errors.len(),
        1,
        "only the last one's values are gone: {errors:?}"
    );
    assert!(errors[0].contains("was the file changed"), "{errors:?}");
}

#[test]
#[cfg(unix)]
fn a_pipe_or_a_device_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let device = std::path::Path::new("/dev/zero").to_path_buf();
    let mut paths = vec![device];
    if made.is_ok_and(|status| status.success()) {
        paths.push(pipe);
    } else {
        println!("skipped the pipe: none can be made here");
    }
    for path in paths {
        let error = open::open(&path).unwrap_err().to_string();
        assert!(error.contains("neither a file nor a folder"), "{error}");
    }
}
