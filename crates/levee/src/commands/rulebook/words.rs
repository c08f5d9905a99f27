//! What a rulebook says in codes, in words of two languages.

use crate::cli::Lang;
use levee_measures::audit::ToldChange;
use levee_rulebook::{Rulebook, Title, Verdict};

/// One of two texts.
pub(crate) fn pick<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A title in the language, else in the other one.
pub(crate) fn title(lang: Lang, title: &Title) -> &str {
    let (first, second) = match lang {
        Lang::Zh => (&title.zh, &title.en),
        Lang::En => (&title.en, &title.zh),
    };
    first.as_deref().or(second.as_deref()).unwrap_or_default()
}

pub(crate) fn verdict(lang: Lang, verdict: Verdict) -> &'static str {
    match (verdict, lang) {
        (Verdict::Blocked, Lang::Zh) => "不得实施",
        (Verdict::Blocked, Lang::En) => "blocked",
        (Verdict::Stricter, Lang::Zh) => "严于规定",
        (Verdict::Stricter, Lang::En) => "stricter",
        (Verdict::Laxer, Lang::Zh) => "宽于规定",
        (Verdict::Laxer, Lang::En) => "laxer",
        (Verdict::Undetermined, Lang::Zh) => "无法判定",
        (Verdict::Undetermined, Lang::En) => "undetermined",
        (Verdict::Within, Lang::Zh) => "符合规定",
        (Verdict::Within, Lang::En) => "within",
        (Verdict::NotCovered, Lang::Zh) => "规定未涉及",
        (Verdict::NotCovered, Lang::En) => "not covered",
    }
}

/// `source clause`, with the source by its title where the book has one in the language.
pub(crate) fn clause(lang: Lang, book: &Rulebook, (source, clause): &(String, String)) -> String {
    let known = book.sources().get(source);
    let name = known.map_or(source.as_str(), |known| match (lang, &known.zh) {
        (Lang::Zh, Some(zh)) => zh.as_str(),
        _ => source.as_str(),
    });
    match lang {
        Lang::Zh => format!("《{name}》{clause}"),
        Lang::En => format!("{name}, {clause}"),
    }
}

fn op(lang: Lang, op: &str, must: bool) -> &'static str {
    match (op, must, lang) {
        ("eq", true, Lang::Zh) | ("ne", false, Lang::Zh) => "为",
        ("eq", true, Lang::En) | ("ne", false, Lang::En) => "were",
        ("ne", true, Lang::Zh) | ("eq", false, Lang::Zh) => "不为",
        ("ne", true, Lang::En) | ("eq", false, Lang::En) => "were not",
        ("lt", true, _) | ("ge", false, _) => "<",
        ("le", true, _) | ("gt", false, _) => "<=",
        ("gt", true, _) | ("le", false, _) => ">",
        ("ge", true, _) | ("lt", false, _) => ">=",
        ("in", true, Lang::Zh) | ("not_in", false, Lang::Zh) => "属于",
        ("in", true, Lang::En) | ("not_in", false, Lang::En) => "were one of",
        ("not_in", true, Lang::Zh) | ("in", false, Lang::Zh) => "不属于",
        ("not_in", true, Lang::En) | ("in", false, Lang::En) => "were none of",
        ("contains_all", true, Lang::Zh) => "包含",
        ("contains_all", true, Lang::En) => "held all of",
        ("contains_all", false, Lang::Zh) => "不全包含",
        ("contains_all", false, Lang::En) => "did not hold all of",
        ("scope_le", true, Lang::Zh) => "不大于",
        ("scope_le", true, Lang::En) => "were no larger than",
        ("scope_le", false, Lang::Zh) => "大于",
        ("scope_le", false, Lang::En) => "were larger than",
        ("scope_lt", true, Lang::Zh) => "小于",
        ("scope_lt", true, Lang::En) => "were smaller than",
        ("scope_lt", false, Lang::Zh) => "不小于",
        ("scope_lt", false, Lang::En) => "were not smaller than",
        ("auth_ge", true, Lang::Zh) => "不低于",
        ("auth_ge", true, Lang::En) => "were at least",
        ("auth_ge", false, Lang::Zh) => "低于",
        ("auth_ge", false, Lang::En) => "ranked below",
        ("exists", true, Lang::Zh) | ("missing", false, Lang::Zh) => "有报告",
        ("exists", true, Lang::En) | ("missing", false, Lang::En) => "were given",
        ("missing", true, Lang::Zh) | ("exists", false, Lang::Zh) => "无报告",
        ("missing", true, Lang::En) | ("exists", false, Lang::En) => "were not given",
        (_, _, Lang::Zh) => "比较",
        (_, _, Lang::En) => "compared with",
    }
}

/// What would change a finding, as part of a sentence.
pub(crate) fn change(lang: Lang, change: &ToldChange) -> String {
    let arg = |wanted: &str| {
        change.args.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let compared = |must: bool| {
        let said = format!("`{}` {} {}", arg("fact"), op(lang, arg("op"), must), arg("value"));
        said.trim_end().to_owned()
    };
    match (change.code, lang) {
        ("change.fact_must" | "change.fact_must_not", Lang::Zh) => {
            format!("若{}", compared(change.code == "change.fact_must"))
        }
        ("change.fact_must" | "change.fact_must_not", Lang::En) => {
            format!("if {}", compared(change.code == "change.fact_must"))
        }
        ("change.exempt_if" | "change.exempt_if_not", Lang::Zh) => {
            format!("若能证明{}，则豁免", compared(change.code == "change.exempt_if"))
        }
        ("change.exempt_if" | "change.exempt_if_not", Lang::En) => {
            format!("exempt if it were shown that {}", compared(change.code == "change.exempt_if"))
        }
        ("change.report_fact", Lang::Zh) => format!("须有人报告`{}`", arg("fact")),
        ("change.report_fact", Lang::En) => format!("somebody has to report `{}`", arg("fact")),
        ("change.find_number", Lang::Zh) => format!("须查明规定中的数值`{}`", arg("param")),
        ("change.find_number", Lang::En) => format!("somebody has to find the number `{}`", arg("param")),
        (_, Lang::Zh) => format!("须更正`{}`", arg("fact")),
        (_, Lang::En) => format!("`{}` has to be corrected", arg("fact")),
    }
}
