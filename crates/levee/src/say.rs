//! Printing. A closed pipe is no error; text makes sense without colour.

use std::io::{self, Write as _};

/// Prints data to stdout. A reader that has gone away ends the program quietly; a full disk does not.
pub(crate) fn out(text: &str) {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            note(&format!("error: could not print to the standard output\n  because: {error}"));
            note("  mend: see where the output goes; what the command wrote to the city is whole");
            std::process::exit(2);
        }
    }
}

/// Tells the person at the terminal something that is not data.
pub(crate) fn note(text: &str) {
    // Nobody to tell is no reason to fail.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints one JSON document.
pub(crate) fn json(value: &serde_json::Value) {
    out(&format!("{value:#}"));
}

/// A count with thousands by comma.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Columns of text, each as wide as its widest cell; the columns named in `right` flush right. Chinese letters count as
/// two cells of a terminal.
pub(crate) fn table(rows: &[Vec<String>], right: &[usize]) -> String {
    let width = |cell: &str| cell.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum::<usize>();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..columns).map(|nth| rows.iter().filter_map(|r| r.get(nth)).map(|c| width(c)).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (nth, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[nth].saturating_sub(width(cell)));
            let gap = if nth + 1 < row.len() { "  " } else { "" };
            line.push_str(&if right.contains(&nth) {
                format!("{pad}{cell}{gap}")
            } else {
                format!("{cell}{pad}{gap}")
            });
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.trim_end_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas() {
        assert_eq!([0, 999, 1000, 1_048_577].map(count), ["0", "999", "1,000", "1,048,577"]);
    }
}
