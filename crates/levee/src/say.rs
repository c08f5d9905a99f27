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

/// Cells of a terminal that a text takes; Chinese letters take two.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}

/// The text in lines of at most `most` cells: broken at spaces, and between Chinese letters but not before a closing mark.
pub(crate) fn wrap(text: &str, most: usize) -> Vec<String> {
    const NEVER_FIRST: &str = "，。；：、）】！？%";
    let most = most.max(4);
    let mut lines = Vec::new();
    let mut line = String::new();
    // Pieces that may not be parted: a word with the space before it, a Chinese letter with the marks after it.
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let is_wide = c as u32 >= 0x1100;
        let joins = match pieces.last().and_then(|piece| piece.chars().last()) {
            None => false,
            Some(_) if NEVER_FIRST.contains(c) => true,
            Some(before) => before != ' ' && c != ' ' && !is_wide && (before as u32) < 0x1100,
        };
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    for piece in pieces {
        if !line.is_empty() && wide(&line) + wide(&piece) > most {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        if line.is_empty() && piece == " " {
            continue;
        }
        line.push_str(&piece);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Columns of text of given widths at most; what is longer goes on in the next line of its cell.
pub(crate) fn wrapped_table(rows: &[Vec<String>], most: &[usize], right: &[usize]) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().enumerate().map(|(nth, cell)| wrap(cell, most.get(nth).copied().unwrap_or(30))).collect();
        let high = cells.iter().map(Vec::len).max().unwrap_or(0);
        for nth in 0..high {
            lines.push(cells.iter().map(|cell| cell.get(nth).cloned().unwrap_or_default()).collect());
        }
    }
    table(&lines, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_goes_on_in_the_next_line() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("向方舱医院转运轻症，共12人。", 10), ["向方舱医院", "转运轻症，", "共12人。"]);
        assert_eq!(wrap("", 7), [""]);
        assert_eq!(wrap("unbreakable_word", 5), ["unbreakable_word"]);
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!([0, 999, 1000, 1_048_577].map(count), ["0", "999", "1,000", "1,048,577"]);
    }
}
