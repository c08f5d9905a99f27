//! How each language writes counts, dates, periods and lists. Written for each, not translated from one to the other.

use crate::facts::{Arg, Qualifier, Words};
use crate::rich::Rich;
use jiff::civil::{Date, DateTime};
use levee_model::time::Period;
use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, in the order in which a page holds them.
    pub const BOTH: [Self; 2] = [Self::Zh, Self::En];

    /// The tag for `lang` in a page.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
    /// The short form used in ids: `zh`, `en`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
    /// One of two texts.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
    /// The word in this language.
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::Zh => &words.zh,
            Self::En => &words.en,
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// 18 Nov, 11月18日.
    Short,
    /// 18 November, 11月18日.
    Long,
    /// 18 Nov 2022, 2022年11月18日.
    Full,
}

/// A language and the year of the brief: a date of another year always shows its year.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    /// The language.
    pub lang: Lang,
    /// The year that need not be said.
    pub year: i16,
}

impl Speaker {
    /// The word for what is not known.
    pub fn unknown(self) -> &'static str {
        self.lang.pick("未知", "unknown")
    }
    /// A count with thousands by comma.
    pub fn count(self, count: u64) -> String {
        grouped(&count.to_string())
    }
    /// A number with this many digits after the point, thousands by comma; the word for unknown unless finite.
    pub fn number(self, value: f64, decimals: u8) -> String {
        if !value.is_finite() {
            return self.unknown().to_owned();
        }
        let written = format!("{:.*}", usize::from(decimals.min(6)), value.abs());
        let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
        let minus = if value < 0.0 && written.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
        let point = if rest.is_empty() { "" } else { "." };
        format!("{minus}{}{point}{rest}", grouped(whole))
    }
    /// Percent with at most two digits after the point.
    pub fn percent(self, value: f64) -> String {
        if !value.is_finite() {
            return self.unknown().to_owned();
        }
        let written = self.number(value, 2);
        let short = if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { &written };
        format!("{short}%")
    }
    /// Hours: minutes below one, days from 72.
    pub fn hours(self, hours: f64) -> String {
        if !hours.is_finite() {
            return self.unknown().to_owned();
        }
        let (value, zh, en) = match hours.abs() {
            h if h < 0.99 => (hours * 60.0, "分钟", " min"),
            h if h < 72.0 => (hours, "小时", " h"),
            _ => (hours / 24.0, "天", " days"),
        };
        format!("{}{}", self.number(value.round(), 0), self.lang.pick(zh, en))
    }
    /// A civil day.
    pub fn day(self, day: Date, style: DateStyle) -> String {
        let (y, m, d) = (day.year(), day.month(), day.day());
        let with_year = style == DateStyle::Full || y != self.year;
        if self.lang == Lang::Zh {
            let year = if with_year { format!("{y}年") } else { String::new() };
            return format!("{year}{m}月{d}日");
        }
        let month = usize::try_from(m - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("");
        let month = if style == DateStyle::Long { month } else { month.get(..3).unwrap_or(month) };
        let year = if with_year { format!(" {y}") } else { String::new() };
        format!("{d} {month}{year}")
    }
    /// The day of the week.
    pub fn weekday(self, day: Date) -> &'static str {
        use jiff::civil::Weekday as W;
        match day.weekday() {
            W::Monday => self.lang.pick("星期一", "Monday"),
            W::Tuesday => self.lang.pick("星期二", "Tuesday"),
            W::Wednesday => self.lang.pick("星期三", "Wednesday"),
            W::Thursday => self.lang.pick("星期四", "Thursday"),
            W::Friday => self.lang.pick("星期五", "Friday"),
            W::Saturday => self.lang.pick("星期六", "Saturday"),
            W::Sunday => self.lang.pick("星期日", "Sunday"),
        }
    }
    /// The time of day.
    pub fn clock(self, at: DateTime) -> String {
        format!("{:02}:{:02}", at.hour(), at.minute())
    }
    /// A civil moment.
    pub fn moment(self, at: DateTime) -> String {
        format!("{} {}", self.day(at.date(), DateStyle::Short), self.clock(at))
    }
    /// A reporting period.
    pub fn period(self, period: Period) -> String {
        if let Some(day) = period.full_day() {
            return self.day(day, DateStyle::Short);
        }
        let sharp = period.start().minute() == 0 && period.end().minute() == 0;
        match period.part_day() {
            Some((day, from, to)) if sharp => {
                let day = self.day(day, DateStyle::Short);
                self.lang.pick(format!("{day}{from}—{to}时"), format!("{day} {from:02}–{to:02} h"))
            }
            _ => self.range(&self.moment(period.start()), &self.moment(period.end())),
        }
    }
    /// From one to the other.
    pub fn range(self, from: &str, to: &str) -> String {
        self.lang.pick(format!("{from}—{to}"), format!("{from} to {to}"))
    }
    /// A qualifier before a figure, in words.
    pub fn qualifier(self, qualifier: Qualifier) -> &'static str {
        match qualifier {
            Qualifier::Exact => "",
            Qualifier::MoreThan => self.lang.pick("超过", "more than "),
            Qualifier::LessThan => self.lang.pick("少于", "fewer than "),
            Qualifier::About => self.lang.pick("约", "about "),
        }
    }
    /// A qualifier before a figure in a table.
    pub fn sign(self, qualifier: Qualifier) -> &'static str {
        match qualifier {
            Qualifier::Exact => "",
            Qualifier::MoreThan => "> ",
            Qualifier::LessThan => "< ",
            Qualifier::About => "≈ ",
        }
    }
    /// Items as a list in a sentence.
    pub fn list(self, items: Vec<Rich>) -> Rich {
        let last = items.len().saturating_sub(1);
        let mut all = Rich::default();
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                all.push(Rich::text(match self.lang {
                    Lang::Zh => "、",
                    Lang::En if at == last => " and ",
                    Lang::En => ", ",
                }));
            }
            all.push(item);
        }
        all
    }
    /// An argument of a message, as a sentence has it. Nested messages are the catalogue's affair.
    pub(crate) fn arg(self, arg: &Arg, style: DateStyle) -> Rich {
        match arg {
            Arg::Count(count) => Rich::whole(self.count(*count)),
            Arg::Qualified { qualifier, count } => {
                Rich::whole(format!("{}{}", self.qualifier(*qualifier), self.count(*count)))
            }
            Arg::Number { value, .. } | Arg::Percent(value) | Arg::Hours(value) if !value.is_finite() => {
                Rich::unknown(self.unknown())
            }
            Arg::Number { value, decimals } => Rich::whole(self.number(*value, *decimals)),
            Arg::Percent(value) => Rich::whole(self.percent(*value)),
            Arg::Hours(value) => Rich::whole(self.hours(*value)),
            Arg::Day(day) => Rich::whole(self.day(*day, style)),
            Arg::Moment(at) => Rich::whole(self.moment(*at)),
            Arg::Period(period) => Rich::whole(self.period(*period)),
            Arg::Words(words) => Rich::text(self.lang.of(words)),
            Arg::Plain(text) => Rich::text(text.clone()),
            Arg::List(items) => self.list(items.iter().map(|item| self.arg(item, style)).collect()),
            Arg::Message(message) => Rich::text(message.code.clone()),
        }
    }
}

/// Digits with a comma before every third from the end.
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    const EN: Speaker = Speaker { lang: Lang::En, year: 2022 };
    const ZH: Speaker = Speaker { lang: Lang::Zh, year: 2022 };

    #[test]
    fn each_language_writes_dates_and_periods_in_its_own_way() {
        let half = Period::new(datetime(2022, 11, 17, 0, 0, 0, 0), datetime(2022, 11, 17, 12, 0, 0, 0)).unwrap();
        assert_eq!((EN.period(half), ZH.period(half)), ("17 Nov 00–12 h".into(), "11月17日0—12时".into()));
        assert_eq!(EN.day(date(2022, 11, 22), DateStyle::Long), "22 November");
        assert_eq!(EN.day(date(2023, 1, 2), DateStyle::Short), "2 Jan 2023");
        assert_eq!(ZH.moment(datetime(2022, 11, 20, 18, 0, 0, 0)), "11月20日 18:00");
    }

    #[test]
    fn figures_keep_commas_and_say_when_they_are_none() {
        assert_eq!(EN.count(1_234_567), "1,234,567");
        assert_eq!(EN.count(999), "999");
        assert_eq!(ZH.number(-1234.56, 1), "−1,234.6");
        assert_eq!(EN.number(-0.04, 1), "0.0");
        assert_eq!(EN.number(f64::NAN, 1), "unknown");
        assert_eq!((EN.percent(14.67), EN.percent(20.0)), ("14.67%".into(), "20%".into()));
        assert_eq!(
            (EN.hours(0.233), ZH.hours(39.2), EN.hours(100.0)),
            ("14 min".into(), "39小时".into(), "4 days".into())
        );
    }
}
