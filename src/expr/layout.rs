//! Go's time layouts, which write the parts of one fixed moment: `2006-01-02 15:04:05`.

use super::time::Moment;

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part<'l> {
    Literal(&'l str),
    Year,
    ShortYear,
    MonthName,
    MonthShort,
    Month,
    MonthPadded,
    WeekdayName,
    WeekdayShort,
    Day,
    DaySpaced,
    DayPadded,
    DayOfYear,
    Hour,
    Hour12,
    Hour12Padded,
    Minute,
    MinutePadded,
    Second,
    SecondPadded,
    UpperNoon,
    LowerNoon,
    Zone,
    /// `Z` for UTC or not, and how the offset is written.
    Offset {
        zulu: bool,
        colon: bool,
        minutes: bool,
    },
    /// A fraction of this many digits, or as many as there are.
    Fraction {
        digits: usize,
        trimmed: bool,
    },
}

pub(super) const MONTHS: [&str; 12] = [
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
pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The words of a layout, longest first where one starts with another.
const WORDS: [(&str, Part<'static>); 33] = [
    ("January", Part::MonthName),
    ("Jan", Part::MonthShort),
    ("Monday", Part::WeekdayName),
    ("Mon", Part::WeekdayShort),
    ("MST", Part::Zone),
    ("2006", Part::Year),
    ("002", Part::DayOfYear),
    ("01", Part::MonthPadded),
    ("02", Part::DayPadded),
    ("03", Part::Hour12Padded),
    ("04", Part::MinutePadded),
    ("05", Part::SecondPadded),
    ("06", Part::ShortYear),
    ("15", Part::Hour),
    ("1", Part::Month),
    ("_2006", Part::Literal("_")),
    ("_2", Part::DaySpaced),
    ("2", Part::Day),
    ("3", Part::Hour12),
    ("4", Part::Minute),
    ("5", Part::Second),
    ("PM", Part::UpperNoon),
    ("pm", Part::LowerNoon),
    ("-07:00:00", Part::Literal("")),
    ("-070000", Part::Literal("")),
    ("-07:00", Part::Offset { zulu: false, colon: true, minutes: true }),
    ("-0700", Part::Offset { zulu: false, colon: false, minutes: true }),
    ("-07", Part::Offset { zulu: false, colon: false, minutes: false }),
    ("Z07:00:00", Part::Literal("")),
    ("Z070000", Part::Literal("")),
    ("Z07:00", Part::Offset { zulu: true, colon: true, minutes: true }),
    ("Z0700", Part::Offset { zulu: true, colon: false, minutes: true }),
    ("Z07", Part::Offset { zulu: true, colon: false, minutes: false }),
];

/// The parts of `layout`, or `None` if it uses a part that is not read here (offsets with seconds).
pub(super) fn parts(layout: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut literal = 0;
    let mut at = 0;
    while at < layout.len() {
        let rest = layout.get(at..)?;
        let found = word(rest)?;
        let Some((length, part)) = found else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if literal < at {
            parts.push(Part::Literal(layout.get(literal..at)?));
        }
        parts.push(part);
        at += length;
        literal = at;
    }
    if literal < layout.len() {
        parts.push(Part::Literal(layout.get(literal..)?));
    }
    Some(parts)
}

/// The word that `rest` starts with and its length; the outer `None` for one that is not read here.
#[expect(clippy::option_option, reason = "no word is not the same as a word that is not read")]
fn word(rest: &str) -> Option<Option<(usize, Part<'_>)>> {
    if let [b'.' | b',', digit @ (b'0' | b'9'), ..] = rest.as_bytes() {
        let digits = rest.bytes().skip(1).take_while(|byte| byte == digit).count();
        let ends = !rest.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_digit);
        return Some(ends.then_some((digits + 1, Part::Fraction { digits, trimmed: *digit == b'9' })));
    }
    let Some(&(word, part)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) else { return Some(None) };
    match part {
        Part::Literal("") => None,
        // `_2006` is an underscore and a year.
        Part::Literal(_) => Some(Some((1, Part::Literal(rest.get(..1)?)))),
        // `Jan` and `Mon` are parts of words only if no lower case letter follows.
        Part::MonthShort | Part::WeekdayShort if rest.as_bytes().get(3).is_some_and(u8::is_ascii_lowercase) => {
            Some(None)
        }
        part => Some(Some((word.len(), part))),
    }
}

/// Writes `moment` in `layout`, or `None` if the layout or the moment's zone cannot be written here.
pub(super) fn format(layout: &str, moment: &Moment) -> Option<String> {
    let civil = moment.civil();
    let mut out = String::new();
    for part in parts(layout)? {
        let padded = |value: i64| format!("{value:02}");
        let hour12 = (civil.hour + 11) % 12 + 1;
        let month = MONTHS.get(civil.month as usize - 1)?;
        let weekday = WEEKDAYS.get(moment.weekday() as usize)?;
        let text = match part {
            Part::Literal(literal) => literal.to_owned(),
            Part::Year => format!("{:04}", civil.year),
            Part::ShortYear => padded(civil.year.rem_euclid(100)),
            Part::MonthName => (*month).to_owned(),
            Part::MonthShort => month.get(..3)?.to_owned(),
            Part::Month => civil.month.to_string(),
            Part::MonthPadded => padded(civil.month),
            Part::WeekdayName => (*weekday).to_owned(),
            Part::WeekdayShort => weekday.get(..3)?.to_owned(),
            Part::Day => civil.day.to_string(),
            Part::DaySpaced => format!("{:2}", civil.day),
            Part::DayPadded => padded(civil.day),
            Part::DayOfYear => format!("{:03}", moment.day_of_year()),
            Part::Hour => padded(civil.hour),
            Part::Hour12 => hour12.to_string(),
            Part::Hour12Padded => padded(hour12),
            Part::Minute => civil.minute.to_string(),
            Part::MinutePadded => padded(civil.minute),
            Part::Second => civil.second.to_string(),
            Part::SecondPadded => padded(civil.second),
            Part::UpperNoon => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
            Part::LowerNoon => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
            Part::Zone if moment.zone.is_empty() => return None,
            Part::Zone => moment.zone.to_string(),
            Part::Offset { zulu: true, .. } if moment.offset == 0 => "Z".to_owned(),
            Part::Offset { colon, minutes, .. } => {
                let (sign, size) = if moment.offset < 0 { ('-', -moment.offset) } else { ('+', moment.offset) };
                match (colon, minutes) {
                    (true, _) => format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60),
                    (false, true) => format!("{sign}{:02}{:02}", size / 3600, size / 60 % 60),
                    (false, false) => format!("{sign}{:02}", size / 3600),
                }
            }
            Part::Fraction { digits, trimmed } => {
                let nine = format!("{:09}", moment.nanos);
                let text = nine.get(..digits.min(9))?;
                let text = if trimmed { text.trim_end_matches('0') } else { text };
                if text.is_empty() { String::new() } else { format!(".{text}") }
            }
        };
        out.push_str(&text);
    }
    Some(out)
}
