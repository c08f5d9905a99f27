//! Personal values as a screen shows them: enough to tell two people apart on a list, not enough to find one.

use super::Secret;
use levee_model::subject::PersonalField;

/// What stands for characters that are not shown. Always two: the number of characters is not shown either.
const HIDDEN: &str = "**";

/// The value of a field, masked. A field that is not known here is hidden whole.
///
/// - `name`, or `…_name`: the first character (`张**`, `L**`);
/// - `telephone`, or `…_telephone`: of eleven digits or more the first three and the last four (`138****1234`); of a shorter
///   number that still has seven the last two, else nothing;
/// - `address`: up to and with the first unit that is a district or larger (`渝中区**`), else nothing.
pub fn mask(field: &PersonalField, value: &Secret) -> String {
    let is = |name: &str| field.as_str() == name || field.as_str().strip_suffix(name).is_some_and(|p| p.ends_with('_'));
    let value = value.expose().trim();
    if is("name") {
        return value.chars().next().map_or_else(|| HIDDEN.to_owned(), |first| format!("{first}{HIDDEN}"));
    }
    if is("telephone") {
        let digits: Vec<char> = value.chars().filter(|c| c.is_numeric()).collect();
        let last = |most: usize| digits.iter().skip(digits.len().saturating_sub(most)).collect::<String>();
        return match digits.len() {
            11.. => format!("{}****{}", digits.iter().take(3).collect::<String>(), last(4)),
            7..=10 => format!("****{}", last(2)),
            _ => "****".to_owned(),
        };
    }
    if is("address") {
        // A district's name is short; a later 区 belongs to a compound (小区), which is never shown.
        let district = value.char_indices().take(12).find(|(at, c)| {
            matches!(c, '区' | '县') && *at > 0 && !value[..*at].ends_with('小') && !value[..*at].ends_with('社')
        });
        return match district {
            Some((at, unit)) => format!("{}{unit}{HIDDEN}", &value[..at]),
            None => HIDDEN.to_owned(),
        };
    }
    HIDDEN.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(field: &str, value: &str) -> String {
        mask(&field.parse().unwrap(), &Secret::new(value))
    }

    #[test]
    fn a_list_can_be_read_and_nobody_found() {
        for (field, value, shown) in [
            ("name", "张伟", "张**"),
            ("name", "欧阳娜娜", "欧**"),
            ("name", "Li Na", "L**"),
            ("contact_name", "王芳", "王**"),
            ("name", "", "**"),
            ("telephone", "13812341234", "138****1234"),
            ("telephone", "138-1234-1234", "138****1234"),
            ("telephone", "+86 138 1234 1234", "861****1234"),
            ("telephone", "023-6357 1234", "023****1234"),
            ("telephone", "63571234", "****34"),
            ("telephone", "120", "****"),
            ("address", "重庆市渝中区解放碑街道民权路 28 号", "重庆市渝中区**"),
            ("address", "渝中区某小区 3 栋 2-1", "渝中区**"),
            ("address", "阳光小区 3 栋 2-1", "**"),
            ("address", "12 Minquan Road, Yuzhong", "**"),
            ("id_number", "500103199001011234", "**"),
            ("language", "维吾尔语", "**"),
            ("surname", "张", "**"),
            ("allergy", "penicillin", "**"),
        ] {
            assert_eq!(masked(field, value), shown, "{field} {value}");
        }
    }

    proptest! {
        /// Whatever stands there: at most the first character of a name, seven digits of a number, a district.
        #[test]
        fn masking_never_shows_more_than_it_says(value in any::<String>(), digits in "[0-9]{0,20}") {
            let shown = |field: &str, value: &str| masked(field, value).chars().filter(|c| *c != '*').count();
            prop_assert!(shown("name", &value) <= 1);
            prop_assert!(shown("telephone", &value) <= 7);
            prop_assert!(shown("address", &value) <= 12);
            prop_assert_eq!(shown("id_number", &value), 0);
            prop_assert!(digits.is_empty() || shown("telephone", &digits) * 3 <= digits.len() * 2);
        }
    }
}
