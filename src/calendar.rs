//! Days and dates of the Gregorian calendar, and times in UTC as they are written. Nothing here knows what time it is.
//!
//! Years are counted from March, so that the leap day is the last one; 400 of them have 146,097 days.

const DAY: i64 = 86_400;

/// Days since 1970-01-01 of a date. Months and days count from 1.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day since 1970-01-01.
pub fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// `2026-01-31`: the day in UTC of a time in seconds since 1970.
pub fn day(seconds: i64) -> String {
    let (year, month, day) = date(seconds.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-01-31T12:00:00Z`, of the same.
pub fn timestamp(seconds: i64) -> String {
    let of_day = seconds.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", day(seconds), of_day / 3600, of_day / 60 % 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_660, "2026-01-01T00:01:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(timestamp(seconds), text);
        }
        // No time is too far for it.
        assert!(timestamp(i64::MAX).ends_with('Z') && timestamp(i64::MIN).ends_with('Z'));
    }

    #[test]
    fn days_and_dates_are_each_others_way_back() {
        for day in (-800_000..800_000).step_by(17).chain([days(1900, 2, 28), days(2000, 2, 29)]) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(date(days(1900, 2, 28) + 1), (1900, 3, 1), "a century has no leap day");
        assert_eq!(date(days(2000, 2, 28) + 1), (2000, 2, 29), "every fourth has");
    }
}
