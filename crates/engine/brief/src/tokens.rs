//! Colours and type of Levee's pages, in one place. Other pages take them from here.
//!
//! Print and light screens only; each colour is a claim: grey is normal, `over` = overdue or broken, `soon` = due soon or
//! old. There is no green.

/// A named colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Name of the custom property without its dashes.
    pub name: &'static str,
    /// `#RRGGBB`.
    pub hex: &'static str,
}

const fn t(name: &'static str, hex: &'static str) -> Token {
    Token { name, hex }
}

/// All colours, light.
pub const LIGHT: &[Token] = &[
    t("bg", "#F6F6F4"),
    t("surface", "#FFFFFF"),
    t("sunken", "#EFEFEC"),
    t("ink", "#16191D"),
    t("ink2", "#4A5159"),
    t("ink3", "#5F666F"),
    t("line", "#DDDCD7"),
    t("line2", "#82888F"),
    t("accent", "#1C5C9E"),
    t("accent-bg", "#E4EEF8"),
    t("over", "#8E2608"),
    t("over-bg", "#FBE9E1"),
    t("soon", "#8A6500"),
    t("soon-bg", "#FBF0D5"),
    t("comm", "#B3450F"),
    t("man", "#7391AE"),
    t("bar", "#7391AE"),
    t("part", "#1F4F87"),
    t("fan", "#3E6FA3"),
    t("fan50", "#B6C8DB"),
    t("fan95", "#DEE7F0"),
    t("hatch", "#858B93"),
    t("hatch-bg", "#F3F3F0"),
];

/// Latin and digits first, then Chinese; system fonts only, none is shipped.
pub const SANS: &str = "\"Inter\",\"Segoe UI\",-apple-system,BlinkMacSystemFont,\"Noto Sans CJK SC\",\"Noto Sans SC\",\
\"PingFang SC\",\"HarmonyOS Sans SC\",\"Microsoft YaHei UI\",\"Microsoft YaHei\",sans-serif";

/// The custom properties as a style rule.
pub fn custom_properties() -> String {
    let mut css = String::from(":root{color-scheme:light;");
    for token in LIGHT {
        css.push_str("--");
        css.push_str(token.name);
        css.push(':');
        css.push_str(token.hex);
        css.push(';');
    }
    css.push_str("--sans:");
    css.push_str(SANS);
    css.push('}');
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(name: &str) -> f64 {
        let hex = LIGHT.iter().find(|token| token.name == name).unwrap().hex;
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_on_every_ground_it_stands_on() {
        let pairs = [
            ("ink", "surface"),
            ("ink", "bg"),
            ("ink2", "surface"),
            ("ink2", "bg"),
            ("ink2", "sunken"),
            ("ink2", "hatch-bg"),
            ("ink3", "surface"),
            ("ink3", "sunken"),
            ("accent", "surface"),
            ("accent", "bg"),
            ("over", "surface"),
            ("over", "over-bg"),
            ("soon", "surface"),
            ("soon", "soon-bg"),
            ("ink", "fan95"),
            ("ink2", "fan95"),
        ];
        for (text, ground) in pairs {
            let ratio = contrast(text, ground);
            assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
        }
    }

    #[test]
    fn marks_that_carry_meaning_stand_out() {
        for mark in ["comm", "man", "bar", "part", "fan", "hatch", "line2", "over"] {
            let ratio = contrast(mark, "surface");
            assert!(ratio >= 3.0, "{mark}: {ratio:.2}");
        }
    }
}
