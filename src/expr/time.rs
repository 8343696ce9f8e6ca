//! Moments, and what they are by the calendar. Whatever needs the server's clock, its time zone or the time zone database is left to the
//! caller as unknown.

use std::rc::Rc;

use crate::calendar::{date, days};

/// A moment, and the zone it is told in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Seconds since 1970 in UTC.
    pub(super) seconds: i64,
    /// Nanoseconds in that second.
    pub(super) nanos: u32,
    /// Seconds east of UTC.
    pub(super) offset: i32,
    /// The zone's abbreviation.
    pub(super) zone: Rc<str>,
}

const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;
/// Year 1 in seconds since 1970: Go's zero.
const ZERO: i64 = -62_135_596_800;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Moment {
    /// A moment in UTC.
    pub(super) fn utc(seconds: i64, nanos: u32) -> Self {
        Self { seconds, nanos, offset: 0, zone: "UTC".into() }
    }

    /// The moment of a date and time told at `offset`.
    pub(super) fn from_civil(civil: Civil, nanos: u32, offset: i32, zone: Rc<str>) -> Self {
        let seconds =
            days(civil.year, civil.month, civil.day) * DAY + civil.hour * 3600 + civil.minute * 60 + civil.second;
        Self { seconds: seconds - i64::from(offset), nanos, offset, zone }
    }

    pub(super) fn civil(&self) -> Civil {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let (year, month, day) = date(local.div_euclid(DAY));
        let rest = local.rem_euclid(DAY);
        Civil { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }

    /// From Sunday, 0.
    pub(super) fn weekday(&self) -> u8 {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        (local.div_euclid(DAY) + 4).rem_euclid(7) as u8
    }

    /// From 1.
    pub(super) fn day_of_year(&self) -> i64 {
        let civil = self.civil();
        days(civil.year, civil.month, civil.day) - days(civil.year, 1, 1) + 1
    }

    /// The year and week of ISO 8601.
    pub(super) fn iso_week(&self) -> (i64, i64) {
        let local = self.seconds.saturating_add(i64::from(self.offset)).div_euclid(DAY);
        let thursday = local + 3 - (local + 3).rem_euclid(7);
        let (year, _, _) = date(thursday);
        (year, (thursday - days(year, 1, 1)) / 7 + 1)
    }

    pub(super) fn instant(&self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    pub(super) fn same_instant(&self, other: &Self) -> bool {
        self.instant() == other.instant()
    }

    /// This moment and a span of nanoseconds.
    pub(super) fn plus(&self, span: i64) -> Self {
        let nanos = i64::from(self.nanos) + span.rem_euclid(NANOS);
        let seconds = self.seconds.saturating_add(span.div_euclid(NANOS)).saturating_add(nanos / NANOS);
        Self { seconds, nanos: (nanos % NANOS) as u32, ..self.clone() }
    }

    /// The nanoseconds from `other` to this moment, as far as they fit.
    pub(super) fn minus(&self, other: &Self) -> i64 {
        let span = i128::from(self.seconds - other.seconds) * i128::from(NANOS) + i128::from(self.nanos)
            - i128::from(other.nanos);
        span.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    pub(super) fn is_zero(&self) -> bool {
        self.seconds == ZERO && self.nanos == 0
    }

    /// The moment some years, months and days later, by the calendar.
    pub(super) fn add_date(&self, years: i64, months: i64, more_days: i64) -> Option<Self> {
        let civil = self.civil();
        let months =
            civil.year.checked_add(years)?.checked_mul(12)?.checked_add(civil.month - 1)?.checked_add(months)?;
        let year = months.div_euclid(12);
        if year.abs() > 1_000_000 || more_days.abs() > 400_000_000 {
            return None;
        }
        let day = days(year, months.rem_euclid(12) + 1, 1) + civil.day - 1 + more_days;
        let of_day = (self.seconds + i64::from(self.offset)).rem_euclid(DAY);
        Some(Self { seconds: day * DAY + of_day - i64::from(self.offset), ..self.clone() })
    }
}

/// Nanoseconds of a Go duration such as `1h30m`; `None` if it is none.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(whole);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())),
            None => ("", after),
        };
        if digits.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let unit: u64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole = if digits.is_empty() { 0 } else { digits.parse::<u64>().ok().filter(|&v| v <= 1 << 63)? };
        let mut span = whole.checked_mul(unit).filter(|&v| v <= 1 << 63)?;
        if !fraction.is_empty() {
            // Go reads as many digits as fit.
            let (mut value, mut scale) = (0u64, 1.0);
            for digit in fraction.bytes().map(|digit| u64::from(digit - b'0')) {
                match value.checked_mul(10).and_then(|v| v.checked_add(digit)).filter(|&v| v < 1 << 63) {
                    Some(next) => (value, scale) = (next, scale * 10.0),
                    None => break,
                }
            }
            span = span.checked_add((value as f64 * (unit as f64 / scale)) as u64).filter(|&v| v <= 1 << 63)?;
        }
        total = total.checked_add(span).filter(|&v| v <= 1 << 63)?;
        rest = after;
    }
    if negative {
        return Some((total as i64).wrapping_neg());
    }
    i64::try_from(total).ok()
}

/// A duration as Go writes it: `1h30m0s`.
pub(super) fn format_duration(span: i64) -> String {
    let nanos = span.unsigned_abs();
    let sign = if span < 0 { "-" } else { "" };
    let fraction = |value: u64, digits: usize| {
        let text = format!("{value:0digits$}");
        let text = text.trim_end_matches('0');
        if text.is_empty() { String::new() } else { format!(".{text}") }
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1000 => format!("{sign}{nanos}ns"),
        1000..1_000_000 => format!("{sign}{}{}µs", nanos / 1000, fraction(nanos % 1000, 3)),
        1_000_000..1_000_000_000 => format!("{sign}{}{}ms", nanos / 1_000_000, fraction(nanos % 1_000_000, 6)),
        _ => {
            let seconds = nanos / 1_000_000_000;
            let fraction = fraction(nanos % 1_000_000_000, 9);
            let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            match (hours, minutes) {
                (0, 0) => format!("{sign}{rest}{fraction}s"),
                (0, _) => format!("{sign}{minutes}m{rest}{fraction}s"),
                _ => format!("{sign}{hours}h{minutes}m{rest}{fraction}s"),
            }
        }
    }
}
