//! What all commands share: what an argument names, problems as one line, tables.

use std::path::Path;

use layerscope::Error;
use layerscope::error::{Problem, ProblemKind};
use layerscope::open::Target;
use layerscope::table::{Align, Table};

#[test]
fn a_file_that_exists_is_meant_before_the_hub() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let parse = |text: &Path| Target::parse(text);
    let path = folder.path().to_path_buf();
    assert_eq!(parse(&path).ok(), Some(Target::Path(path)));
    assert_eq!(parse(Path::new("sample")).ok(), Some(Target::Sample));
    let hub = parse(Path::new("no-such-owner/no-such-model@v1"));
    assert!(matches!(hub, Ok(Target::Hub(id)) if id.revision.as_deref() == Some("v1")));
    let neither = parse(Path::new("no-such-file.json"));
    let Err(Error::Problem(problem)) = neither else {
        panic!("{neither:?}");
    };
    assert_eq!(problem.kind, ProblemKind::Input);
    assert_eq!(problem.subject, "no-such-file.json");
}

#[test]
fn a_problem_leaves_out_what_it_does_not_know() {
    let bare = Problem::argument("50 %%", "is not a percentage");
    assert_eq!(bare.to_string(), "50 %%: is not a percentage");
    let whole = Problem::input("a/b.csv", "has no loss")
        .at("line 3")
        .advice("name one");
    assert_eq!(whole.to_string(), "a/b.csv: line 3: has no loss; name one");
    assert_eq!(Problem::spectrum("", "is empty").to_string(), "is empty");
}

#[test]
fn a_table_escapes_what_each_form_reads_as_its_own() {
    let columns = [("run", Align::Left), ("loss", Align::Right)];
    let table = Table::new(columns).with_rows([vec!["a|b_1, \"x\"".to_owned(), "2.5".to_owned()]]);
    assert_eq!(table.csv(), "run,loss\n\"a|b_1, \"\"x\"\"\",2.5\n");
    assert!(
        table.markdown().contains(r#"| a\|b\_1, "x" |"#),
        "{}",
        table.markdown()
    );
    assert!(
        table.latex().contains(r#"a\textbar{}b\_1, "x" & 2.5"#),
        "{}",
        table.latex()
    );
    assert_eq!(table.text(), "run         loss\na|b_1, \"x\"   2.5\n");
}
