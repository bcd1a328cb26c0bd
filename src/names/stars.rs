//! Names with their numbers as `*`, as the table has them.

pub(super) fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name with its numbers as `*`.
pub(super) fn starred(name: &str) -> String {
    let parts = name
        .split('.')
        .map(|part| if is_number(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join(".")
}

/// The same with the last number as it is: where names with other last numbers are of another kind,
/// the table tells them apart by it.
pub(super) fn starred_but_last(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let last = parts.iter().rposition(|part| is_number(part));
    let starred = parts.iter().enumerate().map(|(place, part)| {
        if is_number(part) && Some(place) != last {
            "*"
        } else {
            part
        }
    });
    starred.collect::<Vec<_>>().join(".")
}

/// The pattern with the numbers of `name` for its stars.
pub(super) fn filled(pattern: &str, name: &str) -> Option<String> {
    let mut numbers = name.split('.').filter(|part| is_number(part));
    let parts = pattern.split('.');
    let parts: Option<Vec<&str>> = parts
        .map(|part| {
            if part == "*" {
                numbers.next()
            } else {
                Some(part)
            }
        })
        .collect();
    Some(parts?.join("."))
}
