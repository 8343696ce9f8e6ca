//! Durations, counts and shares, for people.

use std::time::Duration;

/// `90s`, `25m`, `1h 05m`, `1,250h 00m`: the two largest units.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) if duration.subsec_millis() > 0 && rest < 10 => format!("{}ms", duration.as_millis()),
        (0, 0) => format!("{rest}s"),
        (0, _) if rest == 0 => format!("{minutes}m"),
        (0, _) => format!("{minutes}m {rest:02}s"),
        _ => format!("{}h {minutes:02}m", count(hours)),
    }
}

/// `1,250`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(",")
}

/// `48 %`, of a share from 0 to 1; what is neither none nor all does not round to either.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        all if all > 99.0 && all < 100.0 => "> 99 %".to_owned(),
        none if none > 0.0 && none < 1.0 => "< 1 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_shares_are_short() {
        for (seconds, text) in
            [(0, "0s"), (59, "59s"), (90, "1m 30s"), (1500, "25m"), (3900, "1h 05m"), (4_500_000, "1,250h 00m")]
        {
            assert_eq!(duration(Duration::from_secs(seconds)), text);
        }
        assert_eq!(duration(Duration::from_millis(250)), "250ms");
        for (share, text) in [(0.0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.995, "> 99 %"), (1.0, "100 %")] {
            assert_eq!(percent(share), text);
        }
    }
}
