//! Reads moments in Go's layouts.

use super::layout::{MONTHS, Part, WEEKDAYS, parts};
use super::time::{Civil, Moment};
use crate::calendar::days;

/// What reading a moment came to.
pub(super) enum Parsed {
    Moment(Moment),
    /// The text does not fit the layout.
    No,
    /// The text names a zone that only the server knows.
    Unknown,
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
