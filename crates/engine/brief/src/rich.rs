//! Text with the little structure that a sentence of a brief has: what is strong, what must not break, what is unknown.
//!
//! Markup is made from it in one place (module `html`), so that nothing a city sends can become markup.

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text, unescaped.
    pub text: String,
    /// Whether it is set in a stronger weight.
    pub strong: bool,
    /// Whether a line may not break inside: a figure with its unit, a date.
    pub whole: bool,
    /// Whether it says that something is not known.
    pub unknown: bool,
}

/// A sentence or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich(pub Vec<Run>);

impl Rich {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), strong: false, whole: false, unknown: false }])
    }
    /// A figure or a date, which no line breaks.
    pub fn whole(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), strong: false, whole: true, unknown: false }])
    }
    /// The word that says that something is not known.
    pub fn unknown(word: impl Into<String>) -> Self {
        Self(vec![Run { text: word.into(), strong: true, whole: true, unknown: true }])
    }
    /// Adds `more` at the end.
    pub fn push(&mut self, more: Self) {
        self.0.extend(more.0);
    }
    /// The text without its structure, as the document and the names of charts have it.
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
    /// The same text with a capital first letter, as a sentence or a title begins; Chinese has none.
    #[must_use]
    pub fn capitalised(mut self) -> Self {
        if let Some(run) = self.0.iter_mut().find(|run| !run.text.is_empty())
            && let Some(first) = run.text.chars().next().filter(char::is_ascii_lowercase)
        {
            run.text.replace_range(..1, &first.to_ascii_uppercase().to_string());
        }
        self
    }
    /// Width in ems of the text's own size, estimated: a Chinese character is one em, a Latin one a little over half.
    pub fn ems(&self) -> f64 {
        self.0.iter().map(|run| ems(&run.text)).sum()
    }
}

/// Estimated width in ems, from Inter's advances by class of character; a Chinese character is one em, and a sliver of
/// space stands between it and a Latin one.
pub fn ems(text: &str) -> f64 {
    let mut width = 0.0;
    let mut before: Option<bool> = None;
    for c in text.chars() {
        let wide = u32::from(c) >= 0x2E80 || c == '—';
        if before.is_some_and(|before| before != wide) && c != ' ' {
            width += 0.1;
        }
        before = Some(wide);
        width += match c {
            _ if wide => 1.0,
            ' ' | 'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' => 0.3,
            'f' | 't' | 'r' | '(' | ')' | '-' => 0.38,
            '0'..='9' | '≥' | '≈' | '+' | '−' => 0.64,
            'm' | 'w' | 'M' | 'W' | '%' | '◔' | '▲' => 0.88,
            'A'..='Z' => 0.68,
            _ => 0.57,
        };
    }
    width
}

/// The text, cut at a width in ems and then ended by an ellipsis.
pub fn shortened(text: &str, most: f64) -> String {
    if ems(text) <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = 1.0;
    for c in text.chars() {
        width += ems(c.encode_utf8(&mut [0; 4]));
        if width > most {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}
