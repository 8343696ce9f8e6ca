//! Dates and times: the four layouts that go-yaml knows of YAML 1.1's timestamps, read as Go's `time` reads them.
//!
//! `2001-1-2`, `2001-1-2 3:4:5.6` (no zone), `2001-01-02T03:04:05.6Z` and the same with a `t`; the zone may be `+01:00`. Fields but the year have one
//! digit or two, a fraction any number after a dot or a comma.

/// Whether `text` is a timestamp.
pub(super) fn is_timestamp(text: &str) -> bool {
    // The year is four digits and a dash, which tells nearly everything else at once.
    let bytes = text.as_bytes();
    let [y1, y2, y3, y4, b'-', rest @ ..] = bytes else { return false };
    let year = [y1, y2, y3, y4];
    if !year.iter().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let year = year.iter().fold(0u32, |sum, &&byte| sum * 10 + u32::from(byte - b'0'));
    date_and_time(year, rest).is_some()
}

/// Reads what follows the year; `Some` when it is a timestamp.
fn date_and_time(year: u32, bytes: &[u8]) -> Option<()> {
    let mut rest = Rest(bytes);
    let month = rest.field(1..=12)?;
    rest.byte(b'-')?;
    let day = rest.field(1..=days(year, month))?;
    match rest.0 {
        [] => return Some(()),
        [b'T' | b't', time @ ..] => {
            rest.0 = time;
            rest.clock()?;
            rest.zone()?;
        }
        [b' ', ..] => {
            while let [b' ', more @ ..] = rest.0 {
                rest.0 = more;
            }
            rest.clock()?;
        }
        _ => return None,
    }
    (day > 0 && rest.0.is_empty()).then_some(())
}

/// The days of a month in the Gregorian calendar.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    }
}

/// The bytes not yet read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Reads `wanted`.
    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        (byte == wanted).then_some(())
    }

    /// Reads a number of one digit or two that lies in `range`.
    fn field(&mut self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let digits = self.0.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        let value = number.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
        (digits > 0 && range.contains(&value)).then_some(value)
    }

    /// Reads `3:4:5` and a fraction.
    fn clock(&mut self) -> Option<()> {
        self.field(0..=23)?;
        self.byte(b':')?;
        self.field(0..=59)?;
        self.byte(b':')?;
        self.field(0..=59)?;
        if let [b'.' | b',', digit, ..] = self.0
            && digit.is_ascii_digit()
        {
            let digits = self.0.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = self.0.split_at(digits + 1).1;
        }
        Some(())
    }

    /// Reads `Z` or `+01:00`. Go takes 24 hours and 60 minutes, too.
    fn zone(&mut self) -> Option<()> {
        match self.0 {
            [b'Z', rest @ ..] => self.0 = rest,
            [b'+' | b'-', h1, h2, b':', m1, m2, rest @ ..]
                if [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()) =>
            {
                let number = |tens: &u8, ones: &u8| (tens - b'0') * 10 + (ones - b'0');
                if number(h1, h2) > 24 || number(m1, m2) > 60 {
                    return None;
                }
                self.0 = rest;
            }
            _ => return None,
        }
        Some(())
    }
}
