//! Timestamps: the calendar behind Terraform's `formatdate`, `timeadd` and `timecmp`.

const DAY: i64 = 86_400;
const NANOSECONDS: i128 = 1_000_000_000;
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
const WEEKDAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// A moment with the offset it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    nanoseconds: u32,
    /// Seconds east of UTC.
    offset: i64,
}

struct Calendar {
    year: i64,
    month: i64,
    day: i64,
    weekday: usize,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Instant {
    /// Reads an RFC 3339 timestamp: `2026-11-23T12:00:00Z`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| format!("not a valid RFC3339 timestamp: {text:?}"))
    }

    fn read(text: &str) -> Option<Self> {
        let mut rest = text;
        let year = number(&mut rest, 4)?;
        let month = number(after(&mut rest, "-")?, 2)?;
        let day = number(after(&mut rest, "-")?, 2)?;
        let hour = number(after(&mut rest, "T")?, 2)?;
        let minute = number(after(&mut rest, ":")?, 2)?;
        let second = number(after(&mut rest, ":")?, 2)?;
        let nanoseconds = fraction(&mut rest)?;
        let offset = if rest == "Z" {
            0
        } else {
            let sign = if rest.starts_with('-') { -1 } else { 1 };
            rest = rest.strip_prefix(['+', '-'])?;
            let hours = number(&mut rest, 2)?;
            let minutes = number(after(&mut rest, ":")?, 2)?;
            if !rest.is_empty() || hours > 24 || minutes > 59 {
                return None;
            }
            sign * (hours * 3600 + minutes * 60)
        };
        let valid = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        if !valid || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
        Some(Self { seconds, nanoseconds, offset })
    }

    /// The moment that many nanoseconds later.
    pub(super) fn plus(self, nanoseconds: i64) -> Self {
        let total = self.total() + i128::from(nanoseconds);
        let seconds = total.div_euclid(NANOSECONDS) as i64;
        Self { seconds, nanoseconds: total.rem_euclid(NANOSECONDS) as u32, offset: self.offset }
    }

    /// Nanoseconds since 1970: what two moments compare by.
    pub(super) fn total(self) -> i128 {
        i128::from(self.seconds) * NANOSECONDS + i128::from(self.nanoseconds)
    }

    /// The timestamp in RFC 3339 without a fraction.
    pub(super) fn to_rfc3339(self) -> Result<String, String> {
        self.format("YYYY-MM-DD'T'hh:mm:ssZ")
    }

    /// The moment in the form that `formatdate` takes: `"YYYY-MM-DD'T'hh:mm:ssZ"`.
    pub(super) fn format(self, format: &str) -> Result<String, String> {
        let calendar = self.calendar();
        let mut text = String::new();
        let mut rest = format;
        while let Some(first) = rest.chars().next() {
            if first == '\'' {
                rest = quoted(rest, &mut text)?;
                continue;
            }
            let end = rest.find(|next| next != first).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            rest = after;
            if first.is_ascii_alphabetic() {
                text.push_str(&self.token(&calendar, first, token.len())?);
            } else {
                text.push_str(token);
            }
        }
        Ok(text)
    }

    fn token(self, at: &Calendar, letter: char, length: usize) -> Result<String, String> {
        let half_day = if at.hour % 12 == 0 { 12 } else { at.hour % 12 };
        let month =
            usize::try_from(at.month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or("");
        let weekday = WEEKDAYS.get(at.weekday).copied().unwrap_or("");
        let half = if at.hour < 12 { "AM" } else { "PM" };
        Ok(match (letter, length) {
            ('Y', 2) => format!("{:02}", at.year % 100),
            ('Y', 4) => format!("{:04}", at.year),
            ('M', 4) => month.to_owned(),
            ('M', 3) => month.chars().take(3).collect(),
            ('M', 1 | 2) => padded(at.month, length),
            ('D', 1 | 2) => padded(at.day, length),
            ('E', 4) => weekday.to_owned(),
            ('E', 3) => weekday.chars().take(3).collect(),
            ('h', 1 | 2) => padded(at.hour, length),
            ('H', 1 | 2) => padded(half_day, length),
            ('A', 2) => half.to_owned(),
            ('a', 2) => half.to_ascii_lowercase(),
            ('m', 1 | 2) => padded(at.minute, length),
            ('s', 1 | 2) => padded(at.second, length),
            ('Z', 1) if self.offset == 0 => "Z".to_owned(),
            ('Z', 3) if self.offset == 0 => "UTC".to_owned(),
            ('Z', 1 | 5) => self.zone(":"),
            ('Z', 3 | 4) => self.zone(""),
            _ => {
                return Err(format!(
                    "invalid date format verb `{}`",
                    letter.to_string().repeat(length.min(8))
                ));
            }
        })
    }

    fn zone(self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }

    fn calendar(self) -> Calendar {
        let local = self.seconds + self.offset;
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        let weekday = days.rem_euclid(7) as usize;
        Calendar {
            year,
            month,
            day,
            weekday,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }
}

/// A duration such as `1h30m` or `-10s`, in nanoseconds.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    read_duration(text).ok_or_else(|| format!("invalid duration: {text:?}"))
}

fn read_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0i128;
    loop {
        let whole_end = rest.find(|next: char| !next.is_ascii_digit())?;
        let (whole, mut after) = rest.split_at(whole_end);
        let mut fraction = "";
        if let Some(tail) = after.strip_prefix('.') {
            let end = tail.find(|next: char| !next.is_ascii_digit())?;
            (fraction, after) = tail.split_at(end);
        }
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (unit, scale) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
        // What follows a shorter unit must not be the rest of a longer one: `ms` is listed before `m`.
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.get(..).filter(|whole| whole.len() < 20)?.parse().ok()?
        };
        total += whole * scale;
        let fraction = fraction.get(..fraction.len().min(18))?;
        if !fraction.is_empty() {
            total += fraction.parse::<i128>().ok()? * scale / 10i128.pow(fraction.len() as u32);
        }
        if total > i128::from(i64::MAX) {
            return None;
        }
        rest = after.get(unit.len()..)?;
        if rest.is_empty() {
            break;
        }
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", NANOSECONDS),
    ("m", 60 * NANOSECONDS),
    ("h", 3600 * NANOSECONDS),
];

fn padded(number: i64, width: usize) -> String {
    format!("{number:0width$}")
}

fn quoted<'t>(format: &'t str, text: &mut String) -> Result<&'t str, String> {
    let mut rest = format.get(1..).unwrap_or_default();
    loop {
        let (literal, after) = rest.split_once('\'').ok_or("unterminated literal in the date format")?;
        text.push_str(literal);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return Ok(after),
        }
    }
}

fn number(rest: &mut &str, digits: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(digits)?;
    *rest = tail;
    head.bytes().all(|byte| byte.is_ascii_digit()).then(|| head.parse().ok())?
}

fn after<'r, 't>(rest: &'r mut &'t str, separator: &str) -> Option<&'r mut &'t str> {
    *rest = rest.strip_prefix(separator)?;
    Some(rest)
}

fn fraction(rest: &mut &str) -> Option<u32> {
    let Some(tail) = rest.strip_prefix('.') else { return Some(0) };
    let end = tail.find(|next: char| !next.is_ascii_digit()).unwrap_or(tail.len());
    let (digits, after) = tail.split_at(end);
    *rest = after;
    if digits.is_empty() {
        return None;
    }
    format!("{:0<9}", digits.get(..digits.len().min(9))?).parse().ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before March 1st count to the year before, so that the leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str, format: &str) -> Result<String, String> {
        Instant::parse(text)?.format(format)
    }

    #[test]
    fn dates_are_formatted_as_terraform_documents() {
        let at = "2018-01-02T23:12:01Z";
        assert_eq!(format(at, "DD MMM YYYY hh:mm ZZZ").unwrap(), "02 Jan 2018 23:12 UTC");
        assert_eq!(format(at, "EEEE, DD-MMM-YY hh:mm:ss ZZZ").unwrap(), "Tuesday, 02-Jan-18 23:12:01 UTC");
        assert_eq!(format(at, "EEE, DD MMM YYYY hh:mm:ss ZZZZ").unwrap(), "Tue, 02 Jan 2018 23:12:01 +0000");
        assert_eq!(format(at, "h'h'mm''aa'''").unwrap_err(), "unterminated literal in the date format");
        assert!(format(at, "YYY").is_err());
        assert!(format("2018-02-29T00:00:00Z", "YYYY").is_err());
    }

    #[test]
    fn durations_cross_days_and_leap_years() {
        let at = Instant::parse("2024-02-28T23:59:59+02:00").unwrap();
        assert_eq!(at.plus(duration("24h1s").unwrap()).to_rfc3339().unwrap(), "2024-03-01T00:00:00+02:00");
        assert_eq!(at.plus(duration("-1.5h").unwrap()).to_rfc3339().unwrap(), "2024-02-28T22:29:59+02:00");
        for text in ["", "1", "h", "1h ", "--1h", "99999999999h", ".s", "1.h1"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
