//! Where in the text a field stands.
//!
//! The YAML reader gives lines for what it cannot read, but none for what it has read. Books are written in one way:
//! block lists of entries at one depth, fields one to a line, so that the line of a field can be found again in the
//! text. Where the text is written otherwise no line is given, rather than a wrong one.

/// Lines of a text that has one main list of entries.
pub(crate) struct Lines<'t> {
    lines: Vec<&'t str>,
    /// First line of each entry of the main list, 0-based.
    entries: Vec<usize>,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_content(line: &str) -> bool {
    let trimmed = line.trim_start();
    !trimmed.is_empty() && !trimmed.starts_with('#')
}

impl<'t> Lines<'t> {
    /// `list` is the top-level key of the main list.
    pub(crate) fn new(text: &'t str, list: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let head = lines.iter().position(|line| is_key(line, list));
        let entries = head.map_or_else(Vec::new, |head| items(&lines, head + 1, lines.len()));
        Self { lines, entries }
    }

    /// How many entries the main list seems to have. Another number than the reader's means: give no lines.
    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }

    /// Line, from 1, of a field path such as `checks[1].assert`; within an entry, or in the whole file.
    pub(crate) fn find(&self, entry: Option<usize>, field: &str) -> Option<usize> {
        let (start, end) = match entry {
            Some(entry) => {
                let start = *self.entries.get(entry)?;
                (start, self.entries.get(entry + 1).copied().unwrap_or(self.lines.len()))
            }
            None => (0, self.lines.len()),
        };
        let mut parts = field.split('.');
        let (key, item) = split_item(parts.next().unwrap_or_default());
        // A field that is missing has no line: the entry's own stands for it.
        let Some(at) = self.key(start, end, key, entry.is_some()) else { return entry.map(|_| start + 1) };
        if let Some(item) = item {
            let found = items(&self.lines, at + 1, end);
            return Some(found.get(item).copied().unwrap_or(at) + 1);
        }
        let inner = parts.next().map(|part| split_item(part).0);
        let below = inner.and_then(|inner| self.key_below(at, end, inner));
        Some(below.unwrap_or(at) + 1)
    }

    /// The line of a field of an entry (or of the file), none deeper.
    fn key(&self, start: usize, end: usize, key: &str, in_entry: bool) -> Option<usize> {
        let first = self.lines.get(start)?;
        let depth = if in_entry { indent(first) + 2 } else { 0 };
        (start..end).find(|&i| {
            let line = self.lines[i];
            let line = if in_entry && i == start { line.trim_start().trim_start_matches("- ") } else { line };
            (in_entry && i == start || indent(line) == depth) && is_key(line.trim_start(), key)
        })
    }

    fn key_below(&self, above: usize, end: usize, key: &str) -> Option<usize> {
        let depth = indent(self.lines.get(above)?);
        (above + 1..end)
            .take_while(|&i| !is_content(self.lines[i]) || indent(self.lines[i]) > depth)
            .find(|&i| is_key(self.lines[i].trim_start(), key))
    }
}

fn is_key(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
}

fn split_item(part: &str) -> (&str, Option<usize>) {
    match part.split_once('[') {
        Some((key, rest)) => (key, rest.trim_end_matches(']').parse().ok()),
        None => (part, None),
    }
}

/// First lines of the items of the block list that begins at `start`.
fn items(lines: &[&str], start: usize, end: usize) -> Vec<usize> {
    let mut depth = None;
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate().take(end).skip(start) {
        if !is_content(line) {
            continue;
        }
        let here = indent(line);
        let is_item = line.trim_start().starts_with("- ");
        match depth {
            None if is_item => {
                depth = Some(here);
                found.push(i);
            }
            None => break,
            Some(depth) if here == depth && is_item => found.push(i),
            Some(depth) if here <= depth => break,
            Some(_) => {}
        }
    }
    found
}
