//! Go's time layouts, which write the parts of one fixed moment: `2006-01-02 15:04:05`.

use super::time::{Civil, Moment, days};

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part<'l> {
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

/// What reading a moment came to.
pub(super) enum Parsed {
    Moment(Moment),
    /// The text does not fit the layout.
    No,
    /// The text names a zone that only the server knows.
    Unknown,
}

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
fn parts(layout: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut literal = 0;
    let mut at = 0;
    while at < layout.len() {
        let rest = layout.get(at..)?;
        let found = word(rest, layout.get(..at)?)?;
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
fn word<'l>(rest: &'l str, before: &str) -> Option<Option<(usize, Part<'l>)>> {
    if let [point @ (b'.' | b','), digit @ (b'0' | b'9'), ..] = rest.as_bytes() {
        let _ = point;
        let digits = rest.bytes().skip(1).take_while(|byte| byte == digit).count();
        let ends = !rest.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_digit);
        return Some(ends.then_some((digits + 1, Part::Fraction { digits, trimmed: *digit == b'9' })));
    }
    let _ = before;
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

/// Reads `text` in `layout`. The outer `None`: the layout has a part that is not read here.
pub(super) fn parse(layout: &str, text: &str) -> Option<Parsed> {
    let parts = parts(layout)?;
    Some(read(&parts, text).unwrap_or(Parsed::No))
}

/// What is read so far.
#[derive(Default)]
struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    noon: Option<bool>,
    offset: Option<i32>,
    zulu: bool,
    zone: Option<String>,
}

fn read(parts: &[Part<'_>], text: &str) -> Option<Parsed> {
    let mut rest = text;
    let mut fields = Fields::default();
    for (index, part) in parts.iter().enumerate() {
        rest = fields.take(part, parts.get(index + 1), rest)?;
    }
    if !rest.is_empty() {
        return None;
    }
    fields.moment()
}

fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let digits = text.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some((digits.parse().ok()?, text.get(count..)?))
}

/// One or two digits.
fn number(text: &str, padded: bool) -> Option<(i64, &str)> {
    digits(text, 2).or_else(|| if padded { None } else { digits(text, 1) })
}

fn name<'t>(names: &[&str], length: Option<usize>, text: &'t str) -> Option<(usize, &'t str)> {
    names.iter().enumerate().find_map(|(index, name)| {
        let name = length.map_or(*name, |length| name.get(..length).unwrap_or(name));
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| (index, text.get(name.len()..).unwrap_or("")))
    })
}

impl Fields {
    fn take<'t>(&mut self, part: &Part<'_>, next: Option<&Part<'_>>, text: &'t str) -> Option<&'t str> {
        let rest;
        match *part {
            Part::Literal(literal) => return skip(literal, text),
            Part::Year => (self.year, rest) = digits(text, 4).map(|(value, rest)| (Some(value), rest))?,
            Part::ShortYear => {
                let (value, after) = digits(text, 2)?;
                self.year = Some(if value >= 69 { 1900 + value } else { 2000 + value });
                rest = after;
            }
            Part::MonthName | Part::MonthShort => {
                let length = (*part == Part::MonthShort).then_some(3);
                let (index, after) = name(&MONTHS, length, text)?;
                self.month = Some(index as i64 + 1);
                rest = after;
            }
            Part::WeekdayName => (_, rest) = name(&WEEKDAYS, None, text)?,
            Part::WeekdayShort => (_, rest) = name(&WEEKDAYS, Some(3), text)?,
            Part::Month | Part::MonthPadded => {
                let (value, after) = number(text, *part == Part::MonthPadded)?;
                self.month = Some(value).filter(|value| (1..=12).contains(value));
                self.month?;
                rest = after;
            }
            Part::Day | Part::DaySpaced | Part::DayPadded => {
                let text = if *part == Part::DaySpaced { text.strip_prefix(' ').unwrap_or(text) } else { text };
                let (value, after) = number(text, *part == Part::DayPadded)?;
                self.day = Some(value);
                rest = after;
            }
            Part::DayOfYear => {
                let (value, after) = digits(text, 3)?;
                self.day_of_year = Some(value);
                rest = after;
            }
            Part::Hour => {
                let (value, after) = number(text, false)?;
                self.hour = Some(value).filter(|&value| value < 24)?;
                rest = after;
            }
            Part::Hour12 | Part::Hour12Padded => {
                let (value, after) = number(text, *part == Part::Hour12Padded)?;
                self.hour = Some(value).filter(|&value| value <= 12)?;
                rest = after;
            }
            Part::Minute | Part::MinutePadded => {
                let (value, after) = number(text, *part == Part::MinutePadded)?;
                self.minute = Some(value).filter(|&value| value < 60)?;
                rest = after;
            }
            Part::Second | Part::SecondPadded => {
                let (value, mut after) = number(text, *part == Part::SecondPadded)?;
                self.second = Some(value).filter(|&value| value < 60)?;
                // A fraction may follow the seconds though the layout does not say so.
                let explicit = matches!(next, Some(Part::Fraction { .. }));
                let starts = matches!(after.as_bytes(), [b'.' | b',', b'0'..=b'9', ..]);
                if !explicit && starts {
                    let length = after.bytes().skip(1).take_while(u8::is_ascii_digit).count();
                    after = self.fraction(after, length)?;
                }
                rest = after;
            }
            Part::UpperNoon | Part::LowerNoon => {
                let (am, pm) = if *part == Part::UpperNoon { ("AM", "PM") } else { ("am", "pm") };
                self.noon = Some(text.starts_with(pm));
                rest = text.strip_prefix(am).or_else(|| text.strip_prefix(pm))?;
            }
            Part::Zone => return self.zone(text),
            Part::Offset { zulu, colon, minutes } => return self.offset(text, zulu, colon, minutes),
            Part::Fraction { digits, trimmed: false } => return self.fraction(text, digits),
            Part::Fraction { .. } => {
                if !matches!(text.as_bytes(), [b'.' | b',', b'0'..=b'9', ..]) {
                    return Some(text);
                }
                let length = text.bytes().skip(1).take(9).take_while(u8::is_ascii_digit).count();
                return self.fraction(text, length);
            }
        }
        Some(rest)
    }

    fn fraction<'t>(&mut self, text: &'t str, length: usize) -> Option<&'t str> {
        if !matches!(text.as_bytes().first(), Some(b'.' | b',')) {
            return None;
        }
        let fraction = text.get(1..=length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let nine: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
        self.nanos = nine.parse().ok()?;
        text.get(1 + length..)
    }

    fn zone<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = text.strip_prefix("UTC") {
            self.zulu = true;
            return Some(rest);
        }
        let length = text.bytes().take_while(u8::is_ascii_uppercase).count();
        let zone = text.get(..length).filter(|zone| (3..=5).contains(&zone.len()) || text.starts_with(['+', '-']))?;
        self.zone = Some(zone.to_owned());
        // Go also takes `GMT+3` and `+03` here; both end up unknown.
        Some(text.get(length..)?.trim_start_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit()))
    }

    fn offset<'t>(&mut self, text: &'t str, zulu: bool, colon: bool, minutes: bool) -> Option<&'t str> {
        if zulu && let Some(rest) = text.strip_prefix('Z') {
            self.zulu = true;
            return Some(rest);
        }
        let sign = match text.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, mut rest) = digits(text.get(1..)?, 2)?;
        let mut of_hour = 0;
        if minutes {
            if colon {
                rest = rest.strip_prefix(':')?;
            }
            (of_hour, rest) = digits(rest, 2)?;
        }
        if hours > 24 || of_hour > 60 {
            return None;
        }
        self.offset = Some(sign * (hours * 3600 + of_hour * 60) as i32);
        Some(rest)
    }

    fn moment(self) -> Option<Parsed> {
        let year = self.year.unwrap_or(0);
        let (mut month, mut day) = (self.month, self.day);
        if let Some(of_year) = self.day_of_year {
            let leap = days(year + 1, 1, 1) - days(year, 1, 1);
            if !(1..=leap).contains(&of_year) {
                return None;
            }
            let first = Moment::utc((days(year, 1, 1) + of_year - 1) * 86_400, 0).civil();
            if month.is_some_and(|month| month != first.month) || day.is_some_and(|day| day != first.day) {
                return None;
            }
            (month, day) = (Some(first.month), Some(first.day));
        }
        let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
        let length = days(if month == 12 { year + 1 } else { year }, month % 12 + 1, 1) - days(year, month, 1);
        if !(1..=length).contains(&day) {
            return None;
        }
        let hour = match self.noon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let civil = Civil { year, month, day, hour, minute: self.minute, second: self.second };
        if self.zone.is_some() {
            return Some(Parsed::Unknown);
        }
        let offset = self.offset.unwrap_or(0);
        // Go names a zone with an offset after the server's own one, if they agree; the name shows in texts only.
        let zone = if offset == 0 { "UTC" } else { "" };
        Some(Parsed::Moment(Moment::from_civil(civil, self.nanos, offset, zone.into())))
    }
}

/// Skips a literal: its blanks match any number of blanks.
fn skip<'t>(literal: &str, text: &'t str) -> Option<&'t str> {
    let mut text = text;
    let mut literal = literal;
    while let Some(c) = literal.chars().next() {
        if c == ' ' {
            if !text.is_empty() && !text.starts_with(' ') {
                return None;
            }
            literal = literal.trim_start_matches(' ');
            text = text.trim_start_matches(' ');
        } else {
            text = text.strip_prefix(c)?;
            literal = literal.get(c.len_utf8()..)?;
        }
    }
    Some(text)
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
        out += &match part {
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
    }
    Some(out)
}
