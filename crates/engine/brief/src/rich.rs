//! Text with the little structure that a sentence of a brief has: what is strong, what must not break, what is unknown.
//!
//! Markup is made from it in one place ([`crate::html`]), so that nothing a city sends can become markup.

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
    /// Width in ems of the text's own size, estimated: a Chinese character is one em, a Latin one a little over half.
    pub fn ems(&self) -> f64 {
        self.0.iter().map(|run| ems(&run.text)).sum()
    }
}

/// Estimated width in ems. Inter's mean advance over English prose is 0.53 em; 0.56 keeps to the safe side.
pub fn ems(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) < 0x2E80 { 0.56 } else { 1.0 }).sum()
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
